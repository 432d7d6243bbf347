"""The lane to one org: who sends in it, whether it is paused, and what the org said of its limits.

One sender an org at a time: a second one would only queue up at Salesforce's row locks, and an org
that hangs must not hold a second worker.
"""

from __future__ import annotations

import random
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import F
from django.db.models.functions import Least

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import OrgLane
from wagtail_salesforce_leads.models.leases import DatabaseNow, from_now

from .retry import back_off
from .writing import committed

#: Seconds. An org is asked again much sooner than one lead is tried again: asking is one GET.
LONGEST_PAUSE = 300.0
SMALLEST_BATCH = 10


def lane_of(org_pk: int) -> OrgLane:
    return OrgLane.objects.get_or_create(org_id=org_pk)[0]


def take(org_pk: int) -> UUID | None:
    """Become the org's sender. None: another one is, or the lane is paused."""
    token = uuid4()
    lane = OrgLane.objects.filter(org=org_pk).open()
    return token if lane.claim(token, settings.LEASE, served_at=DatabaseNow()) else None


def keep(token: UUID) -> bool:
    """Go on being the sender. False: too much time has passed, another one may have taken over."""
    return bool(OrgLane.objects.held_by(token).update(lease_until=from_now(settings.LEASE)))


def leave(token: UUID) -> None:
    """End the turn's lease. Retried, so that it survives a short database outage."""
    committed(lambda: OrgLane.objects.give_back(token))


def database_time(org_pk: int) -> datetime:
    """The database's clock; ours may differ, and so may that of another machine."""
    return OrgLane.objects.filter(org=org_pk).values_list(DatabaseNow(), flat=True).get()


def pause(org_pk: int, code: str, *, at_least: float = 0) -> None:
    """Send nothing for a while: the cause is the org's, so no delivery's own clock runs."""
    lane = lane_of(org_pk)
    seconds = back_off(
        lane.pauses + 1, random.random(), first=settings.RETRY_FIRST, longest=LONGEST_PAUSE
    )
    OrgLane.objects.filter(pk=lane.pk).update(
        paused_until=from_now(max(seconds, at_least)),
        pause_code=code,
        pauses=Least(F("pauses") + 1, 1000),
    )


def answered(org_pk: int) -> None:
    """The org answers as itself: forget its pauses."""
    OrgLane.objects.filter(org=org_pk).update(
        paused_until=None, pause_code="", pauses=0, must_probe=False
    )


def must_probe(org_pk: int) -> None:
    """An answer was lost: a GET has to work before the next POST, or all would be in doubt."""
    OrgLane.objects.filter(org=org_pk).update(must_probe=True)


def delivered(org_pk: int) -> None:
    OrgLane.objects.filter(org=org_pk).update(last_lead_at=DatabaseNow())


def batch_size(lane: OrgLane) -> int:
    """How many leads the next call may hold; 0 in the row means as many as the settings allow."""
    return min(lane.batch_size or settings.BATCH_SIZE, settings.BATCH_SIZE)


def shrink_batches(org_pk: int) -> None:
    """After a time-out or a storm of row locks: half as many."""
    lane = lane_of(org_pk)
    size = max(batch_size(lane) // 2, min(SMALLEST_BATCH, settings.BATCH_SIZE))
    OrgLane.objects.filter(pk=lane.pk).update(batch_size=size)


def grow_batches(lane: OrgLane) -> None:
    """After a good call: a quarter more, until it is as many as the settings allow."""
    if lane.batch_size:
        size = lane.batch_size + max(lane.batch_size // 4, 1)
        lane.batch_size = 0 if size >= settings.BATCH_SIZE else size
        OrgLane.objects.filter(pk=lane.pk).update(batch_size=lane.batch_size)
