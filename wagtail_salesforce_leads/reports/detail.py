"""One submission: its answers, what was sent, what happened, and what can be done."""

from __future__ import annotations

from django.contrib.admin.utils import quote
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from wagtail_salesforce_leads.delivery import resend
from wagtail_salesforce_leads.models import Delivery, LeadSubmission

from .actions import actions_for
from .answers import answer_rows
from .history import history_of
from .log_entries import RESEND
from .results import result_of
from .visible import submissions_for

State = Delivery.State


def next_path(request) -> str:
    """The path that ``next`` names, "" where it names none.

    Wagtail also lets a bare word pass, which its ``redirect`` takes for the name of a view.
    """
    address = get_valid_next_url_from_request(request)
    return address if address.startswith("/") else ""


class OneSubmission:
    """Finds the submission among those the user may see; anything else is a 404."""

    @cached_property
    def submission(self) -> LeadSubmission:
        return get_object_or_404(submissions_for(self.request.user), pk=self.kwargs["pk"])

    @property
    def delivery(self) -> Delivery | None:
        return self.submission.current

    @property
    def sent(self) -> Delivery:
        """The delivery of one that was sent; a 404 where sync was off."""
        if self.delivery is None:
            raise Http404
        return self.delivery

    @property
    def detail_url(self) -> str:
        return reverse("wagtail_salesforce_leads_reports:detail", args=[quote(self.submission.pk)])


class SubmissionScreen(OneSubmission, WagtailAdminTemplateMixin, TemplateView):
    """The screen of one submission, and those that are below it."""

    def get_page_subtitle(self) -> str:
        return self.submission.who or str(self.submission.pk)

    def get_breadcrumbs_items(self):
        listing = reverse("wagtail_salesforce_leads_reports:index")
        return [
            *self.breadcrumbs_items,
            {"url": listing, "label": _("Lead submissions")},
            {"url": self.detail_url, "label": self.get_page_subtitle()},
            {"url": "", "label": self.page_title},
        ]


class SubmissionView(SubmissionScreen):
    template_name = "wagtail_salesforce_leads/reports/submission.html"
    header_icon = "salesforce"
    page_title = gettext_lazy("Lead submission")

    def get_breadcrumbs_items(self):
        *above, one, _this = super().get_breadcrumbs_items()
        return [*above, {**one, "url": ""}]

    def get_context_data(self, **kwargs):
        delivery = self.delivery
        return super().get_context_data(
            submission=self.submission,
            delivery=delivery,
            result=result_of(self.submission),
            rows=answer_rows(self.submission, delivery),
            history=history_of(delivery, self.submission.submitted_at) if delivery else [],
            earlier=self.submission.deliveries.filter(is_current=False).order_by("pk"),
            actions=actions_for(delivery),
            may_delete=may_delete(self.request.user),
            **kwargs,
        )


def may_delete(user) -> bool:
    return user.has_perm("wagtail_salesforce_leads.delete_leadsubmission")


class ResendView(OneSubmission, View):
    """Puts the delivery back to due, as it was or with today's mapping; looks up an unknown one."""

    http_method_names = ["post"]

    def post(self, request, pk):
        mapping = resend.TODAY if request.POST.get("mapping") == "today" else resend.AS_IT_WAS
        looks_up = resend.only_looks_up(self.sent)
        try:
            resend.resend(self.sent, mapping=mapping)
        except resend.ResendRefused as refusal:
            messages.error(request, refusal.words)
        else:
            log(self.submission, RESEND)
            words = _("The lead is looked up.") if looks_up else _("The lead goes out again.")
            messages.success(request, words)
        return redirect(next_path(request) or self.detail_url)


class SendAsNewView(SubmissionScreen):
    """Asks first, naming the lead that exists already; then sends another one."""

    template_name = "wagtail_salesforce_leads/reports/send_as_new.html"
    page_title = gettext_lazy("Send as a new lead")
    header_icon = "salesforce"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            submission=self.submission, delivery=self.sent, cancel_url=self.detail_url, **kwargs
        )

    def post(self, request, pk):
        try:
            resend.send_as_new(self.sent)
        except resend.ResendRefused as refusal:
            messages.error(request, refusal.words)
        else:
            log(self.submission, "wagtail_salesforce_leads.send_as_new")
            messages.success(request, _("A new lead goes out."))
        return redirect(self.detail_url)


class DeleteView(SubmissionScreen):
    """Deletes answers, delivery and attempts; what is at Salesforce stays there."""

    template_name = "wagtail_salesforce_leads/reports/delete.html"
    page_title = gettext_lazy("Delete submission")
    header_icon = "bin"

    def dispatch(self, request, *args, **kwargs):
        if not may_delete(request.user):
            messages.error(request, _("You may not delete submissions."))
            return redirect(self.detail_url)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            submission=self.submission, cancel_url=self.detail_url, **kwargs
        )

    def post(self, request, pk):
        log(self.submission, "wagtail.delete")
        self.submission.delete()
        messages.success(request, _("The submission was deleted."))
        return redirect("wagtail_salesforce_leads_reports:index")
