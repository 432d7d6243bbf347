"""How the last thirty days went: a chart and two numbers above the report."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from wagtail_salesforce_leads.chart import Chart, counted_by_day, last_midnights
from wagtail_salesforce_leads.models import Delivery, LeadFormVersion, LeadSubmission
from wagtail_salesforce_leads.numerals import grouped

from .visible import deliveries_for, forms_for, submissions_for

DAYS = 30
#: Seconds for which a count holds.
FRESH = 60


@dataclass(frozen=True)
class Month:
    submitted_by_day: tuple[int, ...]
    not_delivered: int

    @property
    def submitted(self) -> str:
        return grouped(self._submitted)

    @property
    def delivered(self) -> str:
        return grouped(max(0, self._submitted - self.not_delivered))

    @property
    def chart(self) -> Chart:
        return Chart(self.submitted_by_day)

    @property
    def _submitted(self) -> int:
        return sum(self.submitted_by_day)


def last_days(user) -> Month | None:
    """Of what this user may see, by the days of their time zone; None where there is nothing."""
    zone = timezone.get_current_timezone_name()
    key = f"wagtail-salesforce-leads-month-{user.pk}-{zone}"
    month = None
    with suppress(Exception):  # a cache in trouble keeps nothing, and the report goes on
        month = cache.get(key)
    if month is None:
        month = _counted(user)
        with suppress(Exception):
            cache.set(key, month, FRESH)
    return month if any(month.submitted_by_day) else None


def _counted(user) -> Month:
    days = last_midnights(DAYS)
    not_delivered = _open(user, days[0]) + _never_sent(user, days[0])
    submitted = dict(counted_by_day(submissions_for(user), "submitted_at", days))
    return Month(tuple(submitted.get(day, 0) for day in range(DAYS)), not_delivered)


def _open(user, since: datetime) -> int:
    """In Salesforce is what is left: few are in any other state, so the query begins with those."""
    recent = Count("pk", filter=Q(submission__submitted_at__gte=since))
    return deliveries_for(user).filter(state__in=Delivery.OPEN).aggregate(count=recent)["count"]


def _never_sent(user, since: datetime) -> int:
    """Of versions whose lead sync was off."""
    versions = LeadFormVersion.objects.filter(sync=False, form__in=forms_for(user))
    return LeadSubmission.objects.filter(
        version__in=list(versions.values_list("pk", flat=True)), submitted_at__gte=since
    ).count()
