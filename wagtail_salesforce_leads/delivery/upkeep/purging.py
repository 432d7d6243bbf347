"""Deleting what is older than the site wants to keep."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import Delivery, LeadSubmission

#: Rows a transaction: short enough that no visitor waits for it.
CHUNK = 500

State = Delivery.State


def purge() -> int:
    """Delete submissions that are old enough, with their deliveries and attempts.

    What is still to be delivered, or needs a person, stays; spam that nobody took for honest in all
    that time does not. Returns how many were deleted.
    """
    if not settings.RETENTION_DAYS:
        return 0
    before = timezone.now() - timedelta(days=settings.RETENTION_DAYS)
    # A failure that another delivery took the place of needs nobody any more.
    replaced = Q(state=State.FAILED, is_current=False)
    over = Q(state=State.DONE) | replaced | Q(state=State.HELD, cause=Delivery.Hold.SPAM)
    open_ones = Delivery.objects.filter(~over, submission=OuterRef("pk"))
    old = LeadSubmission.objects.filter(~Exists(open_ones), submitted_at__lt=before)
    deleted = 0
    while pks := list(old.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        LeadSubmission.objects.filter(pk__in=pks).delete()
        deleted += len(pks)
    return deleted
