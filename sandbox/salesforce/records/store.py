"""The records of one org in memory, with indexes and an undo journal for roll-backs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..schema.objects import ObjectSchema

Row = dict[str, Any]


def index_key(value: Any) -> Any:
    """Salesforce compares text without case, in unique fields too."""
    return value.lower() if isinstance(value, str) else value


class Table:
    """Rows by id in the order of their creation. A field without a value has no key."""

    def __init__(self, indexed: tuple[str, ...]) -> None:
        self.rows: dict[str, Row] = {}
        self.indexes: dict[str, dict[Any, dict[str, None]]] = {name: {} for name in indexed}

    def index(self, row: Row, names: Any = None) -> None:
        for name in self.indexes if names is None else names:
            if (value := row.get(name)) is not None:
                self.indexes[name].setdefault(index_key(value), {})[row["Id"]] = None

    def unindex(self, row: Row, names: Any = None) -> None:
        for name in self.indexes if names is None else names:
            if (value := row.get(name)) is not None:
                ids = self.indexes[name][index_key(value)]
                del ids[row["Id"]]
                if not ids:
                    del self.indexes[name][index_key(value)]

    def find(self, name: str, value: Any) -> list[Row]:
        """Rows, deleted ones included, whose indexed field has the value."""
        return [self.rows[found] for found in self.indexes[name].get(index_key(value), ())]


class Store:
    def __init__(self, schemas: dict[str, ObjectSchema]) -> None:
        self.tables = {name: Table(schema.indexed) for name, schema in schemas.items()}
        self.journal: list[Callable[[], None]] | None = None
        self.changes = 0

    def rows(self, object_name: str) -> dict[str, Row]:
        return self.tables[object_name].rows

    def get(self, object_name: str, record_id: str | None) -> Row | None:
        return self.tables[object_name].rows.get(record_id)

    def find(self, object_name: str, field: str, value: Any) -> list[Row]:
        """Living rows whose indexed field has the value."""
        return [r for r in self.tables[object_name].find(field, value) if not r.get("IsDeleted")]

    def insert(self, object_name: str, row: Row) -> None:
        table = self.tables[object_name]
        table.rows[row["Id"]] = row
        table.index(row)
        self.changes += 1
        if self.journal is not None:
            self.journal.append(lambda: self._remove(object_name, row["Id"]))

    def update(self, object_name: str, record_id: str, changes: Row) -> None:
        table = self.tables[object_name]
        row = table.rows[record_id]
        before = {name: row.get(name) for name in changes}
        self._write(table, row, changes)
        if self.journal is not None:
            self.journal.append(lambda: self._write(table, row, before))

    def _write(self, table: Table, row: Row, changes: Row) -> None:
        touched = [name for name in changes if name in table.indexes]
        table.unindex(row, touched)
        row.update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del row[name]
        table.index(row, touched)
        self.changes += 1

    def _remove(self, object_name: str, record_id: str) -> None:
        table = self.tables[object_name]
        table.unindex(table.rows.pop(record_id))

    def reindex(self, schema: ObjectSchema) -> None:
        """Build a table's indexes anew after its fields changed."""
        rows = self.tables[schema.name].rows
        table = self.tables[schema.name] = Table(schema.indexed)
        table.rows = rows
        for row in rows.values():
            table.index(row)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """What is written inside can be taken back with `rollback()`, nested ones included."""
        outer, self.journal = self.journal, []
        transaction = Transaction(self.journal)
        try:
            yield transaction
        except BaseException:
            transaction.rollback()
            raise
        finally:
            if outer is not None:
                outer.extend(self.journal)
            self.journal = outer


class Transaction:
    def __init__(self, journal: list[Callable[[], None]]) -> None:
        self.journal = journal

    def rollback(self) -> None:
        while self.journal:
            self.journal.pop()()
