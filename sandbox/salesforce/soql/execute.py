"""Running a parsed query for one user: fields, sharing, indexes, order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key
from itertools import islice
from typing import TYPE_CHECKING, Any

from .. import ids
from ..errors import Refusal
from ..records.reading import read_value
from ..schema.fields import Field
from ..schema.objects import ObjectSchema
from .conditions import Getter, compile_test, folded
from .tokens import at
from .tree import Comparison, Junction, Order, Query

if TYPE_CHECKING:
    from ..records.store import Row
    from ..rest.calls import Call


class Execution:
    """One run. Raises Refusal where the user may not see an object or a field."""

    def __init__(self, call: Call, query: Query, *, with_deleted: bool) -> None:
        self.org, self.user, self.base = call.org, call.user, call.base
        self.query = query
        self.with_deleted = with_deleted or query.all_rows
        schema = next(
            (s for n, s in self.org.schemas.items() if n.lower() == query.object.lower()), None
        )
        if schema is None or self.org.schema_for(self.user, schema.name) is None:
            raise self.unknown_object()
        self.schema = schema

    def rows(self) -> list[Row]:
        """Matching rows in order, cut by OFFSET and LIMIT."""
        query = self.query
        test = compile_test(self, query.where) if query.where else None
        matching = (
            row
            for row in self.candidates()
            if (self.with_deleted or not row.get("IsDeleted"))
            and (test is None or test(row))
            and self.org.sees(self.user, self.schema.name, row)
        )
        end = None if query.limit is None else query.offset + query.limit
        if not query.order:
            return list(islice(matching, query.offset, end))
        found = list(matching)
        for order in reversed(query.order):
            self.sort(found, order)
        return found[query.offset : end]

    def candidates(self) -> Iterable[Row]:
        """Rows that an index leaves, or all."""
        if self.schema.name == "UserPermissionAccess":
            return [self.user.permissions_row()]
        table = self.org.store.tables[self.schema.name]
        for node in conjunction(self.query.where):
            if node.sign not in {"=", "IN"} or any(x.kind != "string" for x in node.literals):
                continue
            field = self.schema.by_lower_name.get(node.path.lower())
            if field is None:
                continue
            values = dict.fromkeys(literal.value for literal in node.literals)
            if field.type in {"id", "reference"}:
                values = dict.fromkeys(ids.canonical(value) for value in values)
            if field.name == "Id":
                return [table.rows[value] for value in values if value in table.rows]
            if field.name in table.indexes:
                return [row for value in values for row in table.find(field.name, value)]
        return table.rows.values()

    def sort(self, found: list[Row], order: Order) -> None:
        """Rows without a value come first, also when descending, unless NULLS LAST is said."""
        field, get = self.path(order.path, order.start)
        if field.is_long or field.type in {"address", "multipicklist"}:
            message = f"field '{order.path}' can not be sorted in a query call"
            raise at(self.query.text, order.start, "INVALID_FIELD", message)
        read = folded(field, get)
        null_side = 1 if order.nulls_last else -1

        def compare(one: Row, other: Row) -> int:
            a, b = read(one), read(other)
            if a is None or b is None:
                return null_side * ((a is None) - (b is None))
            sign = (a > b) - (a < b)
            return -sign if order.descending else sign

        found.sort(key=cmp_to_key(compare))

    def path(self, path: str, start: int) -> tuple[Field, Getter]:
        """The field at the end of `Campaign.Name`, and how to read it. Raises Refusal."""
        parts = path.split(".")
        if parts[0].lower() == self.schema.name.lower() and len(parts) > 1:
            parts = parts[1:]
        return self._path(self.schema, parts, path, start)

    def _path(
        self, schema: ObjectSchema, parts: list[str], path: str, start: int
    ) -> tuple[Field, Getter]:
        if len(parts) == 1:
            field = schema.by_lower_name.get(parts[0].lower())
            if field is None or field.name in self.user.hidden_fields(schema.name):
                raise self.unknown_column(parts[0], schema.name, start)
            return field, self.reading(schema, field)
        link = schema.relationships.get(parts[0].lower())
        targets = [t for t in (link.reference_to if link else ()) if t in self.org.schemas]
        if link is None or not targets:
            message = (
                f"Didn't understand relationship '{parts[0]}' in field path. If you are attempting "
                "to use a custom relationship, be sure to append the '__r' after the custom "
                "relationship name. Please reference your WSDL or the describe call for the "
                "appropriate names."
            )
            raise at(self.query.text, start, "INVALID_FIELD", message)
        field, get = self._path(self.org.schemas[targets[-1]], parts[1:], path, start)

        def follow(row: Row) -> Any:
            target = self.linked(row, link)
            return None if target is None else get(target)

        return field, follow

    def reading(self, schema: ObjectSchema, field: Field) -> Getter:
        name = field.name
        if field.type in {"boolean", "encryptedstring", "address"}:
            return lambda row: read_value(self.user, schema, row, name)
        return lambda row: row.get(name)

    def linked(self, row: Row, link: Field) -> Row | None:
        record_id = row.get(link.name)
        name = ids.object_of(record_id) if record_id else None
        target = self.org.store.get(name, record_id) if name in self.org.store.tables else None
        return target if target and self.org.sees(self.user, name, target) else None

    def unknown_object(self) -> Refusal:
        name = self.query.object
        message = (
            f"sObject type '{name}' is not supported. If you are attempting to use a custom "
            "object, be sure to append the '__c' after the entity name. Please reference your "
            "WSDL or the describe call for the appropriate names."
        )
        return at(self.query.text, self.query.object_start, "INVALID_TYPE", message)

    def unknown_column(self, name: str, object_name: str, start: int) -> Refusal:
        message = (
            f"No such column '{name}' on entity '{object_name}'. If you are attempting to use a "
            "custom field, be sure to append the '__c' after the custom field name. Please "
            "reference your WSDL or the describe call for the appropriate names."
        )
        return at(self.query.text, start, "INVALID_FIELD", message)


def conjunction(node: Any) -> list[Comparison]:
    """The comparisons that must all hold."""
    if isinstance(node, Comparison):
        return [node]
    if isinstance(node, Junction) and node.word == "AND":
        return [each for part in node.parts for each in conjunction(part)]
    return []
