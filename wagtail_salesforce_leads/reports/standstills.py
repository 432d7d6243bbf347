"""Which leads stand still until somebody does something: counts by cause, and where to look."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from wagtail_salesforce_leads.delivery.upkeep import heartbeats
from wagtail_salesforce_leads.delivery.words import words
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.models.leases import from_now
from wagtail_salesforce_leads.numerals import grouped

from .visible import deliveries_for

State, Hold = Delivery.State, Delivery.Hold

HELD_BECAUSE = {
    Hold.RECONNECT: ngettext_lazy(
        "%(n)s lead is held because %(org)s needs reconnecting",
        "%(n)s leads are held because %(org)s needs reconnecting",
        "count",
    ),
    Hold.RESERVE: ngettext_lazy(
        "%(n)s lead is held because %(org)s is down to its API reserve",
        "%(n)s leads are held because %(org)s is down to its API reserve",
        "count",
    ),
    Hold.MISCONFIGURED: ngettext_lazy(
        "%(n)s lead is held because %(org)s is not set up to take leads",
        "%(n)s leads are held because %(org)s is not set up to take leads",
        "count",
    ),
    Hold.COPY: ngettext_lazy(
        "%(n)s lead for %(org)s is held because this site is a copy",
        "%(n)s leads for %(org)s are held because this site is a copy",
        "count",
    ),
    Hold.CEILING: ngettext_lazy(
        "%(n)s lead for %(org)s is held because its form got too many in an hour",
        "%(n)s leads for %(org)s are held because their form got too many in an hour",
        "count",
    ),
    Hold.SPAM: ngettext_lazy(
        "%(n)s lead for %(org)s is held on suspicion of spam",
        "%(n)s leads for %(org)s are held on suspicion of spam",
        "count",
    ),
}
HELD_FOR_ANOTHER_CAUSE = ngettext_lazy(
    "%(n)s lead for %(org)s is held", "%(n)s leads for %(org)s are held", "count"
)


@dataclass(frozen=True)
class Standstill:
    """``org_pk`` is that of the account which holds the leads up, None where none does."""

    text: str
    repair: str
    url: str
    org_pk: int | None = None


def standstills(user) -> list[Standstill]:
    """What keeps the leads this user may see; two queries, and empty while all is well."""
    rows = list(
        deliveries_for(user)
        .filter(state__in=[State.FAILED, State.HELD])
        .values("state", "cause", "org", "org__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "cause", "org")
    )
    failed = sum(row["count"] for row in rows if row["state"] == State.FAILED)
    held = [_held(row) for row in rows if row["state"] == State.HELD]
    return [*_not_looked_for(user), *([_failed(failed)] if failed else []), *held]


def listing_url(**filters: object) -> str:
    """The report, narrowed down."""
    chosen = {name: value for name, value in filters.items() if value}
    return f"{reverse('wagtail_salesforce_leads_reports:index')}?{urlencode(chosen)}"


def _not_looked_for(user) -> list[Standstill]:
    """The worker is down, or lives on and does nothing; no mail of its own can say so."""
    if not heartbeats.is_silent():
        return []
    long_due = from_now(-heartbeats.SILENT_AFTER.total_seconds())
    waiting = deliveries_for(user).filter(state__in=[State.DUE, State.WAITING])
    count = waiting.filter(due_at__lte=long_due).count()
    if not count:
        return []
    text = ngettext(
        "%(n)s lead waits, and nothing has looked for it for five minutes",
        "%(n)s leads wait, and nothing has looked for them for five minutes",
        count,
    )
    repair = _(
        "The worker that sends leads (manage.py qcluster) is not running, or hangs. Tell whoever "
        "runs this site."
    )
    return [Standstill(text % {"n": grouped(count)}, repair, listing_url(result=State.DUE.value))]


def _failed(count: int) -> Standstill:
    text = ngettext("%(n)s lead needs you", "%(n)s leads need you", count) % {"n": grouped(count)}
    return Standstill(text, "", listing_url(result=State.FAILED.value))


def _held(row: dict) -> Standstill:
    cause, org, count = row["cause"], row["org"], row["count"]
    text = HELD_BECAUSE.get(cause, HELD_FOR_ANOTHER_CAUSE)
    sentence, repair = words(cause)
    return Standstill(
        text % {"count": count, "n": grouped(count), "org": row["org__name"] or "–"},
        repair if cause in HELD_BECAUSE else f"{sentence} {repair}",
        listing_url(result=State.HELD.value, account=org, cause=cause),
        None if cause in Delivery.SUSPICIOUS else org,
    )
