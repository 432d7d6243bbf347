"""Widgets of the integration panel. Their choices come from the server while one edits.

A plain ``<select>`` would lose a stored value that is not among its options; these keep it.
"""

from __future__ import annotations

import json

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter

from .fields import LeadFieldsBlock
from .media import editor_media
from .words import CAMPAIGN, MAPPING, TRIAL, Words


def as_json(words: Words) -> str:
    """Words for a script's data attribute, in the reader's language."""
    return json.dumps(words, cls=DjangoJSONEncoder, ensure_ascii=False)


class EditorWidget(forms.Widget):
    """A template with one named input, and an element marked ``data-wsl-control`` to focus."""

    def __init__(self, template_name: str):
        super().__init__()
        self.template_name = f"wagtail_salesforce_leads/editor/{template_name}"


class RemoteSelect(EditorWidget):
    """A select that the integration's script fills: its target there, and what a choice does."""

    def __init__(self, target: str, empty_label: str, action: str = ""):
        super().__init__("select.html")
        self.details = {"target": target, "empty_label": empty_label, "action": action}

    def get_context(self, name, value, attrs):
        return {**super().get_context(name, value, attrs), **self.details}


class CampaignWidget(EditorWidget):
    """A search field for campaigns. The value is JSON: ``{"id": …, "name": …}``, or empty."""

    def __init__(self):
        super().__init__("campaign.html")

    def get_context(self, name, value, attrs):
        url = reverse("wagtail_salesforce_leads_editor:campaigns")
        context = super().get_context(name, value, attrs)
        return {**context, "url": url, "words": as_json(CAMPAIGN)}

    @property
    def media(self):
        return editor_media("salesforce.js", "listbox.js", "campaign_controller.js")


class PropertyMappingWidget(EditorWidget):
    """The rows as JSON in one hidden input, and the table that a script draws beside it.

    What the table cannot offer, such as a property that is gone, stays in the input.
    """

    def __init__(self):
        super().__init__("mapping.html")

    def get_context(self, name, value, attrs):
        words = {**MAPPING, "types": field_type_labels()}
        urls = {
            "dryRun": reverse("wagtail_salesforce_leads_editor:dry_run"),
            "testLead": reverse("wagtail_salesforce_leads_editor:test_lead"),
        }
        return {
            **super().get_context(name, value, attrs),
            "words": as_json(words),
            "trial_urls": as_json(urls),
            "trial_words": as_json(TRIAL),
        }

    @property
    def media(self):
        return editor_media(
            "salesforce.js",
            "choices.js",
            "suggest.js",
            "property_select.js",
            "mapping_rows.js",
            "mapping_notes.js",
            "mapping_row.js",
            "mapping_controller.js",
            "trial_controller.js",
        )


def field_type_labels() -> dict[str, str]:
    """Field type -> what the block picker calls it."""
    return {name: str(block.label) for name, block in LeadFieldsBlock.base_blocks.items()}


class EditorWidgetAdapter(WidgetAdapter):
    js_constructor = "wagtail_salesforce_leads.widgets.EditorWidget"

    @cached_property
    def media(self):
        return super().media + editor_media("widget.js")


register(EditorWidgetAdapter(), EditorWidget)
