"""Choices and other lists, typed one a line."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_salesforce_leads.submitting.values import TRUTH, lookalike

Choice = dict[str, str]

#: Between what visitors read and what is stored; ``\|`` is a bar in either.
SEPARATOR = re.compile(r"(?<!\\)\|")


class LinesBlock(blocks.FieldBlock):
    """A list of texts, one a line."""

    def __init__(self, help_text=None, **kwargs):
        self.field = forms.CharField(
            required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3})
        )
        super().__init__(**kwargs)

    def value_from_form(self, value: str | list) -> list:
        if not isinstance(value, str):
            return value
        return [self.parse(line) for line in map(str.strip, value.splitlines()) if line]

    def value_for_form(self, value: list | None) -> str:
        return "\n".join(self.format(item) for item in value or [])

    def clean(self, value: list) -> list:
        return value

    def normalize(self, value: list | None) -> list:
        return list(value or [])

    def parse(self, line: str):
        return line

    def format(self, item) -> str:
        return item


class ChoicesBlock(LinesBlock):
    """A list of ``{"value", "label"}``. A line is the label, or ``label | value``."""

    def __init__(self, **kwargs):
        super().__init__(
            help_text=_(
                "One choice a line. To store another value than visitors read: label | value."
            ),
            **kwargs,
        )
        self.field.widget.attrs["data-wsl-field"] = "choices"

    def parse(self, line: str) -> Choice:
        label, *value = (part.strip() for part in SEPARATOR.split(line, maxsplit=1))
        label, value = unescape(label), unescape(value[0]) if value else ""
        return {"value": value or label, "label": label or value}

    def format(self, item: Choice) -> str:
        label, value = escape(item["label"]), escape(item["value"])
        return label if label == value else f"{label} | {value}"

    def get_searchable_content(self, value: list[Choice]) -> list[str]:
        return [choice["label"] for choice in value or []]

    def get_translatable_segments(self, value: list[Choice]) -> list:
        """For wagtail-localize, which alone calls it: the labels, known by their values. A label
        that says true or false is what is sent."""
        from wagtail_localize.segments import StringSegmentValue

        return [
            StringSegmentValue(choice["value"], choice["label"])
            for choice in value or []
            if lookalike(choice["label"]) not in TRUTH
        ]

    def restore_translated_segments(self, value: list[Choice], segments: list) -> list[Choice]:
        labels = {segment.path: segment.render_text() for segment in segments}
        return [
            {**choice, "label": labels.get(choice["value"], choice["label"])} for choice in value
        ]


def escape(text: str) -> str:
    return text.replace("|", r"\|")


def unescape(text: str) -> str:
    return text.replace(r"\|", "|")
