"""Which org is served next: in turn, one batch each while others wait.

An org that hangs holds the worker that is at it for one call, then its lane is paused.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from functools import partial

from django.db.models import Exists, F, OuterRef, QuerySet

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.delivery import lane, reserve
from wagtail_salesforce_leads.delivery.retry import SUBMISSION_ID_FIELD
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import DatabaseNow
from wagtail_salesforce_leads.orgs import access, marks
from wagtail_salesforce_leads.orgs.unavailable import OrgUnavailable
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.errors import SalesforceProblem

from .in_flight import Wire
from .turn import Turn, hold, pause, unavailable_org
from .unanswered import is_fit

State = Delivery.State
#: What a worker can do something about, once ``due_at`` has come.
ACTIONABLE = (State.DUE, State.WAITING, State.UNKNOWN)
#: Seconds a worker has for the last call and for writing down what it said.
LAST_CALL = 15.0
#: Seconds. An org that left a call unanswered must not cost another whole deadline.
PROBE_DEADLINE = 5.0


def take_turns(first: int | None = None, *, seconds: float | None = None) -> int | None:
    """Serve the orgs that have something due, ``first`` before the others, for ``seconds``.

    Returns an org that is left with something to send because the time was over.
    """
    ends = time.monotonic() + (seconds or _patience())
    served: set[int] = set()  # and had nothing that could be sent: left to the next sweep
    with Wire() as wire:
        org_pk = first if first is not None else next_org()
        while org_pk is not None and time.monotonic() < ends:
            if not serve(org_pk, wire, ends):
                served.add(org_pk)
            org_pk = next_org(without=served)
    return next_org(without=served)


def serve(org_pk: int, wire: Wire, ends: float) -> int:
    """One turn at one org. Returns how many calls went out; 0: nothing to do, or not now."""
    org = SalesforceOrg.objects.filter(pk=org_pk).first()
    if org is None:
        return 0
    lane.lane_of(org_pk)
    token = lane.take(org_pk)
    if token is None:
        return 0
    try:
        if not is_fit(org, org.submission_id_field):
            hold(org, SUBMISSION_ID_FIELD)
            return 0
        reserve.measure(org)
        _probe(org)
        client = access.open_client(org)
        return Turn(org, token, client, wire, ends, partial(_others_wait, org_pk)).take()
    except OrgUnavailable as problem:
        unavailable_org(org, problem)
    except SalesforceProblem as problem:
        pause(org, problem.code or "not_sent")
    finally:
        lane.leave(token)
    return 0


def waiting_orgs() -> QuerySet[OrgLane]:
    """The lanes that are free and open and have something due, longest waiting first."""
    due = Delivery.objects.filter(
        org=OuterRef("org"), state__in=ACTIONABLE, due_at__lte=DatabaseNow()
    )
    oldest_turn = F("served_at").asc(nulls_first=True)
    return OrgLane.objects.free().open().filter(Exists(due)).order_by(oldest_turn, "pk")


def next_org(without: Collection[int] = ()) -> int | None:
    lanes = waiting_orgs().exclude(org__in=list(without))
    return lanes.values_list("org", flat=True).first()


def _probe(org: SalesforceOrg) -> None:
    """After a lost answer, a GET has to work before the next POST."""
    known = lane.lane_of(org.pk)
    is_silent = known.health == OrgLane.Health.UNREACHABLE
    if known.must_probe or known.pauses or is_silent:
        access.call(org, SalesforceClient.probe, deadline=PROBE_DEADLINE)
        lane.answered(org.pk)
    if is_silent:
        marks.mark(org, OrgLane.Health.HEALTHY)


def _others_wait(org_pk: int) -> bool:
    return next_org(without=[org_pk]) is not None


def _patience() -> float:
    """Seconds in which a task may begin another call and still end before its time-out."""
    left = settings.TASK_TIMEOUT - settings.CALL_DEADLINE_MAX - LAST_CALL
    return max(left, settings.TASK_TIMEOUT / 4)
