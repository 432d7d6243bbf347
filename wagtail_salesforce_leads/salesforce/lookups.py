"""The queries that find a Lead again whose answer never came. Pure; run them with query_all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from simple_salesforce.format import format_soql

from .ids import id18

FIELD_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*", re.ASCII)
#: What became of a Lead after it was created.
FATE_FIELDS = ("IsDeleted", "IsConverted", "ConvertedContactId", "MasterRecordId")
#: One row about the session's own user, readable without any right in Setup (Object Reference,
#: UserPermissionAccess, v41 and later).
VIEW_ALL_SOQL = "SELECT PermissionsViewAllData FROM UserPermissionAccess"


def lookup_by_submission_id_soql(
    field: str, ids: Sequence[str], fate_fields: Sequence[str] = FATE_FIELDS
) -> str:
    """The Leads of up to 200 submissions, by the unique field. ``fate_fields``: those readable."""
    columns = _columns(["Id", field, *fate_fields])
    return format_soql(f"SELECT {columns} FROM Lead WHERE {field} IN {{}}", list(ids))


def lookup_by_creation_soql(
    user_id: str, since: datetime, fields: Iterable[str], until: datetime | None = None
) -> str:
    """The Leads a user created since then, with the fields to compare. Times are aware."""
    columns = _columns(["Id", "CreatedDate", *fields])
    soql = f"SELECT {columns} FROM Lead WHERE CreatedById = {{}} AND CreatedDate >= {{}}"
    if until is None:
        return format_soql(f"{soql} ORDER BY CreatedDate", id18(user_id), since)
    soql += " AND CreatedDate <= {}"
    return format_soql(f"{soql} ORDER BY CreatedDate", id18(user_id), since, until)


def _columns(fields: Iterable[str]) -> str:
    names = list(dict.fromkeys(fields))
    if not all(FIELD_NAME.fullmatch(name) for name in names):
        raise ValueError("A field's API name is made of letters, digits and underscores.")
    return ", ".join(names)
