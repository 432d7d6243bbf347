"""Which answer, constant or fact about the visit fills which Lead property."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.field_block import FieldBlockAdapter

from .media import editor_media
from .widgets import PropertyMappingWidget

#: {"source": "field" | "constant" | "context", "value": …, "property": …, "inverted": bool}
Row = dict[str, str | bool]

SOURCES = ("field", "constant", "context")


class MappingErrors(ValidationError):
    """Errors of single rows, by row index, beside those of the whole table."""

    def __init__(self, row_errors: dict[int, list[str]], messages: list[str]):
        self.row_errors = row_errors
        super().__init__([*messages, *(text for texts in row_errors.values() for text in texts)])
        self.table_messages = messages

    def as_json_data(self) -> dict:
        """What the editor's table shows: each message at its row."""
        return {"messages": self.table_messages, "rowErrors": self.row_errors}


class PropertyMappingBlock(blocks.FieldBlock):
    """A list of rows; a property that no row names is not filled."""

    def __init__(self, **kwargs):
        self.field = forms.CharField(required=False, widget=PropertyMappingWidget())
        super().__init__(**kwargs)

    def value_from_form(self, value: str | list[Row]) -> list[Row]:
        return parse(value) if isinstance(value, str) else value

    def value_for_form(self, value: list[Row]) -> str:
        return json.dumps(value or [], ensure_ascii=False)

    def clean(self, value: list[Row]) -> list[Row]:
        return value

    def normalize(self, value: list[Row] | None) -> list[Row]:
        return list(value or [])


def parse(text: str) -> list[Row]:
    """The rows of what the browser sent."""
    try:
        return tidy_rows(json.loads(text or "[]"))
    except ValueError:
        return []


def tidy_rows(rows: Any) -> list[Row]:
    """Rows with all that a row has and nothing else; whatever is not a row is left out."""
    if not isinstance(rows, list):
        return []
    return [_tidy(row) for row in rows if isinstance(row, dict) and row.get("source") in SOURCES]


def _tidy(row: dict) -> Row:
    return {
        "source": row["source"],
        "value": str(row.get("value") or ""),
        "property": str(row.get("property") or ""),
        "inverted": row.get("inverted") is True,
    }


class PropertyMappingBlockAdapter(FieldBlockAdapter):
    js_constructor = "wagtail_salesforce_leads.blocks.PropertyMappingBlock"

    @cached_property
    def media(self):
        return super().media + editor_media("mapping_block.js")


register(PropertyMappingBlockAdapter(), PropertyMappingBlock)
