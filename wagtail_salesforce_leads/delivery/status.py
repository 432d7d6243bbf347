"""How delivery as a whole is doing, in one reading."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min

from wagtail_salesforce_leads.models import Delivery, Heartbeat, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import from_now

from .upkeep import heartbeats

State = Delivery.State
Health = OrgLane.Health

DAY = 24 * 3600

WELL, NEEDS_A_PERSON, STOPPED = 0, 1, 2


@dataclass(frozen=True)
class Status:
    #: By state, but for what is done, which is all there ever was.
    counts: dict[str, int]
    done_last_day: int
    oldest_due: datetime | None
    last_sweep: datetime | None
    orgs: list[dict[str, Any]]
    exit_code: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read(*, late: int = 900) -> Status:
    """``late``: seconds after which a lead that is due and still here counts as stuck."""
    counts = _counts()
    orgs = [_org(lane) for lane in OrgLane.objects.select_related("org").order_by("org__name")]
    return Status(
        counts=counts,
        done_last_day=_done_last_day(),
        oldest_due=Delivery.objects.due().aggregate(oldest=Min("due_at"))["oldest"],
        last_sweep=Heartbeat.objects.filter(name=heartbeats.SWEEP)
        .values_list("beat_at", flat=True)
        .first(),
        orgs=orgs,
        exit_code=_exit_code(counts, orgs, late),
    )


def _counts() -> dict[str, int]:
    current = Delivery.objects.filter(is_current=True, state__in=Delivery.OPEN).order_by()
    zeros = {state.value: 0 for state in State if state in Delivery.OPEN}
    return zeros | dict(current.values_list("state").annotate(Count("pk")))


def _done_last_day() -> int:
    """By org, and by when their turn came, as there is an index on."""
    orgs = list(SalesforceOrg.objects.values_list("pk", flat=True))
    done = Delivery.objects.filter(state=State.DONE, org__in=orgs)
    return done.filter(due_at__gte=from_now(-DAY)).count()


def _org(lane: OrgLane) -> dict[str, Any]:
    return {
        "name": lane.org.name,
        "connected": lane.org.is_connected,
        "health": lane.health,
        "code": lane.health_code,
        "paused_until": lane.paused_until,
        "api_used": lane.api_used,
        "api_limit": lane.api_limit,
        "last_lead": lane.last_lead_at,
    }


def _exit_code(counts: dict[str, int], orgs: list[dict[str, Any]], late: int) -> int:
    stuck = Delivery.objects.filter(state=State.DUE, due_at__lt=from_now(-late)).exists()
    if stuck or heartbeats.is_silent():
        return STOPPED
    ill = any(org["connected"] and org["health"] != Health.HEALTHY for org in orgs)
    return NEEDS_A_PERSON if counts[State.FAILED] or ill else WELL
