from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Site

from wagtail_salesforce_leads.delivery.upkeep import purging
from wagtail_salesforce_leads.models import (
    Delivery,
    DeliveryAttempt,
    LeadSubmission,
    SalesforceOrg,
)

State, Hold = Delivery.State, Delivery.Hold
OLD = timedelta(days=31)


@pytest.fixture(autouse=True)
def kept_for_a_month(settings):
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "RETENTION_DAYS": 30,
    }


@pytest.fixture
def org(db):
    return SalesforceOrg.objects.create(site=Site.objects.get(), org_id="00D0", name="Acme")


@pytest.fixture
def submitted(org):
    """A submission of a while ago and its deliveries: ``submitted(OLD, "done")``."""

    def make(ago: timedelta, *states: str, **values) -> LeadSubmission:
        now = timezone.now()
        submission = LeadSubmission.objects.create(submitted_at=now - ago, site=org.site)
        for state in states:
            delivery = Delivery.objects.create(
                submission=submission, org=org, state=state, created_at=now, due_at=now, **values
            )
            DeliveryAttempt.objects.create(
                delivery=delivery,
                claim_token=delivery.external_id,
                started_at=now,
                message="what Salesforce said",
            )
        return submission

    return make


def test_purge_deletes_old_settled_submissions_with_their_attempts(submitted):
    submitted(OLD, State.DONE)
    submitted(OLD)
    young = submitted(timedelta(days=29), State.DONE)

    assert purging.purge() == 2
    assert LeadSubmission.objects.get() == young
    assert Delivery.objects.get().submission == young
    assert DeliveryAttempt.objects.get().delivery.submission == young


@pytest.mark.parametrize(
    "state", [State.DUE, State.SENDING, State.WAITING, State.HELD, State.UNKNOWN, State.FAILED]
)
def test_purge_keeps_what_is_not_in_salesforce_yet(submitted, state):
    submitted(OLD, state)

    assert purging.purge() == 0
    assert LeadSubmission.objects.count() == 1


def test_purge_deletes_a_failure_that_another_delivery_took_the_place_of(submitted):
    replaced = submitted(OLD, State.FAILED, is_current=False, cause="replaced")
    Delivery.objects.create(
        submission=replaced, state=State.DONE, created_at=timezone.now(), due_at=timezone.now()
    )

    assert purging.purge() == 1
    assert not Delivery.objects.exists()


def test_purge_deletes_suspected_spam_that_nobody_took_for_honest(submitted):
    submitted(OLD, State.HELD, cause=Hold.SPAM)
    submitted(timedelta(days=29), State.HELD, cause=Hold.SPAM)
    submitted(OLD, State.HELD, cause=Hold.CEILING)

    assert purging.purge() == 1


def test_purge_keeps_an_earlier_delivery_that_may_still_become_a_lead(submitted):
    submitted(OLD, State.UNKNOWN, is_current=False)

    assert purging.purge() == 0


def test_purge_of_more_than_a_chunk_deletes_all(submitted, monkeypatch):
    monkeypatch.setattr(purging, "CHUNK", 2)
    for _ in range(5):
        submitted(OLD, State.DONE)

    assert purging.purge() == 5


def test_purge_without_a_retention_deletes_nothing(submitted, settings):
    settings.WAGTAIL_SALESFORCE_LEADS = {**settings.WAGTAIL_SALESFORCE_LEADS, "RETENTION_DAYS": 0}
    submitted(timedelta(days=4000), State.DONE)

    assert purging.purge() == 0
