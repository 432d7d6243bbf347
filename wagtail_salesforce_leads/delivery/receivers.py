"""What delivery does when an org's connection goes down or comes back."""

from __future__ import annotations

from django.db import transaction
from django.db.models.signals import post_migrate
from django_q.tasks import async_task

from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.orgs.signals import org_came_back, org_went_down, session_wanted

from . import lane, outbox
from .nudges import nudge
from .retry import SUBMISSION_ID_FIELD
from .upkeep import schedules

KEEP_SESSION = "wagtail_salesforce_leads.delivery.tasks.keep_session"


def connect(app_config) -> None:
    org_went_down.connect(_hold, dispatch_uid="salesforce_leads_hold")
    org_came_back.connect(_release, dispatch_uid="salesforce_leads_release")
    session_wanted.connect(_keep_session, dispatch_uid="salesforce_leads_session")
    post_migrate.connect(_schedule, sender=app_config, dispatch_uid="salesforce_leads_schedule")


def _hold(org, reason, **kwargs) -> None:
    outbox.hold_org(org, reason)


def _release(org, reasons, **kwargs) -> None:
    """A lane that was paused because nothing answered need not wait any longer either."""
    reasons = set(reasons)
    if Delivery.Hold.MISCONFIGURED in reasons:
        reasons.add(SUBMISSION_ID_FIELD)
    lane.answered(org.pk)
    if outbox.release_org(org, reasons):
        nudge(org.pk)


def _keep_session(org, **kwargs) -> None:
    transaction.on_commit(lambda: async_task(KEEP_SESSION, org.pk, save=False), robust=True)


def _schedule(**kwargs) -> None:
    schedules.ensure(using=kwargs["using"])
