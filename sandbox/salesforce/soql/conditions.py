"""WHERE: from a parsed condition to a test of one row."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from .. import ids
from ..errors import Refusal
from ..records.values import as_stored, read_datetime
from ..schema.fields import Field
from .tokens import at
from .tree import Comparison, Junction, Literal

if TYPE_CHECKING:
    from ..records.store import Row
    from .execute import Execution

Test = Callable[["Row"], bool]
Getter = Callable[["Row"], Any]
NUMBERS = {"int", "double", "currency", "percent"}
TEXTS = {
    "string",
    "textarea",
    "email",
    "phone",
    "url",
    "picklist",
    "multipicklist",
    "encryptedstring",
}
ORDERED = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


def compile_test(run: Execution, node: Any) -> Test:
    """Raises Refusal for a field or a value that does not fit."""
    if isinstance(node, Comparison):
        return compile_comparison(run, node)
    assert isinstance(node, Junction)
    tests = [compile_test(run, part) for part in node.parts]
    if node.word == "NOT":
        return lambda row: not tests[0](row)
    combine = all if node.word == "AND" else any
    return lambda row: combine(test(row) for test in tests)


def compile_comparison(run: Execution, node: Comparison) -> Test:
    field, get = run.path(node.path, node.start)
    if field.is_long or field.type in {"encryptedstring", "address"}:
        message = f"field '{node.path}' can not be filtered in a query call"
        raise at(run.query.text, node.start, "INVALID_FIELD", message)
    if node.sign == "LIKE":
        return like(run, node, field, get)
    values = [comparable(run, node, field, literal) for literal in node.literals]
    if node.sign in ORDERED:
        return ordered(node, field, values[0], get)
    if field.type == "multipicklist" and node.sign in {"INCLUDES", "EXCLUDES"}:
        return includes(node, values, get)
    return equality(node, field, values, get)


def equality(node: Comparison, field: Field, values: list[Any], get: Getter) -> Test:
    """`=`, `!=`, IN and NOT IN; `=` with a date literal means "within"."""
    ranges = [value for value in values if isinstance(value, tuple)]
    wanted = {value for value in values if not isinstance(value, tuple)}
    is_wanted = node.sign in {"=", "IN"}
    read = folded(field, get)
    if not ranges:
        return lambda row: (read(row) in wanted) is is_wanted

    def test(row: Row) -> bool:
        value = read(row)
        hit = value in wanted or any(
            value is not None and low <= value < high for low, high in ranges
        )
        return hit is is_wanted

    return test


def ordered(node: Comparison, field: Field, value: Any, get: Getter) -> Test:
    compare, read = ORDERED[node.sign], folded(field, get)
    if isinstance(value, tuple):
        value = value[0] if node.sign in {"<", ">="} else value[1]

    def test(row: Row) -> bool:
        own = read(row)
        return own is not None and value is not None and compare(own, value)

    return test


def includes(node: Comparison, values: list[Any], get: Getter) -> Test:
    """`INCLUDES('A;B', 'C')`: A and B, or C."""
    groups = [set(str(value).split(";")) for value in values]

    def test(row: Row) -> bool:
        own = set((get(row) or "").lower().split(";"))
        return any(group <= own for group in groups) is (node.sign == "INCLUDES")

    return test


def like(run: Execution, node: Comparison, field: Field, get: Getter) -> Test:
    literal = node.literals[0]
    if field.type not in TEXTS or literal.kind != "string":
        raise at(
            run.query.text,
            node.start,
            "INVALID_QUERY_FILTER_OPERATOR",
            f"invalid operator on {field.type} field",
        )
    pattern = like_pattern(literal.value)
    return lambda row: bool(pattern.fullmatch(get(row) or ""))


def like_pattern(text: str) -> re.Pattern[str]:
    r"""`%` is any text, `_` any character, `\%` and `\_` themselves; case does not count."""
    parts = re.findall(r"\\.|.", text, flags=re.DOTALL)
    wild = {"%": ".*", "_": "."}
    escaped = (wild.get(part) or re.escape(part[-1]) for part in parts)
    return re.compile("".join(escaped), re.IGNORECASE | re.DOTALL)


def folded(field: Field, get: Getter) -> Getter:
    """Reads a field as it is compared: text without case, an unset checkbox as false."""
    if field.type == "boolean":
        return lambda row: bool(get(row))
    if field.type not in TEXTS:
        return get

    def read(row: Row) -> Any:
        value = get(row)
        return value if value is None else value.lower()

    return read


def comparable(run: Execution, node: Comparison, field: Field, literal: Literal) -> Any:
    """The literal as rows hold it; a range of two for a date literal."""
    if literal.kind == "null":
        return None
    if field.type in {"id", "reference"} and literal.kind == "string":
        return id_literal(run, node, literal)
    if field.type in TEXTS and literal.kind == "string":
        return literal.value.lower()
    if field.type in NUMBERS and literal.kind == "number":
        return literal.value
    if field.type == "boolean" and literal.kind == "boolean":
        return literal.value
    if field.type in {"date", "datetime"} and literal.kind == "literal":
        return date_range(run, field, literal.value)
    if field.type == literal.kind == "datetime":
        return as_stored(read_datetime(literal.value))
    if field.type == literal.kind == "date":
        return literal.value
    raise wrong_kind(run, node, field)


def id_literal(run: Execution, node: Comparison, literal: Literal) -> str:
    record_id = ids.canonical(literal.value)
    if record_id is None:
        message = f"invalid ID field: {literal.value}"
        raise at(run.query.text, node.start, "INVALID_QUERY_FILTER_OPERATOR", message)
    return record_id


def wrong_kind(run: Execution, node: Comparison, field: Field) -> Refusal:
    kind = {"id": "string", "reference": "string"}.get(field.type, field.type)
    kind = "string" if field.type in TEXTS else "dateTime" if kind == "datetime" else kind
    quotes = "should be" if kind == "string" else "should not be"
    return at(
        run.query.text,
        node.start,
        "INVALID_FIELD",
        f"value of filter criterion for field '{node.path}' must be of type {kind} and {quotes} "
        "enclosed in quotes",
    )


def date_range(run: Execution, field: Field, word: str) -> tuple[str, str]:
    """First day, and the day after the last, as the field's values are written."""
    first, last = days(run.org.now().date(), word)
    after = last + timedelta(days=1)
    if field.type == "date":
        return first.isoformat(), after.isoformat()
    return midnight(first), midnight(after)


def days(today: date, word: str) -> tuple[date, date]:
    name, _, number = word.partition(":")
    if name == "THIS_MONTH":
        next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return today.replace(day=1), next_month - timedelta(days=1)
    if name == "THIS_YEAR":
        return date(today.year, 1, 1), date(today.year, 12, 31)
    shift = {"YESTERDAY": -1, "TOMORROW": 1}.get(name, 0)
    if name == "LAST_N_DAYS":
        return today - timedelta(days=int(number)), today
    if name == "NEXT_N_DAYS":
        return today + timedelta(days=1), today + timedelta(days=int(number))
    return today + timedelta(days=shift), today + timedelta(days=shift)


def midnight(day: date) -> str:
    return as_stored(datetime(day.year, day.month, day.day, tzinfo=timezone.utc))
