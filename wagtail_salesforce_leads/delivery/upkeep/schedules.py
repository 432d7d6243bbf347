"""What runs in the background and how often: django-q2's schedules, and what cron makes up for.

The schedules are made once and left as a site changes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections, router
from django_q.models import Schedule

from . import heartbeats

TASKS = "wagtail_salesforce_leads.delivery.tasks."
PERIODS = {
    Schedule.HOURLY: timedelta(hours=1),
    Schedule.DAILY: timedelta(days=1),
    Schedule.WEEKLY: timedelta(weeks=1),
}
#: Cron is never on the second; a daily job would come a minute later each day.
EARLY = timedelta(seconds=30)
#: For how long a job is left to the process that began it.
TRY_AGAIN = timedelta(minutes=30)


@dataclass(frozen=True)
class Job:
    task: str
    kind: str
    minutes: int | None = None

    @property
    def name(self) -> str:
        return f"Salesforce leads: {self.task.replace('_', ' ')}"


UPKEEP = (
    Job("check_orgs", Schedule.HOURLY),
    Job("keep_alive", Schedule.WEEKLY),
    Job("purge", Schedule.DAILY),
    Job("digest", Schedule.DAILY),
)
JOBS = (Job("sweep", Schedule.MINUTES, minutes=1), *UPKEEP)


def overdue() -> Iterator[Job]:
    """The upkeep that no cluster has done in its time. Of several callers at once, one gets it."""
    for job in UPKEEP:
        if heartbeats.is_silent(job.task, PERIODS[job.kind] - EARLY) and heartbeats.take_turn(
            f"{job.task} by cron", TRY_AGAIN
        ):
            yield job


def ensure(using: str) -> None:
    """Make those that are missing. What a site changed about one of them stays."""
    if router.db_for_write(Schedule) != using or not _has_table(using):
        return
    there = set(Schedule.objects.using(using).values_list("func", flat=True))
    for job in JOBS:
        if TASKS + job.task not in there:
            Schedule.objects.using(using).create(
                name=job.name,
                func=TASKS + job.task,
                schedule_type=job.kind,
                minutes=job.minutes,
                repeats=-1,
            )


def _has_table(using: str) -> bool:
    """Only this app may have been migrated so far."""
    return Schedule._meta.db_table in connections[using].introspection.table_names()
