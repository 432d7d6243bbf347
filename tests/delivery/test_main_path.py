from __future__ import annotations

import pytest

from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery

State = Delivery.State


@pytest.fixture
def campaign(salesforce) -> str:
    return salesforce.campaign("Spring fair 2027")


def test_deliver_one_with_campaign_is_one_call_and_reads_the_status_back(
    salesforce, org, submit, campaign
):
    delivery = submit(org, campaign, "Registered", Email="hanako@example.jp")
    before = len(salesforce.calls(1))
    deliver(org.pk)
    delivery.refresh_from_db()
    (lead,) = salesforce.leads(1)
    (member,) = salesforce.members(1)
    assert delivery.state == State.DONE, (delivery.cause, delivery.tries.values())
    assert delivery.lead_id == lead["Id"]
    assert delivery.member_id == member["Id"]
    assert delivery.actual_status == "Registered"
    assert [call["path"] for call in salesforce.calls(1)[before:]] == [
        "/services/data/v66.0/composite"
    ]
    (attempt,) = delivery.tries.all()
    assert attempt.result == "delivered"
    assert attempt.sent_at
    assert attempt.finished_at


def test_deliver_one_without_campaign_makes_a_lead_and_no_member(salesforce, org, submit):
    delivery = submit(org)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert len(salesforce.leads(1)) == 1
    assert salesforce.members(1) == []


def test_deliver_many_takes_two_calls_for_two_hundred(salesforce, org, submit, campaign):
    for number in range(250):
        submit(org, campaign, "Registered", LastName=f"Visitor {number}")
    before = len(salesforce.calls(1))
    deliver(org.pk)
    assert Delivery.objects.filter(state=State.DONE, actual_status="Registered").count() == 250
    assert len(salesforce.leads(1)) == 250
    assert len(salesforce.members(1)) == 250
    assert len(salesforce.calls(1)) - before == 4
