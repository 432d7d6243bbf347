"""The broom: finds what no nudge reached, what workers vanished with, and what can go on again."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from wagtail_salesforce_leads.delivery import claims, nudges, reserve
from wagtail_salesforce_leads.delivery.outbox import ORG_GONE
from wagtail_salesforce_leads.delivery.outcomes.announcing import announce
from wagtail_salesforce_leads.delivery.sending import rota
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import DatabaseNow
from wagtail_salesforce_leads.orgs import marks, missed_reconnects

#: Rows an UPDATE.
CHUNK = 500

State = Delivery.State
Hold = Delivery.Hold


def sweep() -> list[int]:
    """Put everything in order that needs no call. Returns the orgs that have something to send."""
    claims.end_lapsed()
    _fail_without_org()
    _open_lanes()
    _release_reconnected()
    waiting = rota.waiting_orgs().values_list("org", flat=True)
    held = reserve.lanes_to_measure().values_list("org", flat=True)
    return list(dict.fromkeys([*waiting, *held]))


def sweep_and_nudge() -> None:
    for org_pk in sweep():
        nudges.nudge(org_pk)


def _fail_without_org() -> None:
    """The account's row is gone, so nobody will ever send them."""
    gone = Delivery.objects.filter(org=None, state__in=[*rota.ACTIONABLE, State.HELD])
    while pks := list(gone.values_list("pk", flat=True)[:CHUNK]):
        failed = {"state": State.FAILED, "cause": ORG_GONE, "settled_at": DatabaseNow()}
        if gone.filter(pk__in=pks).update(**failed):
            announce(pks)


def _open_lanes() -> None:
    """A lane for each org with something to send; the rest is decided by the lanes alone."""
    due = Delivery.objects.filter(org=OuterRef("pk"), state__in=rota.ACTIONABLE)
    without = SalesforceOrg.objects.filter(lane=None).filter(Exists(due))
    OrgLane.objects.bulk_create([OrgLane(org=org) for org in without], ignore_conflicts=True)


def _release_reconnected() -> None:
    held = Delivery.objects.filter(org=OuterRef("org")).held_for(Hold.RECONNECT, Hold.COPY)
    reconnected = missed_reconnects.lanes_reconnected(still_held=Q(Exists(held)))
    for lane in reconnected.select_related("org"):
        marks.came_back(lane.org)
