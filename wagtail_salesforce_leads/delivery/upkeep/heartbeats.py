"""When each background job last ran to its end: a hung cluster shows here and nowhere else."""

from __future__ import annotations

from datetime import timedelta

from wagtail_salesforce_leads.models import Heartbeat
from wagtail_salesforce_leads.models.leases import DatabaseNow, from_now

#: The sweep is scheduled every minute.
SWEEP = "sweep"
DIGEST = "digest"
SILENT_AFTER = timedelta(minutes=5)


def beat(name: str) -> None:
    if not Heartbeat.objects.filter(name=name).update(beat_at=DatabaseNow()):
        Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": DatabaseNow()})


def take_turn(name: str, every: timedelta) -> bool:
    """Beat, unless the job beat within ``every``. Of several at once, one gets True."""
    over = Heartbeat.objects.filter(name=name, beat_at__lte=from_now(-every.total_seconds()))
    if over.update(beat_at=DatabaseNow()):
        return True
    return Heartbeat.objects.get_or_create(name=name, defaults={"beat_at": DatabaseNow()})[1]


def is_silent(name: str = SWEEP, after: timedelta = SILENT_AFTER) -> bool:
    """Whether the job has not run for that long, or never ran. Then its cluster must be down."""
    recent = from_now(-after.total_seconds())
    return not Heartbeat.objects.filter(name=name, beat_at__gt=recent).exists()
