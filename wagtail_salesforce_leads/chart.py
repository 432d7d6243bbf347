"""A small chart of the last days: a bar a day, today last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, QuerySet, Value
from django.utils import timezone

HEIGHT, PITCH, GAP = 20, 8, 2


@dataclass(frozen=True)
class Bar:
    """One day, in units of the chart's view box."""

    left: int
    height: int

    @property
    def top(self) -> int:
        return HEIGHT - self.height


@dataclass(frozen=True)
class Chart:
    counts: tuple[int, ...]

    @property
    def width(self) -> int:
        return len(self.counts) * PITCH - GAP

    @property
    def bars(self) -> list[Bar]:
        """A day with leads never looks like one without."""
        highest = max(self.counts) or 1
        return [
            Bar(left=day * PITCH, height=-(-count * HEIGHT // highest))
            for day, count in enumerate(self.counts)
        ]


def last_midnights(days: int) -> list[datetime]:
    """When each of the last days began, on the clock of the time zone in use."""
    zone, today = timezone.get_current_timezone(), timezone.localdate()
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [timezone.make_aware(datetime.combine(date, time.min), zone) for date in dates]


def counted_by_day(rows: QuerySet, when: str, days: list[datetime], *by: str) -> list[tuple]:
    """Tuples of (``by`` …, number of the day, count) where there are any.

    One query, with a range of an index for each day: the history behind them is not read.
    """
    first, *others = [_of_day(rows, when, days, day, by) for day in range(len(days))]
    return list(first.union(*others, all=True))


def _of_day(
    rows: QuerySet, when: str, days: list[datetime], day: int, by: tuple[str, ...]
) -> QuerySet:
    limits = {f"{when}__gte": days[day]}
    if day + 1 < len(days):
        limits[f"{when}__lt"] = days[day + 1]
    grouped = rows.filter(**limits).order_by().values(*by, day=Value(day))
    return grouped.annotate(count=Count("*")).values_list(*by, "day", "count")
