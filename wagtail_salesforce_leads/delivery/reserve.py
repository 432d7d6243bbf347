"""Leaving part of the org's daily API calls to its other programs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import from_now
from wagtail_salesforce_leads.orgs import access, marks
from wagtail_salesforce_leads.salesforce.client import SalesforceClient

from . import lane, outbox

#: What an org said longer ago than this holds nothing back: the count rolls over a day.
OLD_READING = timedelta(hours=1)
#: Seconds between two questions to an org that is held; asking costs a call itself.
MEASURE_EVERY = 900.0
#: A batch is a call for its leads and one for their members.
CALLS_A_BATCH = 2

RESERVE = Delivery.Hold.RESERVE


def percent_of(org: SalesforceOrg) -> int:
    own = org.api_reserve_percent
    return settings.API_RESERVE_PERCENT if own is None else own


def leaves_enough(org: SalesforceOrg, known: OrgLane, now: datetime) -> bool:
    """Whether one more batch leaves the reserve untouched, by what the org said last. Pure."""
    if known.reserve_lifted_until and known.reserve_lifted_until > now:
        return True
    if known.api_read_at is None or not known.api_limit or now - known.api_read_at > OLD_READING:
        return True
    ours = known.api_limit * (100 - percent_of(org)) / 100
    return (known.api_used or 0) + CALLS_A_BATCH <= ours


def hold(org: SalesforceOrg) -> None:
    outbox.hold_org(org, RESERVE)


def lanes_to_measure() -> QuerySet[OrgLane]:
    """Lanes of orgs whose leads are held, with an old reading or a person's "send anyway"."""
    held = Delivery.objects.filter(org=OuterRef("org")).held_for(RESERVE)
    old = Q(api_read_at=None) | Q(api_read_at__lt=from_now(-MEASURE_EVERY))
    lifted = Q(reserve_lifted_until__gt=from_now(0))
    return OrgLane.objects.filter(Exists(held)).filter(old | lifted)


def measure(org: SalesforceOrg) -> None:
    """Ask a held org where its calls stand, and let its leads go if there are enough.

    Raises an OrgUnavailable or a SalesforceProblem.
    """
    if not lanes_to_measure().filter(org=org).exists():
        return
    now = lane.database_time(org.pk)
    known = lane.lane_of(org.pk)
    if not (known.reserve_lifted_until and known.reserve_lifted_until > now):
        marks.note_usage(org, access.call(org, SalesforceClient.limits))
        known = lane.lane_of(org.pk)
    if leaves_enough(org, known, lane.database_time(org.pk)):
        outbox.release_org(org, [RESERVE])
