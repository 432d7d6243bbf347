"""What a duplicate rule matched: a count and record ids, never a value."""

from __future__ import annotations

import json

import pytest

from wagtail_salesforce_leads.delivery.sending import follow_ups
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt

State = Delivery.State
PERSON = {"LastName": "Yamada", "Email": "hanako@example.jp"}


@pytest.fixture
def first(salesforce, org, submit) -> Delivery:
    """In Salesforce already when the rule begins to block."""
    delivery = submit(org, **PERSON)
    deliver(org.pk)
    delivery.refresh_from_db()
    salesforce.rules(1, duplicate_rules=[{"action": "block"}])
    return delivery


def attempt_of(delivery: Delivery) -> DeliveryAttempt:
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.FAILED, "DUPLICATES_DETECTED")
    return delivery.tries.last()


def test_blocked_lead_alone_keeps_what_it_is_like_and_no_value(org, submit, first):
    blocked = submit(org, **PERSON)
    deliver(org.pk)
    attempt = attempt_of(blocked)
    assert (attempt.match_count, attempt.match_ids) == (1, [first.lead_id])
    stored = DeliveryAttempt.objects.filter(pk=attempt.pk).values().get()
    assert "hanako" not in json.dumps(stored, default=str)


def test_blocked_lead_of_a_batch_is_asked_once_alone_and_no_other_is(
    salesforce, org, submit, first
):
    blocked = submit(org, **PERSON)
    for number in range(30):
        submit(org, LastName=f"Visitor {number}", Email=f"visitor{number}@example.jp")
    deliver(org.pk)
    assert attempt_of(blocked).match_ids == [first.lead_id]
    assert Delivery.objects.filter(state=State.DONE).count() == 31
    asked = [call["path"].rsplit("/v66.0/")[1] for call in salesforce.calls(1)]
    assert asked == ["composite", "composite/sobjects", "composite"]


def test_more_blocked_leads_than_are_asked_alone_go_to_a_person_all_the_same(
    salesforce, org, submit, first, monkeypatch
):
    monkeypatch.setattr(follow_ups, "MOST_ALONE", 2)
    blocked = [submit(org, **PERSON) for _number in range(30)]
    deliver(org.pk)
    counts = sorted(attempt_of(one).match_count for one in blocked)
    assert counts == [0] * 28 + [1] * 2


def test_match_that_the_user_may_not_see_is_not_named(salesforce, connect, org, submit, first):
    salesforce.control("POST", f"orgs/1/leads/{first.lead_id}/hide", {})
    salesforce.control("PATCH", "orgs/1/users/admin", {"view_all": False})
    blocked = submit(org, **PERSON)
    deliver(org.pk)
    assert attempt_of(blocked).match_ids == []
