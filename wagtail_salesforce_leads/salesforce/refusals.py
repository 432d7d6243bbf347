"""What Salesforce said no to, read from the many shapes its errors come in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .catalogue import ErrorClass, classify
from .ids import is_record_id

# Older versions misspell the first one (recorded from v50 and v60).
DUPLICATE_KEYS = ("duplicateResut", "duplicateResult")


@dataclass(frozen=True)
class DuplicateMatches:
    """What a duplicate rule matched: how many records, and the ids of those the user may see."""

    count: int
    record_ids: tuple[str, ...]
    #: The rule lets a record through that is sent with ``allowSave=true``.
    can_be_saved: bool


@dataclass(frozen=True)
class Refusal:
    """One error of Salesforce.

    ``message`` quotes what the visitor typed: for permitted staff only, so no repr shows it.
    """

    code: str
    message: str = field(default="", repr=False)
    fields: tuple[str, ...] = ()
    http_status: int | None = None
    matches: DuplicateMatches | None = None

    @property
    def error_class(self) -> ErrorClass:
        return classify(self.code, self.message, self.http_status)

    def names(self, api_name: str) -> bool:
        """Whether it is about that field. A unique field's refusal often says so in words only."""
        # Submission_Id__c is no part of Old_Submission_Id__c.
        whole = rf"(?<!\w){re.escape(api_name)}(?!\w)"
        named = api_name in self.fields or re.search(whole, self.message)
        return bool(api_name and named)


def parse_refusals(body: Any, http_status: int | None = None) -> tuple[Refusal, ...]:
    """The refusals in an answer's body, whatever its shape; none for HTML, text or nothing.

    Known shapes: a list of ``{message, errorCode, fields?}``, one such object, items of collections
    with ``statusCode``, the token endpoint's ``{error, error_description}``, a list of URLs (300).
    """
    items = body if isinstance(body, list) else [body]
    return tuple(
        _refusal(item, http_status) for item in items if isinstance(item, dict) and _code(item)
    )


def _code(item: dict[str, Any]) -> str:
    found = item.get("errorCode") or item.get("statusCode") or item.get("error")
    return found if isinstance(found, str) else ""


def _refusal(item: dict[str, Any], http_status: int | None) -> Refusal:
    message = item.get("message") or item.get("error_description")
    return Refusal(
        code=_code(item),
        message=message if isinstance(message, str) else "",
        fields=tuple(name for name in _list(item.get("fields")) if isinstance(name, str)),
        http_status=http_status,
        matches=_matches(item),
    )


def _matches(item: dict[str, Any]) -> DuplicateMatches | None:
    found = next((item[key] for key in DUPLICATE_KEYS if isinstance(item.get(key), dict)), None)
    if found is None:
        return None
    results = [entry for entry in _list(found.get("matchResults")) if isinstance(entry, dict)]
    ids = tuple(dict.fromkeys(_matched_ids(results)))
    sizes = sum(entry["size"] for entry in results if isinstance(entry.get("size"), int))
    return DuplicateMatches(max(sizes, len(ids)), ids, found.get("allowSave") is True)


def _matched_ids(results: Iterable[dict[str, Any]]) -> Iterable[str]:
    for result in results:
        for match in _list(result.get("matchRecords")):
            record = match.get("record") if isinstance(match, dict) else None
            if isinstance(record, dict) and is_record_id(record.get("Id")):
                yield record["Id"]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
