"""What administrators do to a schema while sites are using it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .fields import Field

if TYPE_CHECKING:
    from ..org import Org

Data = dict[str, Any]


def apply(org: Org, data: Data) -> Field | None:
    """Do `data["act"]` to a field of `data["object"]` (Lead). The field as it is now.

    Raises KeyError for an unknown act or field, TypeError for an unknown attribute.
    """
    name = data.get("object", "Lead")
    fields = dict(org.schemas[name].fields)
    field = ACTS[data["act"]](org, name, fields, data)
    org.replace_schema(org.schemas[name].replace_fields(fields.values()))
    return field


def add(org: Org, name: str, fields: dict[str, Field], data: Data) -> Field:
    field = Field.from_json({"custom": True, **data["field"]})
    fields[field.name] = field
    return field


def remove(org: Org, name: str, fields: dict[str, Field], data: Data) -> None:
    """The values go with the field."""
    del fields[data["field"]]
    for row in org.store.rows(name).values():
        row.pop(data["field"], None)


def rename(org: Org, name: str, fields: dict[str, Field], data: Data) -> Field:
    """A new API name; the values stay."""
    old, new = data["field"], data["to"]
    renamed = [replace(f, name=new) if f.name == old else f for f in fields.values()]
    if old not in fields:
        raise KeyError(old)
    fields.clear()
    fields.update({field.name: field for field in renamed})
    for row in org.store.rows(name).values():
        if old in row:
            row[new] = row.pop(old)
    return fields[new]


def change(org: Org, name: str, fields: dict[str, Field], data: Data) -> Field:
    """Any attributes, such as `nillable`, `length`, `label`, `choices`, `restricted`."""
    old = fields[data["field"]]
    fields[old.name] = Field.from_json({**old.as_json(), **data["set"]})
    return fields[old.name]


ACTS = {"add": add, "remove": remove, "rename": rename, "change": change}
