"""The one page type of the sandbox: a landing page whose sections may hold lead forms."""

from __future__ import annotations

from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from wagtail_salesforce_leads.blocks import LeadFormBlock


class PointsBlock(blocks.StructBlock):
    heading = blocks.CharBlock()
    points = blocks.ListBlock(
        blocks.StructBlock([("title", blocks.CharBlock()), ("text", blocks.TextBlock())])
    )

    class Meta:
        icon = "list-ul"
        template = "home/blocks/points.html"


class LandingPage(Page):
    intro = StreamField(
        [("headline", blocks.CharBlock()), ("lead", blocks.TextBlock())], blank=True
    )
    body = StreamField(
        [
            ("heading", blocks.CharBlock(form_classname="title", icon="title")),
            ("text", blocks.RichTextBlock(icon="pilcrow")),
            ("points", PointsBlock()),
            ("lead_form", LeadFormBlock()),
        ],
        blank=True,
    )

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
