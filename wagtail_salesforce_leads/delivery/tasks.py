"""What django-q2 runs. Each is a nudge that may be lost, doubled or late; none ever raises.

Arguments are integers only: a task row must not hold an answer or a secret, and a pickled object
that cannot be loaded any more would kill the cluster again and again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import in_transaction
from wagtail_salesforce_leads.orgs import access, health, notices
from wagtail_salesforce_leads.orgs.unavailable import OrgUnavailable
from wagtail_salesforce_leads.salesforce.errors import SalesforceProblem

from .nudges import nudge, taken
from .sending import rota
from .upkeep import heartbeats, purging, sweeping
from .upkeep.digest import send_digests

__all__ = [
    "check_orgs",
    "deliver",
    "digest",
    "keep_alive",
    "keep_session",
    "nudge",
    "purge",
    "sweep",
]

logger = logging.getLogger(__name__)

#: Seconds. A check takes three API calls of the org's.
CHECK_EVERY = 86_000.0


def contained(task: Callable[..., None]) -> Callable[..., None]:
    """A task that raised would be tried again by django-q2, for ever by default."""

    @wraps(task)
    def run(*args: int) -> None:
        if in_transaction(Delivery):
            logger.warning("%s does nothing inside a transaction.", task.__name__)
            return
        try:
            task(*args)
        except Exception:
            logger.exception("%s failed; the next sweep goes on.", task.__name__)

    return run


@contained
def deliver(org_pk: int) -> None:
    """Send what is due, first of this org, then of others in turn."""
    taken(org_pk)
    left = rota.take_turns(first=org_pk)
    if left is not None:
        nudge(left)


@contained
def sweep() -> None:
    """Every minute: what lost its nudge, its worker or its turn."""
    sweeping.sweep_and_nudge()
    heartbeats.beat(heartbeats.SWEEP)
    notices.tell_once()


@contained
def check_orgs() -> None:
    """Every hour: orgs that cannot be asked. Every day: what the others let us do, their schema."""
    for lane in OrgLane.objects.to_check(every=CHECK_EVERY).select_related("org"):
        _quietly(health.check, lane.org)
    heartbeats.beat("check_orgs")


@contained
def keep_alive() -> None:
    """Every week: a grant that is idle for 30 days may expire."""
    for org in SalesforceOrg.objects.connected():
        _quietly(access.keep_alive, org)
    heartbeats.beat("keep_alive")


@contained
def keep_session(org_pk: int) -> None:
    """A request needed a new session and must not ask for it itself."""
    for org in SalesforceOrg.objects.filter(pk=org_pk):
        _quietly(access.keep_session, org)


@contained
def purge() -> None:
    """Every day: submissions older than the site keeps them, if they are settled."""
    purging.purge()
    heartbeats.beat("purge")


@contained
def digest() -> None:
    """Every day: one mail while leads need a person."""
    send_digests()


def _quietly(act: Callable[[SalesforceOrg], object], org: SalesforceOrg) -> None:
    """One org's trouble is on its card already, and no matter of the next org's."""
    try:
        act(org)
    except (OrgUnavailable, SalesforceProblem) as problem:
        logger.info("Org %s: %s.", org.pk, type(problem).__name__)
