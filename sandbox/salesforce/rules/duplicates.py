"""Duplicate rules: what they match, and when `allowSave` counts (contract 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import Refusal

if TYPE_CHECKING:
    from ..org import Org
    from ..records.saving import Manner
    from ..records.store import Row

SPELLED_WRONG_BEFORE = 52


@dataclass(frozen=True)
class DuplicateRule:
    """`action`: "allow" (silent), "alert" (`allowSave` overrides it), "block" (nothing does)."""

    name: str = "Standard_Lead_Duplicate_Rule"
    action: str = "alert"
    fields: tuple[str, ...] = ("Email",)
    message: str = "Use one of these records?"
    is_active: bool = True
    matches: tuple[str, ...] = ("Lead", "Contact")

    def found(self, org: Org, row: Row) -> list[tuple[str, Row]]:
        """Matching records as (object, row), none unless every field has a value."""
        wanted = [str(row[name]).lower() for name in self.fields if row.get(name)]
        if len(wanted) < len(self.fields):
            return []
        return [
            (name, other)
            for name in self.matches
            for other in candidates(org, name, self.fields, row)
            if [str(other.get(field, "")).lower() for field in self.fields] == wanted
        ]


def candidates(org: Org, object_name: str, fields: tuple[str, ...], row: Row) -> list[Row]:
    """Rows worth comparing: by an index where one of the fields has one."""
    table = org.store.tables[object_name]
    for field in fields:
        if field in table.indexes:
            found = org.store.find(object_name, field, row[field])
            break
    else:
        found = [each for each in table.rows.values() if not each.get("IsDeleted")]
    return [each for each in found if each["Id"] != row.get("Id") and not each.get("IsConverted")]


def check(org: Org, row: Row, manner: Manner, touched: Iterable[str] | None = None) -> None:
    """Raises Refusal DUPLICATES_DETECTED unless the caller may save, and says so.

    A change is checked only where it touches a field that the rule compares.
    """
    for rule in org.duplicate_rules:
        if not rule.is_active or rule.action == "allow":
            continue
        if touched is not None and not set(rule.fields) & set(touched):
            continue
        if rule.action == "alert" and manner.allow_save:
            continue
        if found := rule.found(org, row):
            raise refusal(org, rule, found, manner)


def refusal(org: Org, rule: DuplicateRule, found: list[tuple[str, Row]], manner: Manner) -> Refusal:
    if org.switches.hide_duplicates:
        found = [(name, row) for name, row in found if org.sees(manner.user, name, row)]
    result = {
        "allowSave": rule.action == "alert",
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": "Lead",
        "errorMessage": rule.message,
        "matchResults": [
            match_result(rule, name, [r for n, r in found if n == name], manner)
            for name in rule.matches
            if any(n == name for n, _ in found)
        ],
    }
    return Refusal(
        "DUPLICATES_DETECTED", rule.message, extra={result_key(org, manner.version): result}
    )


def result_key(org: Org, version: str) -> str:
    if org.switches.duplicate_key != "by version":
        return org.switches.duplicate_key
    is_old = float(version) < SPELLED_WRONG_BEFORE
    return "duplicateResut" if is_old else "duplicateResult"


def match_result(rule: DuplicateRule, name: str, rows: list[Row], manner: Manner) -> dict:
    return {
        "entityType": name,
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": [match_record(rule, name, row, manner) for row in rows],
        "rule": f"Standard_{name}_Match_Rule_v1_0",
        "size": len(rows),
        "success": True,
    }


def match_record(rule: DuplicateRule, name: str, row: Row, manner: Manner) -> dict[str, Any]:
    url = f"/services/data/v{manner.version}/sobjects/{name}/{row['Id']}"
    record: dict[str, Any] = {"attributes": {"type": name, "url": url}, "Id": row["Id"]}
    if manner.include_record_details:
        record.update({field: row.get(field) for field in ("Name", *rule.fields)})
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": 100.0,
        "record": record,
    }
