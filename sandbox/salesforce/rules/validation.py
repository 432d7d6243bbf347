"""Validation rules: an administrator's own conditions, with the administrator's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..errors import Refusal


@dataclass(frozen=True)
class ValidationRule:
    """Refuses a record whose `field` is missing, or does not match the regular expression."""

    name: str
    field: str
    message: str
    object: str = "Lead"
    required: bool = False
    pattern: str = ""
    #: Shown at the field, or at the top of the page.
    at_field: bool = True

    def refuses(self, row: dict[str, Any]) -> bool:
        value = row.get(self.field)
        if value is None:
            return self.required
        return bool(self.pattern) and not re.search(self.pattern, str(value))

    def refusal(self) -> Refusal:
        return Refusal(
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            self.message,
            fields=[self.field] if self.at_field else [],
        )


def check(rules: list[ValidationRule], object_name: str, row: dict[str, Any]) -> None:
    broken = [rule for rule in rules if rule.object == object_name and rule.refuses(row)]
    if broken:
        raise Refusal.of_several([rule.refusal() for rule in broken])
