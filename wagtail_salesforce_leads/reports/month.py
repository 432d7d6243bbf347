"""How the last thirty days went, in two numbers above the report."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..models import Delivery
from .visible import submissions_for

DAYS = 30
#: More are not counted: the report stays as quick at a million submissions.
MOST = 10_000
#: Seconds for which a count holds.
FRESH = 60


def last_days(user) -> dict[str, str]:
    """What this user may see of it, as text: "submitted" and "delivered"; empty for none."""
    key = f"wagtail-salesforce-leads-month-{user.pk}"
    counts = cache.get(key)
    if counts is None:
        counts = _counts(user)
        cache.set(key, counts, FRESH)
    return {name: _shown(count) for name, count in counts.items()} if counts["submitted"] else {}


def _counts(user) -> dict[str, int]:
    since = timezone.now() - timedelta(days=DAYS)
    recent = submissions_for(user).filter(submitted_at__gte=since).order_by("-submitted_at")
    delivered = recent.filter(current__state=Delivery.State.DONE)
    return {"submitted": _count(recent), "delivered": _count(delivered)}


def _count(submissions: QuerySet) -> int:
    return submissions.values("pk")[: MOST + 1].count()


def _shown(count: int) -> str:
    if count > MOST:
        return _("more than %(count)s") % {"count": number_format(MOST, force_grouping=True)}
    return number_format(count, force_grouping=True)
