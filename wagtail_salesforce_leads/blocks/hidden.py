"""What a form remembers and no editor types: the keys of its fields and its public key."""

from __future__ import annotations

from django import forms
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.field_block import FieldBlockAdapter

from .media import editor_media
from .translating import SameInEachLanguage


class HiddenBlock(SameInEachLanguage, blocks.CharBlock):
    """A text without a label, an input or a place in the search index."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=64, search_index=False, **kwargs)
        self.field.widget = forms.HiddenInput()


class KeyBlock(HiddenBlock):
    """A field's key: made in the browser when the field is added or duplicated, then kept."""


class HiddenBlockAdapter(FieldBlockAdapter):
    js_constructor = "wagtail_salesforce_leads.blocks.HiddenBlock"

    @cached_property
    def media(self):
        return super().media + editor_media("hidden_block.js")


class KeyBlockAdapter(HiddenBlockAdapter):
    js_constructor = "wagtail_salesforce_leads.blocks.KeyBlock"


register(HiddenBlockAdapter(), HiddenBlock)
register(KeyBlockAdapter(), KeyBlock)
