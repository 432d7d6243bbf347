"""One record: create, read, change, upsert by external id, delete (contract 5.2 and 5.5)."""

from __future__ import annotations

from typing import Any

from .. import ids
from ..errors import Refusal, no_such_column, not_found
from ..records import saving
from ..records.reading import read_value
from ..records.store import Row
from ..rules import automation
from ..schema.objects import ObjectSchema
from .calls import Answer, Call

FIRST_WITH_CREATED = 46


def create(call: Call, name: str) -> Answer:
    existing_object(call, name)
    record_id = saving.create(call.org, call.manner, name, call.record_body())
    return created(call, name, record_id, {"id": record_id, "success": True, "errors": []})


def created(call: Call, name: str, record_id: str, body: dict[str, Any]) -> Answer:
    location = f"{call.base}/sobjects/{name}/{record_id}"
    return Answer(201, body, {"Location": location}, records=1)


def read(call: Call, name: str, record_id: str) -> Answer:
    schema = existing_object(call, name)
    check_id(schema, record_id)
    row = call.org.reachable(call.user, name, record_id)
    return Answer(200, as_read(call, schema, row, wanted_fields(call, schema)))


def update(call: Call, name: str, record_id: str) -> Answer:
    check_id(existing_object(call, name), record_id)
    canonical = ids.canonical(record_id)
    saving.update(call.org, call.manner, name, canonical, call.record_body())
    return Answer(204, records=1)


def delete(call: Call, name: str, record_id: str) -> Answer:
    existing_object(call, name)
    saving.writable(call.org, call.manner, name, "d")
    row = call.org.reachable(call.user, name, record_id)
    automation.delete(call.org, name, row["Id"])
    return Answer(204, records=1)


def upsert(call: Call, name: str, field: str, value: str) -> Answer:
    schema = existing_object(call, name)
    body = call.record_body()
    if any(key.lower() == field.lower() for key in body):
        raise saving.repeated(field)
    update_only = call.query.get("updateOnly", "").lower() == "true"
    if field == "Id":
        raise no_such_column(field, schema.name)
    record_id, is_new = saving.upsert(
        call.org, call.manner, name, (field, value), body, update_only=update_only
    )
    result = {"id": record_id, "success": True, "errors": [], "created": is_new}
    if is_new:
        return created(call, name, record_id, result)
    if float(call.version) < FIRST_WITH_CREATED:
        return Answer(204, records=1)
    return Answer(200, result, records=1)


def read_by_field(call: Call, name: str, field: str, value: str) -> Answer:
    schema = existing_object(call, name)
    row = one_match(call, schema, field, value)
    return Answer(200, as_read(call, schema, row, wanted_fields(call, schema)))


def delete_by_field(call: Call, name: str, field: str, value: str) -> Answer:
    row = one_match(call, existing_object(call, name), field, value)
    automation.delete(call.org, name, row["Id"])
    return Answer(204, records=1)


def one_match(call: Call, schema: ObjectSchema, field: str, value: str) -> Row:
    found = saving.matches(call.org, call.manner, schema, field, value)
    if not found:
        raise not_found()
    if len(found) > 1:
        raise saving.many_matches(found, schema.name, call.version)
    return found[0]


def existing_object(call: Call, name: str) -> ObjectSchema:
    """Raises Refusal NOT_FOUND: an object that the user may not see is no resource."""
    schema = call.org.schema_for(call.user, name)
    if schema is None:
        raise not_found()
    return schema


def check_id(schema: ObjectSchema, record_id: str) -> None:
    canonical = ids.canonical(record_id)
    if canonical is None or ids.object_of(canonical) != schema.name:
        raise Refusal(
            "MALFORMED_ID",
            f"{schema.label} ID: id value of incorrect type: {record_id}",
            fields=["Id"],
        )


def wanted_fields(call: Call, schema: ObjectSchema) -> list[str]:
    """The names in `fields=`, or all that the user may see. Raises Refusal."""
    hidden = call.user.hidden_fields(schema.name)
    if "fields" not in call.query:
        return [name for name in schema.fields if name not in hidden]
    names = []
    for name in filter(None, call.query["fields"].split(",")):
        field = schema.by_lower_name.get(name.strip().lower())
        if field is None or field.name in hidden:
            raise no_such_column(name, schema.name)
        names.append(field.name)
    return names


def as_read(call: Call, schema: ObjectSchema, row: Row, names: list[str]) -> dict[str, Any]:
    url = f"{call.base}/sobjects/{schema.name}/{row['Id']}"
    values = {name: read_value(call.user, schema, row, name) for name in names}
    return {"attributes": {"type": schema.name, "url": url}, **values}
