"""What people did with submissions, in Wagtail's audit log."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry

from wagtail_salesforce_leads.models import LeadSubmission

RESEND = "wagtail_salesforce_leads.resend"


def log_each(submissions: QuerySet[LeadSubmission], action: str, user) -> None:
    """As ``wagtail.log_actions.log`` of each, in one statement: an entry an object, all with the
    same uuid, as Wagtail's own bulk actions leave them."""
    content_type = ContentType.objects.get_for_model(LeadSubmission)
    uuid, now = get_active_log_context().uuid, timezone.now()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=content_type,
            object_id=str(submission.pk),
            label=str(submission),
            action=action,
            user=user,
            uuid=uuid,
            timestamp=now,
        )
        for submission in submissions
    )
