"""Queries and their pages (contract 4)."""

from __future__ import annotations

from typing import Any

from ..errors import Refusal
from ..records.store import Row
from ..soql.execute import Execution
from ..soql.parser import parse
from ..soql.tokens import at
from .calls import Answer, Call, options_of

DEFAULT_PAGE = 2000
MIN_PAGE = 200
MAX_CURSORS = 50
MAX_ALL_FIELDS = 200


def run(call: Call) -> Answer:
    return answer(call, with_deleted=False)


def run_all(call: Call) -> Answer:
    return answer(call, with_deleted=True)


def answer(call: Call, *, with_deleted: bool) -> Answer:
    if not call.query.get("q"):
        raise Refusal("MALFORMED_QUERY", "unexpected token: '<EOF>'")
    query = parse(call.query["q"])
    execution = Execution(call, query, with_deleted=with_deleted)
    if query.counts:
        rows = execution.rows()
        return Answer(200, {"totalSize": len(rows), "done": True, "records": []})
    columns = selected(execution)
    rows = execution.rows()
    records = [as_record(execution, row, columns) for row in rows]
    return page(call, records, 0, "")


def next_page(call: Call, cursor: str, offset: str) -> Answer:
    records = call.org.cursors.get(f"{call.user.id}/{cursor}")
    if records is None or int(offset) > len(records):
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
    return page(call, records, int(offset), cursor)


def page(call: Call, records: list[Row], start: int, cursor: str) -> Answer:
    """One page, with the address of the next: a path, not an address with a host."""
    end = start + page_size(call)
    body: dict[str, Any] = {"totalSize": len(records), "done": end >= len(records)}
    if not body["done"]:
        cursor = cursor or keep(call, records)
        body["nextRecordsUrl"] = f"{call.base}/query/{cursor}-{end}"
    return Answer(200, {**body, "records": records[start:end]})


def page_size(call: Call) -> int:
    options = options_of(call.headers.get("sforce-query-options", ""))
    asked = options.get("batchsize", "")
    wanted = int(asked) if asked.isdigit() else DEFAULT_PAGE
    size = min(max(wanted, MIN_PAGE), DEFAULT_PAGE)
    return max(1, size * 3 // 4) if call.org.switches.short_pages else size


def keep(call: Call, records: list[Row]) -> str:
    """Remember a result for its next pages; the oldest of too many is forgotten."""
    cursors = call.org.cursors
    cursor = call.org.new_id("QueryCursor")
    cursors[f"{call.user.id}/{cursor}"] = records
    while len(cursors) > MAX_CURSORS:
        del cursors[next(iter(cursors))]
    return cursor


def selected(execution: Execution) -> list[tuple[list[str], Any]]:
    """Each column as the names in the answer and a getter; FIELDS(…) opened up."""
    query, schema = execution.query, execution.schema
    columns = []
    for path, start in query.fields:
        if path.startswith("FIELDS("):
            check_all_fields(execution, start)
            hidden = execution.user.hidden_fields(schema.name)
            names = [name for name in schema.fields if name not in hidden]
            columns += [([name], execution.path(name, start)[1]) for name in names]
            continue
        field, get = execution.path(path, start)
        columns.append(([*path_names(execution, path), field.name], get))
    return columns


def check_all_fields(execution: Execution, start: int) -> None:
    limit = execution.query.limit
    if limit is None or limit > MAX_ALL_FIELDS:
        message = f"The SOQL FIELDS function must have a LIMIT of at most {MAX_ALL_FIELDS}"
        raise at(execution.query.text, start, "MALFORMED_QUERY", message)


def path_names(execution: Execution, path: str) -> list[str]:
    """The relationships on the way, spelled as the schema does."""
    schema, names = execution.schema, []
    for part in path.split(".")[:-1]:
        if part.lower() == schema.name.lower() and not names:
            continue
        link = schema.relationships[part.lower()]
        names.append(link.relationship)
        schema = execution.org.schemas[link.reference_to[-1]]
    return names


def as_record(execution: Execution, row: Row, columns: list[tuple[list[str], Any]]) -> Row:
    record = attributes(execution, execution.schema.name, row)
    for names, get in columns:
        target = record
        for name in names[:-1]:
            target = nested(execution, target, row, name)
            if target is None:
                break
        if target is not None:
            target[names[-1]] = get(row)
    return record


def nested(execution: Execution, record: Row, row: Row, name: str) -> Row | None:
    """The parent's object inside a record, null where there is no parent."""
    if name not in record:
        link = execution.schema.relationships.get(name.lower())
        parent = execution.linked(row, link) if link else {"Id": ""}
        kind = link.reference_to[-1] if link else name
        record[name] = attributes(execution, kind, parent) if parent else None
    return record[name]


def attributes(execution: Execution, kind: str, row: Row) -> Row:
    url = f"{execution.base}/sobjects/{kind}/{row['Id']}"
    return {"attributes": {"type": kind, "url": url}}
