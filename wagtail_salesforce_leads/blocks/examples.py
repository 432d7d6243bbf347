"""Answers as a visitor might give them, for trying a form out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from wagtail_salesforce_leads.submitting.values import CHOICE_TYPES, SEVERAL_CHOICES

Json = dict[str, Any]


def example_answers(fields: Iterable[Mapping[str, Any]], specs: Mapping[str, Json]) -> Json:
    """Field key -> an answer. ``specs``: field key -> the property it is mapped to, as a dict."""
    return {field["key"]: example_answer(field, specs.get(field["key"])) for field in fields}


def example_answer(field: Mapping[str, Any], spec: Json | None) -> Any:
    """What the field's type and property allow: the first choice, a number, a test's name."""
    values = [choice["value"] for choice in field.get("choices", ())]
    if field["type"] in SEVERAL_CHOICES:
        return values[:1]
    if field["type"] in CHOICE_TYPES:
        return values[0] if values else ""
    if field["type"] in {"checkbox", "consent"}:
        return True
    if field["type"] == "hidden":
        return field.get("default", "")
    return _shortened(_text(field, spec), spec)


def _text(field: Mapping[str, Any], spec: Json | None) -> str:
    """What the property asks for, else what the field's type is for."""
    examples = {
        "email": "test@example.com",
        "phone": "03-0000-0000",
        "url": "https://www.example.com/",
        "number": "1",
        "date": date.today().isoformat(),
        "Company": _("Test company"),
        "PostalCode": "100-0001",
    }
    asked = (spec["type"], spec["name"]) if spec else ()
    return next((examples[each] for each in (*asked, field["type"]) if each in examples), _("Test"))


def _shortened(text: str, spec: Json | None) -> str:
    return text[: spec["max_length"]] if spec and spec["max_length"] else text


def example_context(names: Iterable[str]) -> dict[str, str]:
    """Context name -> text."""
    addresses = {"page_url": "https://www.example.com/", "referrer": "https://www.example.org/"}
    return {name: addresses.get(name) or _("Test") for name in names}
