"""Shapes that standard fields of several objects share."""

from __future__ import annotations

from functools import partial

from .fields import Choice, Field

LOCKED = {"createable": False, "updateable": False}
SYSTEM = {**LOCKED, "permissionable": False, "nillable": False, "defaulted": True}
PERSON = {"permissionable": False, "extra_type": "personname", "compound": "Name"}

phone = partial(Field, type="phone", length=40)
reference = partial(Field, type="reference", length=18)
moment = partial(Field, type="datetime", permissionable=False, **LOCKED)


def picklist(name: str, label: str, values: str, length: int = 255, **more: object) -> Field:
    choices = tuple(Choice(*entry.split("=")) for entry in values.split("|"))
    return Field(name, label, "picklist", length, choices=choices, **more)


def address(name: str, label: str, length: int, kind: str = "string") -> Field:
    extra_type = "plaintextarea" if kind == "textarea" else None
    return Field(name, label, kind, length, compound="Address", extra_type=extra_type)


def identity(object_label: str) -> tuple[Field, ...]:
    return (
        Field("Id", f"{object_label} ID", "id", 18, id_lookup=True, **SYSTEM),
        Field("IsDeleted", "Deleted", "boolean", **SYSTEM),
    )


AUDIT = (
    Field("CreatedDate", "Created Date", "datetime", **SYSTEM),
    reference(
        "CreatedById", "Created By ID", reference_to=("User",), relationship="CreatedBy", **SYSTEM
    ),
    Field("LastModifiedDate", "Last Modified Date", "datetime", **SYSTEM),
    reference(
        "LastModifiedById",
        "Last Modified By ID",
        reference_to=("User",),
        relationship="LastModifiedBy",
        **SYSTEM,
    ),
    Field("SystemModstamp", "System Modstamp", "datetime", **SYSTEM),
)
