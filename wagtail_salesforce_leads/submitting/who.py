"""Who sent a submission, in one line for listings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .text import clean_line

Row = Mapping[str, Any]

#: Family names stand first where names are written in these scripts.
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
AUTOCOMPLETE = {
    "family-name": "LastName",
    "given-name": "FirstName",
    "name": "LastName",
    "email": "Email",
}
LONGEST = 255


def who(fields: Sequence[Row], mapping: Sequence[Row], answers: Mapping[str, Any]) -> str:
    """Name and e-mail address by mapping, else by autocomplete and type, else the first texts."""
    found = _by_property(mapping, answers)
    for field in fields:
        name = "Email" if field["type"] == "email" else AUTOCOMPLETE.get(_autocomplete(field))
        if name:
            found.setdefault(name, answers.get(field["key"], ""))
    parts = [*_in_order(found.get("FirstName"), found.get("LastName")), found.get("Email")]
    return _one_line(parts) or _one_line(_first_texts(fields, answers))


def _by_property(mapping: Sequence[Row], answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        row["property"]: answers[row["value"]]
        for row in mapping
        if row["source"] == "field"
        and row["property"] in AUTOCOMPLETE.values()
        and answers.get(row["value"])
    }


def _autocomplete(field: Row) -> str:
    return (field.get("autocomplete") or "").rpartition(" ")[2]


def _in_order(first: Any, last: Any) -> list[Any]:
    return [last, first] if EAST_ASIAN.search(f"{first or ''}{last or ''}") else [first, last]


def _first_texts(fields: Sequence[Row], answers: Mapping[str, Any]) -> list[Any]:
    texts = (answers.get(field["key"]) for field in fields if field["type"] != "hidden")
    return [text for text in texts if isinstance(text, str) and text][:2]


def _one_line(parts: Iterable[Any]) -> str:
    return clean_line(" ".join(part for part in parts if isinstance(part, str)), LONGEST)
