"""Short writes that a busy database may refuse once, and that must happen all the same."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connections, router, transaction
from django.db.models import Expression, Field, QuerySet

from wagtail_salesforce_leads.models import Delivery

T = TypeVar("T")

#: Seconds between tries. Locks, deadlocks and serialization errors pass at once; a database that
#: restarts is back within a minute, and what Salesforce has answered should not be lost for it.
PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 15.0)


def committed(write: Callable[[], T]) -> T:
    """Run ``write`` in a transaction of its own, again where the database could not just then.

    Raises what the last try raised.
    """
    database = router.db_for_write(Delivery)
    for pause in PAUSES:
        try:
            with transaction.atomic(using=database):
                return write()
        except (OperationalError, InterfaceError):
            reconnect()
        time.sleep(pause * random.uniform(0.5, 1.0))
    with transaction.atomic(using=database):
        return write()


def reconnect() -> None:
    """After an error: a connection that broke is opened anew by the next query."""
    connections[router.db_for_write(Delivery)].close_if_unusable_or_obsolete()


def update_each(
    rows: QuerySet, values: Mapping[str, Mapping[int, Any]], **same_for_all: Any
) -> int:
    """One UPDATE that gives each row its own value: ``values`` is field name -> pk -> value."""
    changes = {name: _by_pk(rows, name, by_pk) for name, by_pk in values.items() if by_pk}
    return rows.update(**changes, **same_for_all)


def _by_pk(rows: QuerySet, name: str, by_pk: Mapping[int, Any]) -> Any:
    distinct = set(by_pk.values())
    if len(distinct) == 1:
        return distinct.pop()
    return ByPk(by_pk, output_field=rows.model._meta.get_field(name))


class ByPk(Expression):
    """``CASE id WHEN … THEN … END``. Django's own has an object for each row, and hundreds of those
    take longer to prepare than all else that is done about a batch.
    """

    def __init__(self, values: Mapping[int, Any], output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.values = values

    def as_sql(self, compiler, connection) -> tuple[str, list[Any]]:
        field, pk = self.output_field, compiler.query.model._meta.pk
        cases = " ".join(["WHEN %s THEN %s"] * len(self.values))
        sql = f"CASE {connection.ops.quote_name(pk.column)} {cases} END"
        # PostgreSQL takes untyped values in a CASE for text.
        if connection.features.requires_casted_case_in_updates:
            sql = f"CAST({sql} AS {field.cast_db_type(connection)})"
        params: list[Any] = []
        for key, value in self.values.items():
            params += [
                pk.get_db_prep_value(key, connection),
                field.get_db_prep_save(value, connection),
            ]
        return sql, params
