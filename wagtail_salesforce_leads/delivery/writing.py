"""Short writes that a busy database may refuse once, and that must happen all the same."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connections, router, transaction
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Cast

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
    field = rows.model._meta.get_field(name)
    case = Case(
        *(When(pk=pk, then=Value(value, output_field=field)) for pk, value in by_pk.items()),
        output_field=field,
    )
    # PostgreSQL takes untyped values in a CASE for text.
    if connections[rows.db].features.requires_casted_case_in_updates:
        return Cast(case, output_field=field)
    return case
