"""How an org's connection fares, as its card and the admin home show it."""

from __future__ import annotations

from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import DatabaseNow, in_transaction
from wagtail_salesforce_leads.salesforce.client import ApiUsage

from .signals import org_came_back, org_went_down
from .unavailable import OrgUnavailable, SessionRefused

Health = OrgLane.Health
Hold = Delivery.Hold

#: The healths that a working sign-in ends; a missing permission is not among them.
SIGN_IN_HEALTHS = (Health.RECONNECT, Health.COPY, Health.UNREACHABLE, Health.IDLE)
#: The holds that a working sign-in ends.
SIGN_IN_HOLDS = frozenset({Hold.RECONNECT, Hold.COPY, Hold.MISCONFIGURED})
#: The SIGN_IN_HOLDS that only a dead or copied grant causes; MISCONFIGURED has other causes too.
GRANT_HOLDS = SIGN_IN_HOLDS - {Hold.MISCONFIGURED}
#: The card warns once this per cent of the day's API calls is used.
API_LIMIT_PERCENT = 90


def mark(org: SalesforceOrg, health: str, code: str = "") -> bool:
    """Whether this is news. Administrators are told of news once (``OrgLane.told_at``)."""
    lanes = OrgLane.objects.filter(org=org)
    if health == Health.UNREACHABLE:
        lanes = lanes.filter(health__in=[Health.HEALTHY, Health.IDLE, Health.UNREACHABLE])
    return _change(lanes.exclude(health=health, health_code=code), health, code)


def went_down(org: SalesforceOrg, problem: OrgUnavailable) -> None:
    """Note that the org cannot be asked, and have its leads held where waiting is not enough.

    Not inside a transaction: the mark would hold the lane's row until its end.
    """
    if not problem.health or in_transaction(OrgLane):
        return
    if mark(org, problem.health, problem.code) and problem.hold_reason:
        org_went_down.send_robust(SalesforceOrg, org=org, reason=problem.hold_reason)


def came_back(
    org: SalesforceOrg,
    *,
    healed: bool = False,
    health: str = Health.HEALTHY,
    holds: frozenset[str] = SIGN_IN_HOLDS,
) -> None:
    """Note that signing in works, and have the leads released that were held because it did not.

    ``healed``: everything else was tried as well and works. ``health``: what remains to be said.
    ``holds``: the reasons that are gone.
    """
    ended = [Health.HEALTHY, *SIGN_IN_HEALTHS]
    ended += [Health.PERMISSION, Health.API_LIMIT] if healed else []
    _change(OrgLane.objects.filter(org=org, health__in=ended).exclude(health=health), health, "")
    org_came_back.send_robust(SalesforceOrg, org=org, reasons=holds)


def signed_in(org: SalesforceOrg) -> None:
    """After a refresh: :func:`came_back`, if it was away."""
    if is_away(org):
        came_back(org)


def is_away(org: SalesforceOrg) -> bool:
    """Whether its card says that signing in does not work, or was not tried for long."""
    return OrgLane.objects.filter(org=org, health__in=SIGN_IN_HEALTHS).exists()


def session_works(org: SalesforceOrg) -> None:
    """Note that a new session is taken. A new session alone does not say so."""
    lanes = OrgLane.objects.filter(org=org, health_code=SessionRefused.code)
    _change(lanes, Health.HEALTHY, "")


def note_usage(org: SalesforceOrg, usage: ApiUsage | None) -> None:
    """Keep what an answer said about the org's API calls of the day."""
    if usage is None:
        return
    lanes = OrgLane.objects.filter(org=org)
    lanes.update(api_used=usage.used, api_limit=usage.limit, api_read_at=DatabaseNow())
    if usage.used * 100 >= usage.limit * API_LIMIT_PERCENT:
        _change(lanes.filter(health=Health.HEALTHY), Health.API_LIMIT, "")
    else:
        _change(lanes.filter(health=Health.API_LIMIT), Health.HEALTHY, "")


def _change(lanes, health: str, code: str) -> bool:
    changed = lanes.update(
        health=health, health_code=code, health_since=DatabaseNow(), told_at=None
    )
    return changed > 0
