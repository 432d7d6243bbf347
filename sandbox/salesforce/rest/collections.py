"""Up to 200 records in one call (contract 5.6 and 6); errors say `statusCode`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from .. import ids
from ..errors import Refusal
from ..records import saving
from ..records.saving import PARSE_ERRORS, Manner
from ..rules import automation
from . import sobjects
from .calls import Answer, Call, bad_json

MAX_RECORDS = 200
MAX_READ = 2000
MAX_CHUNKS = 10
ROLLED_BACK = Refusal(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone "
    "header",
    fields=[],
)

Record = dict[str, Any]
Save = Callable[[Manner, Record], Record]


def create(call: Call) -> Answer:
    def save(manner: Manner, record: Record) -> Record:
        return done(saving.create(call.org, manner, type_of(record), record))

    return save_all(call, save)


def update(call: Call) -> Answer:
    def save(manner: Manner, record: Record) -> Record:
        name = type_of(record)
        record_id = ids.canonical(record.get("id", record.get("Id")))
        if record_id is None or ids.object_of(record_id) != name:
            raise Refusal("MALFORMED_ID", "id value of incorrect type", fields=["Id"])
        data = {key: value for key, value in record.items() if key.lower() != "id"}
        saving.update(call.org, manner, name, record_id, data)
        return done(record_id)

    return save_all(call, save)


def upsert(call: Call, name: str, field: str) -> Answer:
    sobjects.existing_object(call, name)

    def save(manner: Manner, record: Record) -> Record:
        if type_of(record) != name:
            raise Refusal("INVALID_TYPE", f"all records must be of type {name}", fields=[])
        if any(key.lower() == "id" for key in record):
            raise saving.repeated("Id")
        value = next((v for k, v in record.items() if k.lower() == field.lower()), None)
        if value is None:
            raise Refusal("MISSING_ARGUMENT", f"{field} not specified", fields=[])
        record_id, is_new = saving.upsert(call.org, manner, name, (field, value), record)
        return {**done(record_id), "created": is_new}

    return save_all(call, save)


def delete(call: Call) -> Answer:
    wanted = [each for each in call.query.get("ids", "").split(",") if each]
    check_count(wanted)

    def save(manner: Manner, record: Record) -> Record:
        record_id = ids.canonical(record["id"])
        name = record_id and ids.object_of(record_id)
        if name not in call.org.schemas:
            raise Refusal("MALFORMED_ID", f"malformed id {record['id']}", fields=[])
        saving.writable(call.org, manner, name, "d")
        row = call.org.reachable(call.user, name, record_id)
        automation.delete(call.org, name, row["Id"])
        return done(record_id)

    all_or_none = call.query.get("allOrNone", "").lower() == "true"
    return save_each(call, [{"id": each} for each in wanted], save, all_or_none)


def read(call: Call, name: str) -> Answer:
    wanted = call.query.get("ids", "").split(",")
    return read_ids(call, name, wanted)


def read_posted(call: Call, name: str) -> Answer:
    body = call.record_body()
    wanted, fields = body.get("ids"), body.get("fields")
    for names in (wanted, fields):
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise bad_json("ids and fields must be lists of strings")
    call.query["fields"] = ",".join(fields)
    return read_ids(call, name, wanted)


def read_ids(call: Call, name: str, wanted: list[str]) -> Answer:
    schema = sobjects.existing_object(call, name)
    if len(wanted) > MAX_READ:
        raise too_many(MAX_READ)
    names = sobjects.wanted_fields(call, schema)
    rows = [call.org.store.get(name, ids.canonical(each)) for each in wanted]
    return Answer(
        200,
        [
            sobjects.as_read(call, schema, row, names)
            if row and not row.get("IsDeleted") and call.org.sees(call.user, name, row)
            else None
            for row in rows
        ],
    )


def save_all(call: Call, save: Save) -> Answer:
    body = call.record_body()
    records = body.get("records")
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise bad_json("records must be a list of objects")
    check_count(records)
    chunks = [name for name, _ in groupby(str(type_or_none(each)) for each in records)]
    if len(chunks) > MAX_CHUNKS:
        raise Refusal("LIMIT_EXCEEDED", f"Operation is limited to {MAX_CHUNKS} chunks")
    return save_each(call, records, save, body.get("allOrNone") is True)


def save_each(call: Call, records: list[Record], save: Save, all_or_none: bool) -> Answer:
    manner = call.manner
    manner.records_in_call = len(records)
    with call.org.store.transaction() as transaction:
        results = [save_one(call, save, manner, record) for record in records]
        if all_or_none and not all(result["success"] for result in results):
            transaction.rollback()
            results = [r if not r["success"] else failed(ROLLED_BACK) for r in results]
    return Answer(200, results, records=len(records))


def save_one(call: Call, save: Save, manner: Manner, record: Record) -> Record:
    """The record's result. Raises Refusal for what refuses the call as a whole."""
    try:
        return save(manner, record)
    except Refusal as refusal:
        is_bad_column = refusal.code == "INVALID_FIELD"
        if refusal.code in PARSE_ERRORS:
            raise
        if is_bad_column and call.org.switches.bad_column_refuses_call:
            raise
        return failed(refusal)


def type_or_none(record: Record) -> str | None:
    attributes = record.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    return name if isinstance(name, str) else None


def type_of(record: Record) -> str:
    name = type_or_none(record)
    if not name:
        raise Refusal("INVALID_TYPE", "attributes.type is missing", fields=[])
    return name


def check_count(records: list[Any]) -> None:
    if len(records) > MAX_RECORDS:
        raise too_many(MAX_RECORDS)


def too_many(limit: int) -> Refusal:
    return Refusal(
        "LIMIT_EXCEEDED", f"record limit reached. cannot submit more than {limit} records"
    )


def done(record_id: str) -> Record:
    return {"id": record_id, "success": True, "errors": []}


def failed(refusal: Refusal) -> Record:
    errors = [
        {
            "statusCode": error["errorCode"],
            "message": error["message"],
            "fields": error.get("fields", []),
        }
        for error in refusal.errors
    ]
    return {"success": False, "errors": errors}
