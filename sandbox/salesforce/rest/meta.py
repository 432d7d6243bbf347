"""What there is: versions, resources, objects, describe, limits (contract 3 and 9)."""

from __future__ import annotations

from datetime import timezone
from email.utils import formatdate, parsedate_to_datetime
from typing import Any

from ..org import Org
from ..schema.objects import MASTER_RECORD_TYPE, ObjectSchema, record_type, summary
from .calls import Answer, Call
from .sobjects import existing_object

RELEASES = ("Spring", "Summer", "Winter")


def versions(org: Org) -> list[dict[str, str]]:
    """The list at `/services/data/`, which needs no login."""
    switches = org.switches
    return [
        {"label": release(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in range(switches.oldest_version, switches.newest_version + 1)
    ]


def release(version: int) -> str:
    """Spring '26 is 66, Summer '26 is 67, Winter '27 is 68 (contract 9)."""
    years, season = divmod(version - 66, 3)
    return f"{RELEASES[season]} '{26 + years + (season == 2):02d}"


def resources(call: Call) -> Answer:
    names = ("sobjects", "query", "queryAll", "composite", "limits")
    body = {name: f"{call.base}/{name}" for name in names}
    return Answer(200, {**body, "identity": f"{call.host}/id/{call.org.id}/{call.user.id}"})


def describe_global(call: Call) -> Answer:
    found = (call.org.schema_for(call.user, name) for name in call.org.schemas)
    objects = [
        {**seen(call, schema), "urls": addresses(call, schema.name)}
        for schema in found
        if schema is not None
    ]
    return Answer(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects})


def basic_information(call: Call, name: str) -> Answer:
    schema = existing_object(call, name)
    described = {**seen(call, schema), "urls": addresses(call, name)}
    return Answer(200, {"objectDescribe": described, "recentItems": []})


def addresses(call: Call, name: str) -> dict[str, str]:
    base = f"{call.base}/sobjects/{name}"
    return {
        "rowTemplate": f"{base}/{{ID}}",
        "describe": f"{base}/describe",
        "sobject": base,
    }


def describe(call: Call, name: str) -> Answer:
    schema = existing_object(call, name)
    moved = int(call.org.schema_moved[name])
    headers = {"Last-Modified": formatdate(moved, usegmt=True)}
    since = as_seconds(call.headers.get("if-modified-since", ""))
    if since is not None and moved <= since:
        return Answer(304, None, headers)
    before = as_seconds(call.headers.get("if-unmodified-since", ""))
    if before is not None and moved > before:
        return Answer(412, None, headers)
    hidden = call.user.hidden_fields(name)
    read_only = call.user.read_only_fields(name)
    body = schema.describe(call.version, call.org.instance_url, hidden, read_only)
    return Answer(200, {**seen(call, schema), **body}, headers)


def seen(call: Call, schema: ObjectSchema) -> dict[str, Any]:
    """The object's own attributes, by what the user may do with it."""
    return summary(schema, call.user.objects.get(schema.name, "crud"))


def as_seconds(header: str) -> float | None:
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp()


def layouts(call: Call, name: str, record_id: str = "") -> Answer:
    """The edit layout: what it marks as required is not enforced by the API (contract 3.3)."""
    schema = existing_object(call, name)
    hidden = call.user.hidden_fields(name)
    items = [
        layout_item(field.name, field.label, field.is_required)
        for field in schema.fields.values()
        if field.createable and field.name not in hidden
    ]
    rows = [
        {"layoutItems": items[start : start + 2], "numItems": 2}
        for start in range(0, len(items), 2)
    ]
    section = {"heading": f"{schema.label} Information", "layoutRows": rows, "columns": 2}
    layout = {"id": "00h000000000000AAA", "editLayoutSections": [section]}
    base = f"{call.base}/sobjects/{name}"
    return Answer(
        200,
        {
            "layouts": [layout],
            "recordTypeMappings": [record_type(base)],
            "recordTypeSelectorRequired": [False],
        }
        if not record_id or record_id == MASTER_RECORD_TYPE
        else {"layouts": [], "recordTypeMappings": [], "recordTypeSelectorRequired": [False]},
    )


def layout_item(name: str, label: str, is_required: bool) -> dict[str, Any]:
    return {
        "editableForNew": True,
        "editableForUpdate": True,
        "label": label,
        "layoutComponents": [{"type": "Field", "value": name}],
        "placeholder": False,
        "required": is_required,
    }


def limits(call: Call) -> Answer:
    maximum = call.org.switches.daily_limit
    remaining = max(0, maximum - call.org.use.total)
    pairs = {
        "DailyApiRequests": (maximum, remaining),
        "ConcurrentAsyncGetReportInstances": (200, 200),
        "DailyBulkApiBatches": (15_000, 15_000),
        "DataStorageMB": (5_120, 4_990),
        "FileStorageMB": (20_480, 20_480),
        "MassEmail": (5_000, 5_000),
        "SingleEmail": (5_000, 5_000),
    }
    return Answer(200, {k: {"Max": high, "Remaining": left} for k, (high, left) in pairs.items()})
