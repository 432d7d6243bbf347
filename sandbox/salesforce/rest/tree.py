"""New records of one object, all or none (contract 5.1); without nested children."""

from __future__ import annotations

from typing import Any

from ..errors import Refusal
from ..records import saving
from . import sobjects
from .calls import Answer, Call, bad_json
from .collections import check_count


def run(call: Call, name: str) -> Answer:
    sobjects.existing_object(call, name)
    records = call.record_body().get("records")
    if not isinstance(records, list) or not all(is_named(record) for record in records):
        raise bad_json("records must be objects, each with attributes.referenceId")
    check_count(records)
    manner = call.manner
    manner.records_in_call = len(records)
    results: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    with call.org.store.transaction() as transaction:
        for record in records:
            reference = record["attributes"]["referenceId"]
            try:
                record_id = saving.create(call.org, manner, name, record)
                results.append({"referenceId": reference, "id": record_id})
            except Refusal as refusal:
                refused.append(failed(reference, refusal))
        if refused:
            transaction.rollback()
    if refused:
        return Answer(400, {"hasErrors": True, "results": refused}, records=len(records))
    return Answer(201, {"hasErrors": False, "results": results}, records=len(records))


def is_named(record: Any) -> bool:
    attributes = record.get("attributes") if isinstance(record, dict) else None
    return isinstance(attributes, dict) and isinstance(attributes.get("referenceId"), str)


def failed(reference: str, refusal: Refusal) -> dict[str, Any]:
    errors = [
        {
            "statusCode": error["errorCode"],
            "message": error["message"],
            "fields": error.get("fields", []),
        }
        for error in refusal.errors
    ]
    return {"referenceId": reference, "errors": errors}
