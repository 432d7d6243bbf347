"""Whether a record may point to another: it must exist, live, and be visible to the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ids
from ..errors import Refusal
from ..schema.objects import ObjectSchema

if TYPE_CHECKING:
    from ..org import Org
    from ..users import User
    from .store import Row


def check(org: Org, user: User, schema: ObjectSchema, row: Row) -> None:
    """Raises Refusal for the first reference that leads nowhere."""
    for name, value in row.items():
        if value is not None and schema.fields[name].type == "reference":
            check_one(org, user, value)


def check_one(org: Org, user: User, record_id: str) -> None:
    object_name = ids.object_of(record_id)
    target = org.store.get(object_name, record_id) if object_name in org.store.tables else None
    if target is None:
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=[])
    if target.get("IsDeleted"):
        raise Refusal("ENTITY_IS_DELETED", "entity is deleted", fields=[])
    if not (user.may("r", object_name) and org.sees(user, object_name, target)):
        raise Refusal(
            "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
            f"insufficient access rights on cross-reference id: {record_id[:15]}",
            fields=[],
        )
