"""Creating, updating and upserting one record, in Salesforce's order of checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import Refusal, no_such_column, not_found, unknown_object
from ..rules import addresses, assignment, automation, duplicates, members, validation
from ..schema.fields import Field
from ..schema.objects import ObjectSchema
from . import references

if TYPE_CHECKING:
    from ..org import Org
    from ..users import User
    from .store import Row

#: Salesforce reads the whole body first: these stop a call, not a record.
PARSE_ERRORS = {"JSON_PARSER_ERROR"}


@dataclass
class Manner:
    """Who saves, by which API version, and what the headers of the call say."""

    user: User
    version: str
    allow_save: bool = False
    include_record_details: bool = False
    auto_assign: str = "TRUE"
    records_in_call: int = 1
    #: Unique values of this call, since Salesforce compares its records with each other too.
    seen: set[tuple[str, Any]] = field(default_factory=set)

    @cached_property
    def locked(self) -> dict[str, tuple[set[str], set[str]]]:
        return {}

    def field_security(self, object_name: str) -> tuple[set[str], set[str]]:
        """Hidden and read-only fields, kept for the other records of the call."""
        if object_name not in self.locked:
            user = self.user
            self.locked[object_name] = (
                user.hidden_fields(object_name),
                user.read_only_fields(object_name),
            )
        return self.locked[object_name]


def create(org: Org, manner: Manner, object_name: str, data: Row) -> str:
    """The id of the new record. Raises Refusal."""
    schema = writable(org, manner, object_name, "c")
    org.faults.strike_record(object_name)
    if any(key.lower() == "id" for key in data):
        raise repeated("Id")
    values = read_values(org, manner, schema, data, creating=True)
    require(schema, {**schema.defaults, **values})
    row = {k: v for k, v in {**schema.defaults, **values}.items() if v is not None}
    automation.check_trigger(org, object_name, manner.records_in_call)
    if object_name == "Lead":
        automation.rewrite(org, row)
        if org.switches.state_country_picklists:
            addresses.complete(row)
    references.check(org, manner.user, schema, row)
    validation.check(org.validation_rules, object_name, row)
    refuse_taken(org, manner, schema, row, None)
    complete(org, manner, object_name, row)
    with org.store.transaction():
        record_id = org.insert(object_name, row, manner.user.id)
        if object_name == "Lead":
            automation.after_lead(org, row, manner.user.id)
    return record_id


def complete(org: Org, manner: Manner, object_name: str, row: Row) -> None:
    """What only one kind of record needs before it is stored."""
    if "OwnerId" in org.schemas[object_name].fields:
        row.setdefault("OwnerId", manner.user.id)
    if object_name in {"Lead", "Contact"}:
        row["Name"] = person_name(row)
    if object_name == "Lead":
        duplicates.check(org, row, manner)
        assignment.assign(org, row, manner.auto_assign)
    if object_name == "CampaignMember":
        members.prepare(org, row)


def update(org: Org, manner: Manner, object_name: str, record_id: str, data: Row) -> None:
    """Change the fields that `data` names. Raises Refusal."""
    schema = writable(org, manner, object_name, "u")
    org.faults.strike_record(object_name)
    row = org.reachable(manner.user, object_name, record_id)
    if any(key.lower() == "id" for key in data):
        raise repeated("Id")
    if row.get("IsConverted"):
        raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", fields=[])
    values = read_values(org, manner, schema, data, creating=False)
    changed = {**row, **values}
    require(schema, changed)
    automation.check_trigger(org, object_name, manner.records_in_call)
    references.check(org, manner.user, schema, values)
    validation.check(org.validation_rules, object_name, changed)
    refuse_taken(org, manner, schema, values, record_id)
    if object_name == "Lead":
        duplicates.check(org, changed, manner, touched=values)
    org.update(object_name, record_id, finish_change(org, object_name, row, values), manner.user.id)


def finish_change(org: Org, object_name: str, row: Row, values: Row) -> Row:
    if object_name in {"Lead", "Contact"}:
        values["Name"] = person_name({**row, **values})
    if object_name == "CampaignMember" and "Status" in values:
        changed = {**row, **values}
        members.set_status(org, changed)
        values = {name: changed.get(name) for name in (*values, "HasResponded")}
    return values


def upsert(
    org: Org,
    manner: Manner,
    object_name: str,
    key: tuple[str, Any],
    data: Row,
    *,
    update_only: bool = False,
) -> tuple[str, bool]:
    """Id and whether it is new. `key` is the external id field and its value. Raises Refusal."""
    schema = writable(org, manner, object_name, "c")
    found = matches(org, manner, schema, *key)
    if len(found) > 1:
        raise many_matches(found, object_name, manner.version)
    if found:
        update(org, manner, object_name, found[0]["Id"], data)
        return found[0]["Id"], False
    if update_only:
        raise not_found()
    name = external_field(schema, key[0], manner).name
    return create(org, manner, object_name, {**data, name: key[1]}), True


def matches(org: Org, manner: Manner, schema: ObjectSchema, name: str, value: Any) -> list[Row]:
    field = external_field(schema, name, manner)
    found = org.store.find(schema.name, field.name, org.reader.read(field, value))
    return [row for row in found if org.sees(manner.user, schema.name, row)]


def external_field(schema: ObjectSchema, name: str, manner: Manner) -> Field:
    field = schema.by_lower_name.get(name.lower())
    hidden, _ = manner.field_security(schema.name)
    usable = field and field.name != "Id" and (field.external_id or field.id_lookup)
    if not usable or field.name in hidden:
        raise not_found(f"Provided external ID field does not exist or is not accessible: {name}")
    return field


def many_matches(found: list[Row], object_name: str, version: str) -> Refusal:
    """300 with a list of addresses, not of errors (contract 5.5)."""
    refusal = Refusal("DUPLICATE_EXTERNAL_ID", "more than one record matches", status=300)
    base = f"/services/data/v{version}/sobjects/{object_name}"
    refusal.errors = [f"{base}/{row['Id']}" for row in found]
    return refusal


def writable(org: Org, manner: Manner, object_name: str, letter: str) -> ObjectSchema:
    schema = org.schema_for(manner.user, object_name)
    if schema is None:
        raise unknown_object(object_name)
    if not schema.is_writable:
        verb = {"c": "create", "u": "update", "d": "delete"}[letter]
        raise Refusal(
            "INVALID_TYPE_FOR_OPERATION", f"entity type {object_name} does not support {verb}"
        )
    if not manner.user.may(letter, object_name):
        raise Refusal(
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "insufficient access rights on object id",
            fields=[],
        )
    return schema


def read_values(
    org: Org, manner: Manner, schema: ObjectSchema, data: Row, *, creating: bool
) -> Row:
    """Every value in the form that is stored. Raises Refusal with all that is wrong."""
    hidden, read_only = manner.field_security(schema.name)
    fields, reader = schema.fields, org.reader
    values: Row = {}
    locked, refused = [], []
    for key, value in data.items():
        if key == "attributes":
            continue
        field = fields.get(key) or schema.by_lower_name.get(key.lower())
        if field is None or field.name in hidden:
            raise no_such_column(key, schema.name)
        try:
            values[field.name] = reader.read(field, value)
        except Refusal as refusal:
            if refusal.code in PARSE_ERRORS:
                raise
            refused.append(refusal)
        writable_now = field.createable if creating else field.updateable
        if not writable_now or field.name in read_only:
            locked.append(field.name)
    if locked:
        raise not_writable(locked)
    if refused:
        raise Refusal.of_several(refused)
    return values


def require(schema: ObjectSchema, row: Row) -> None:
    """Raises Refusal for a required field without a value, or a null that is not allowed."""
    missing = [field.name for field in schema.required if row.get(field.name) is None]
    missing += [name for name in schema.never_null if name in row and row[name] is None]
    if missing:
        raise Refusal(
            "REQUIRED_FIELD_MISSING",
            f"Required fields are missing: [{', '.join(missing)}]",
            fields=missing,
        )


def refuse_taken(
    org: Org, manner: Manner, schema: ObjectSchema, values: Row, record_id: str | None
) -> None:
    for name in (each.name for each in schema.unique):
        value = values.get(name)
        if value is None:
            continue
        key = (name, str(value).lower())
        for other in org.store.find(schema.name, name, value):
            if other["Id"] != record_id:
                raise taken(name, other["Id"][:15], in_call=key in manner.seen)
        manner.seen.add(key)


def taken(name: str, record_id: str, *, in_call: bool) -> Refusal:
    """Two records of one call that collide are not named (well known)."""
    what, whose = ("<unknown>", "<unknown>") if in_call else (name, record_id)
    return Refusal(
        "DUPLICATE_VALUE",
        f"duplicate value found: {what} duplicates value on record with id: {whose}",
        fields=[],
    )


def not_writable(names: list[str]) -> Refusal:
    return Refusal(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        f"Unable to create/update fields: {', '.join(names)}. Please check the security settings "
        "of this field and verify that it is read/write for your profile or permission set.",
        fields=names,
    )


def repeated(name: str) -> Refusal:
    return Refusal(
        "INVALID_FIELD", f"The {name} field should not be specified in the sobject data."
    )


def person_name(row: Row) -> str:
    return " ".join(part for part in (row.get("FirstName"), row.get("LastName")) if part)
