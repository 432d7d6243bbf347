"""Leases: who works on a row, until when, by the database's clock.

One mechanism on every database: a compare-and-set ``UPDATE`` in its own short transaction. It needs
no lock that outlives the statement, and the clocks of the machines do not matter.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connections, models, router
from django.db.models import Q
from django.db.models.functions import Now


class DatabaseNow(Now):
    """The database's clock, comparable to a stored ``DateTimeField``.

    MySQL's CURRENT_TIMESTAMP is in the session's time zone, but Django stores UTC there. SQLite's
    is UTC, PostgreSQL's carries its zone.
    """

    def as_mysql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="UTC_TIMESTAMP(6)", **extra)


def from_now(seconds: float) -> models.Expression:
    """The database's clock ``seconds`` from now; negative for the past."""
    return DatabaseNow() + timedelta(seconds=seconds)


def in_transaction(model: type[models.Model]) -> bool:
    """Whether somebody's transaction is open. Its rollback would take our writes with it."""
    connection = connections[router.db_for_write(model)]
    return connection.in_atomic_block or not connection.get_autocommit()


class LeasedQuerySet(models.QuerySet):
    """For rows with ``claim_token`` and ``lease_until``.

    Call these in autocommit: a lease is only worth something once it is committed.
    """

    def free(self) -> LeasedQuerySet:
        """Rows that nobody holds, or whose lease has run out."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=DatabaseNow()))

    def lapsed(self) -> LeasedQuerySet:
        """Rows whose lease ran out before its holder gave it back."""
        return self.filter(lease_until__lte=DatabaseNow())

    def held_by(self, token: UUID) -> LeasedQuerySet:
        """Still held: the token is on it and its time has not run out."""
        return self.filter(claim_token=token, lease_until__gt=DatabaseNow())

    def claim(self, token: UUID, seconds: float, **changes) -> int:
        """Lease the free rows for ``seconds``. Returns how many."""
        return self.free().update(claim_token=token, lease_until=from_now(seconds), **changes)

    def give_back(self, token: UUID, **changes) -> int:
        """End the lease ``token`` has, run out or not. Returns how many still carried it."""
        return self.filter(claim_token=token).update(claim_token=None, lease_until=None, **changes)
