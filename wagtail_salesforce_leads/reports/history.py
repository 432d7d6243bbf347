"""What happened to a submission, step by step, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from wagtail_salesforce_leads.delivery.words.tries import calls_told, told
from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt

from .matches import Match, matches_of
from .results import url_of

Kind = DeliveryAttempt.Kind

#: What came sooner after the step before it needs no mention of the time between.
AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True)
class Entry:
    """One try. ``later``: how long after the step before; ``lead_url`` may be empty."""

    attempt: DeliveryAttempt
    title: str
    told: str
    later: str
    facts: str
    lead_url: str
    matches: list[Match]


def history_of(delivery: Delivery, since: datetime) -> list[Entry]:
    """Every try of the delivery, oldest first; ``since``: when the form was submitted."""
    return list(_entries(delivery, since))


def _entries(delivery: Delivery, before: datetime) -> Iterator[Entry]:
    number = 0
    for attempt in delivery.tries.all():
        number += attempt.kind != Kind.LOOK_UP
        yield Entry(
            attempt,
            _title(attempt, number),
            told(attempt),
            _later(before, attempt.started_at),
            _facts(attempt),
            url_of(delivery, attempt.lead_id),
            matches_of(delivery, attempt),
        )
        before = attempt.started_at


def _title(attempt: DeliveryAttempt, number: int) -> str:
    if attempt.kind == Kind.LOOK_UP:
        return str(Kind.LOOK_UP.label)
    firsts = (_("First try"), _("Second try"), _("Third try"))
    name = firsts[number - 1] if number <= len(firsts) else _("Try %(n)d") % {"n": number}
    if attempt.kind == Kind.MEMBER:
        return _("%(try)s, campaign member only") % {"try": name}
    return name


def _later(before: datetime, at: datetime) -> str:
    if at - before < AT_ONCE:
        return ""
    return _("%(time)s later") % {"time": timesince(before, at, depth=1)}


def _facts(attempt: DeliveryAttempt) -> str:
    code = attempt.result if attempt.result.isupper() else ""
    http = f"HTTP {attempt.http_status}" if attempt.http_status else ""
    return _(", ").join(filter(None, [code, http, calls_told(attempt.calls)]))
