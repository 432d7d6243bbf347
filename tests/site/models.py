"""Every place where a form can stand: in pages, nested, in lists, in snippets, and classic ones."""

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractFormField
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    Page,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.snippets.models import register_snippet

from wagtail_salesforce_leads.blocks import LeadFormBlock
from wagtail_salesforce_leads.panels import SalesforceFormMixin, SalesforceIntegrationPanel


class SectionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(required=False)
    content = blocks.StreamBlock(
        [("lead_form", LeadFormBlock()), ("text", blocks.CharBlock())], required=False
    )


class LandingPage(Page):
    body = StreamField(
        [
            ("text", blocks.CharBlock()),
            ("lead_form", LeadFormBlock()),
            ("section", SectionBlock()),
            ("forms", blocks.ListBlock(LeadFormBlock())),
        ],
        blank=True,
    )
    notice = models.ForeignKey(
        "Notice", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("notice")]


@register_snippet
class Notice(models.Model):
    """A snippet without drafts: what is saved is live."""

    name = models.CharField(max_length=100)
    body = StreamField([("lead_form", LeadFormBlock())], blank=True)

    panels = [FieldPanel("name"), FieldPanel("body")]

    def __str__(self) -> str:
        return self.name


@register_snippet
class Offer(WorkflowMixin, DraftStateMixin, RevisionMixin, models.Model):
    """A snippet with drafts and workflows."""

    name = models.CharField(max_length=100)
    body = StreamField([("lead_form", LeadFormBlock())], blank=True)

    panels = [FieldPanel("name"), FieldPanel("body")]

    def __str__(self) -> str:
        return self.name


@register_snippet
class Leaflet(TranslatableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """A snippet in several languages."""

    name = models.CharField(max_length=100)
    body = StreamField([("lead_form", LeadFormBlock())], blank=True)

    panels = [FieldPanel("name"), FieldPanel("body")]

    class Meta(TranslatableMixin.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class ContactField(AbstractFormField):
    page = ParentalKey("ContactPage", on_delete=models.CASCADE, related_name="form_fields")


class ContactPage(SalesforceFormMixin, AbstractEmailForm):
    """A classic form page of wagtail.contrib.forms."""

    content_panels = [
        *AbstractEmailForm.content_panels,
        InlinePanel("form_fields", label="Form fields"),
        FieldPanel("to_address"),
        FieldPanel("from_address"),
        FieldPanel("subject"),
        SalesforceIntegrationPanel(),
    ]
