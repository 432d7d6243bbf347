"""Reads a form block's value as plain data: what visitors answer, how it is mapped, where it goes.

Pure, and knows no block class, so that blocks can use it when they validate themselves. Values
built in code may lack any key: ``StructBlock.normalize`` fills no defaults.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Integration:
    """Where submissions go. ``account`` is the pk of a SalesforceOrg as text, "" for none."""

    sync: bool = False
    account: str = ""
    campaign_id: str = ""
    campaign_name: str = ""
    lead_status: str = ""
    lead_source: str = ""


@dataclass(frozen=True)
class FormContent:
    """A form as one value. ``mapping`` rows are {"source", "value", "property", "inverted"}."""

    definition: Json
    mapping: list[Json] = field(default_factory=list)
    integration: Integration = field(default_factory=Integration)

    @property
    def fields(self) -> list[Json]:
        return self.definition["fields"]

    def field_by_key(self, key: str) -> Json | None:
        return next((field for field in self.fields if field["key"] == key), None)


def content_of(value: Mapping[str, Any]) -> FormContent:
    """The content of a LeadFormBlock's value."""
    salesforce = value.get("salesforce") or {}
    return FormContent(definition_of(value), mapping_of(salesforce), integration_of(salesforce))


def definition_of(value: Mapping[str, Any]) -> Json:
    """What a visitor sees, before the mapped properties' limits are added to the fields."""
    thank_you_page = value.get("thank_you_page")
    return {
        "title": value.get("title") or "",
        "fields": [field_of(child) for child in value.get("fields") or ()],
        "submit_label": value.get("submit_label") or "",
        "success_message": _text(value.get("success_message")),
        "thank_you_page": getattr(thank_you_page, "pk", thank_you_page),
    }


def field_of(child: Any) -> Json:
    """One field, from the stream child that holds its block and its value.

    A developer's own block may say all of it by ``field_definition(value)``, or only which of the
    known types it behaves like by ``field_type``.
    """
    if describe := getattr(child.block, "field_definition", None):
        return {"limits": {}, **describe(child.value)}
    value = child.value
    return {
        "key": value.get("key") or "",
        "type": getattr(child.block, "field_type", "") or child.block_type,
        "label": value.get("label") or "",
        "help_text": _text(value.get("help_text")),
        "required": bool(value.get("required")),
        "default": _default(value.get("default")),
        "placeholder": value.get("placeholder") or "",
        "autocomplete": value.get("autocomplete") or "",
        "choices": choices_of(value.get("choices")),
        "limits": {},
    }


def choices_of(choices: str | Iterable[Any] | None) -> list[Json]:
    """Choices as {"value", "label"}; plain text has one choice a line."""
    if isinstance(choices, str):
        choices = [line.strip() for line in choices.splitlines() if line.strip()]
    return [_choice(choice) for choice in choices or ()]


def integration_of(salesforce: Mapping[str, Any]) -> Integration:
    """The settings in a SalesforceIntegrationBlock's value."""
    campaign = _campaign(salesforce.get("campaign"))
    return Integration(
        sync=bool(salesforce.get("sync")),
        account=str(salesforce.get("account") or ""),
        campaign_id=str(campaign.get("id") or ""),
        campaign_name=str(campaign.get("name") or ""),
        lead_status=salesforce.get("lead_status") or "",
        lead_source=salesforce.get("lead_source") or "",
    )


def mapping_of(salesforce: Mapping[str, Any]) -> list[Json]:
    """The mapping rows as the editor left them, unfinished ones included."""
    return [
        {
            "source": row.get("source") or "",
            "value": row.get("value") or "",
            "property": row.get("property") or "",
            "inverted": bool(row.get("inverted")),
        }
        for row in salesforce.get("mapping") or ()
    ]


def _text(value: Any) -> str:
    """Rich text is kept as its source."""
    return str(getattr(value, "source", value) or "")


def _default(value: Any) -> str | bool | list[str]:
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    return "" if value is None else str(value)


def _choice(choice: Any) -> Json:
    if isinstance(choice, Mapping):
        value = choice.get("value") or choice.get("label") or ""
        return {"value": str(value), "label": str(choice.get("label") or value)}
    return {"value": str(choice), "label": str(choice)}


def _campaign(stored: Any) -> Mapping[str, Any]:
    if isinstance(stored, str) and stored:
        try:
            stored = json.loads(stored)
        except ValueError:
            return {}
    return stored if isinstance(stored, Mapping) else {}
