"""Waking a worker. A nudge is never the record: it may be lost, doubled or late."""

from __future__ import annotations

from functools import partial

from django.db import router, transaction
from django_q.conf import Conf
from django_q.tasks import async_task

from wagtail_salesforce_leads.models import Delivery, OrgLane
from wagtail_salesforce_leads.models.leases import DatabaseNow, from_now

DELIVER = "wagtail_salesforce_leads.delivery.tasks.deliver"
#: Seconds after which a nudge that no worker took counts as lost.
NUDGE_LIFE = 60


def nudge(org_pk: int) -> None:
    """Have a worker look at the org's deliveries soon, unless one is about to.

    With django-q2's ORM broker on our database the nudge is a row of the caller's transaction. Any
    other broker is told after the commit, where its trouble cannot hurt what was committed.
    """
    if queue_is_in_our_database():
        _enqueue_once(org_pk)
    else:
        transaction.on_commit(partial(_tell_broker, org_pk), robust=True)


def queue_is_in_our_database() -> bool:
    return bool(Conf.ORM) and router.db_for_write(Delivery) == Conf.ORM


def taken(org_pk: int) -> None:
    """A worker has come: what is submitted from now on needs a new nudge."""
    OrgLane.objects.filter(org=org_pk).exclude(nudged_at=None).update(nudged_at=None)


def _enqueue_once(org_pk: int) -> None:
    if not _is_on_its_way(org_pk):
        OrgLane.objects.filter(org=org_pk).update(nudged_at=DatabaseNow())
        async_task(DELIVER, org_pk, save=False)


def _tell_broker(org_pk: int) -> None:
    try:
        _enqueue_once(org_pk)
    except Exception:
        taken(org_pk)
        raise


def _is_on_its_way(org_pk: int) -> bool:
    """Only read, never waited for: several visitors at once may each nudge."""
    return OrgLane.objects.filter(org=org_pk, nudged_at__gt=from_now(-NUDGE_LIFE)).exists()
