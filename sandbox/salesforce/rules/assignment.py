"""Lead assignment rules: they run unless `Sforce-Auto-Assign` says FALSE (contract 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import ids
from ..errors import Refusal

if TYPE_CHECKING:
    from ..org import Org
    from ..records.store import Row


@dataclass(frozen=True)
class AssignmentRule:
    """Gives a lead whose `field` has `value` (or any lead) to `owner`, a user or a queue."""

    id: str
    name: str
    owner: str
    is_active: bool = True
    field: str = ""
    value: str = ""

    def applies(self, row: Row) -> bool:
        return not self.field or str(row.get(self.field, "")).lower() == self.value.lower()


def assign(org: Org, row: Row, wish: str) -> None:
    """Set the owner of a new lead. `wish` is the header's value, "TRUE" if it was not sent."""
    if wish.upper() == "FALSE":
        return
    rule = chosen_rule(org, wish)
    if rule is None or not rule.applies(row):
        return
    owner = org.user_by_id(rule.owner)
    if owner is not None and not owner.is_active:
        raise Refusal(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{rule.owner[:15]}] as owner of lead",
            fields=[],
        )
    row["OwnerId"] = rule.owner


def chosen_rule(org: Org, wish: str) -> AssignmentRule | None:
    if wish.upper() == "TRUE":
        return next((rule for rule in org.assignment_rules if rule.is_active), None)
    wanted = ids.canonical(wish)
    for rule in org.assignment_rules:
        if wanted is not None and rule.id == wanted:
            return rule
    raise Refusal("INVALID_ASSIGNMENT_RULE", f"invalid assignment rule: {wish}")
