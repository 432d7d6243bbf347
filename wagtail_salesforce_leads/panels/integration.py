"""The Salesforce integration for classic form pages, those of wagtail.contrib.forms::

    class ContactPage(SalesforceFormMixin, AbstractEmailForm):
        content_panels = [
            *AbstractEmailForm.content_panels,
            InlinePanel("form_fields"),
            SalesforceIntegrationPanel(),
        ]

The same settings, checks, mapping and delivery as ``LeadFormBlock`` has. Nothing else of the page
changes: its submissions stay where they are, and its mails are sent once they are stored.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django import forms
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from wagtail_salesforce_leads.blocks.media import editor_media, form_media
from wagtail_salesforce_leads.blocks.salesforce import SalesforceIntegrationBlock
from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion, LeadSubmission
from wagtail_salesforce_leads.publishing.compile import compile_source
from wagtail_salesforce_leads.publishing.contents import FormHolder
from wagtail_salesforce_leads.publishing.definition import FormContent
from wagtail_salesforce_leads.submitting.context import context_of
from wagtail_salesforce_leads.submitting.origin import own_path
from wagtail_salesforce_leads.submitting.sources import Source
from wagtail_salesforce_leads.submitting.store import store
from wagtail_salesforce_leads.submitting.visits import Visit

from .classic_forms import FIELD_TYPES, answers_of, content_of_page, tell_refusals
from .page_form import FORM_FIELDS, INTEGRATION, SalesforceFormPageForm


class IntegrationBlock(SalesforceIntegrationBlock):
    """The one block of :class:`SalesforceFormMixin`'s stream; one reference in migrations."""

    def deconstruct(self):
        path = "wagtail_salesforce_leads.panels.IntegrationBlock"
        return path, [], self._constructor_kwargs

    def deconstruct_with_lookup(self, lookup):
        return self.deconstruct()

    @classmethod
    def construct_from_lookup(cls, lookup, *args, **kwargs):
        return cls(*args, **kwargs)


class PageVisit(Visit):
    """A visit whose form posts to its own page: the referrer is this page, as it was opened."""

    @cached_property
    def came_from(self) -> str:
        return own_path(self.request, self.request.headers.get("Referer", ""))


class SalesforceFormMixin(FormHolder):
    """Put before ``AbstractForm`` or ``AbstractEmailForm``: its submissions become leads."""

    salesforce = StreamField(
        [("integration", IntegrationBlock())],
        blank=True,
        max_num=1,
        default=[("integration", {})],
        verbose_name=_("Salesforce integration"),
    )

    base_form_class = SalesforceFormPageForm
    lead_form_columns = (INTEGRATION,)

    #: Where the visitor came from; set while a request is served.
    _lead_context: dict[str, str] | None = None

    class Meta:
        abstract = True

    def lead_form_content(self) -> FormContent:
        salesforce = self.salesforce[0].value if self.salesforce else {}
        return content_of_page(self.get_form_fields(), salesforce)

    def get_form_class(self) -> type[forms.Form]:
        """Wagtail's form, which also tells visitors what Salesforce would refuse."""
        page = self

        class CheckedForm(super().get_form_class()):
            def clean(self) -> dict[str, Any]:
                cleaned = super().clean()
                if version := page._version():
                    tell_refusals(self, version)
                return cleaned

        return CheckedForm

    # Answers stay out of the mail that Django sends to ADMINS about an error.
    @method_decorator(sensitive_post_parameters())
    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            visit = PageVisit(request, LeadForm(), Source(self, self), request.POST)
            self._lead_context = context_of(visit)
        return super().serve(request, *args, **kwargs)

    def process_form_submission(self, form: Any) -> models.Model:
        """Store Wagtail's submission and ours, with its delivery: both or neither."""
        with transaction.atomic():
            submission = super().process_form_submission(form)
            version = self._version()
            if version and version.sync:
                self._store_lead(version, form.cleaned_data, submission)
        return submission

    def send_mail(self, form: Any) -> Any:
        """Once the answers are stored: a mail cannot be taken back, nor may it lose them."""
        transaction.on_commit(partial(super().send_mail, form), robust=True)

    def get_submissions_list_view_class(self) -> type:
        """Wagtail's list with the result at Salesforce as a last column."""
        # Cannot be imported while models load: Wagtail 8.0 resolves its page model there.
        from .submissions import with_result_column

        return with_result_column(super().get_submissions_list_view_class())

    def _version(self) -> LeadFormVersion | None:
        """None for a page that was never live: no visitor submits it."""
        form = (
            LeadForm.objects.of_source(self)
            .filter(block_id="", current_version__isnull=False)
            .select_related("current_version__org")
            .first()
        )
        form = form or next((form for form in compile_source(self) if not form.block_id), None)
        if form is None:
            return None
        form.current_version.form = form
        return form.current_version

    def _store_lead(
        self, version: LeadFormVersion, cleaned_data: dict, submission: models.Model | None
    ) -> LeadSubmission:
        keys = [field["key"] for field in version.fields]
        return store(
            version,
            answers_of(cleaned_data, keys),
            self._lead_context or {"page_title": self.title},
            source=(self._meta.label_lower, str(self.pk)),
            # A site's own page class may keep no submission.
            form_submission_id=getattr(submission, "pk", None),
        )


class SalesforceIntegrationPanel(MultiFieldPanel):
    """The integration's settings, with a mapping table that follows the page's form fields."""

    def __init__(self, children: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(children or [FieldPanel(INTEGRATION)], *args, **kwargs)

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "wagtail_salesforce_leads/editor/classic_form.html"

        @property
        def media(self) -> forms.Media:
            return super().media + form_media() + editor_media("editor.css")

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            page = self.instance
            fields = page.get_form_fields()
            return {
                **super().get_context_data(parent_context),
                "relation": FORM_FIELDS,
                "names": json.dumps({field.pk: field.clean_name for field in fields if field.pk}),
                "types": json.dumps(FIELD_TYPES),
                "form": LeadForm.objects.of_source(page).filter(block_id="").first(),
            }
