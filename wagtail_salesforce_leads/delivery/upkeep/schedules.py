"""The django-q2 schedules of this package, made once and left as a site changes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections, router
from django_q.models import Schedule

TASKS = "wagtail_salesforce_leads.delivery.tasks."


@dataclass(frozen=True)
class Job:
    task: str
    kind: str
    minutes: int | None = None

    @property
    def name(self) -> str:
        return f"Salesforce leads: {self.task.replace('_', ' ')}"


JOBS = (
    Job("sweep", Schedule.MINUTES, minutes=1),
    Job("check_orgs", Schedule.HOURLY),
    Job("keep_alive", Schedule.WEEKLY),
    Job("purge", Schedule.DAILY),
    Job("digest", Schedule.DAILY),
)


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
