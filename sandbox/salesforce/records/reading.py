"""A stored value as a user may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..schema.objects import ObjectSchema

if TYPE_CHECKING:
    from ..users import User
    from .store import Row

HIDDEN_TEXT = "********"
ADDRESS_PARTS = ("City", "Country", "PostalCode", "State", "Street")


def read_value(user: User, schema: ObjectSchema, row: Row, name: str) -> Any:
    """Encrypted text is masked (unverified); a checkbox is never null."""
    value = row.get(name)
    kind = schema.fields[name].type
    if kind == "encryptedstring" and value and not user.view_encrypted:
        return HIDDEN_TEXT
    if kind == "address":
        return address(row)
    return value if value is not None or kind != "boolean" else False


def address(row: Row) -> dict[str, Any] | None:
    if not any(row.get(part) for part in ADDRESS_PARTS):
        return None
    values = {part[0].lower() + part[1:]: row.get(part) for part in ADDRESS_PARTS}
    return {**values, "geocodeAccuracy": None, "latitude": None, "longitude": None}
