"""The campaign member: a step of its own, repeated without its lead."""

from __future__ import annotations

import pytest

from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.orgs import access

from .test_sequences import settle

State = Delivery.State


@pytest.fixture
def campaign(salesforce) -> str:
    return salesforce.campaign("Spring fair 2027")


@pytest.mark.parametrize("count", [1, 30])
def test_status_that_is_not_the_campaigns_is_corrected_once_then_shown(
    salesforce, org, submit, campaign, count
):
    for number in range(count):
        submit(org, campaign, "Never heard of", LastName=f"Visitor {number}")
    deliver(org.pk)
    found = Delivery.objects.values_list("state", "cause", "actual_status").distinct().get()
    assert found == (State.DONE, "status_differs", "Invited")
    assert sum(str(call["request"]).count('"PATCH"') for call in salesforce.calls(1)) == 1


@pytest.mark.parametrize("count", [1, 30])
def test_member_that_is_there_already_is_taken_and_set_to_the_status(
    salesforce, org, submit, campaign, count
):
    for number in range(count):
        submit(org, campaign, "Attended", LastName=f"Visitor {number}")
    invite_meanwhile(salesforce, org, campaign, times=count)
    found = Delivery.objects.values_list("state", "cause", "actual_status").distinct().get()
    assert found == (State.DONE, "", "Attended")
    assert len(salesforce.leads(1)) == len(salesforce.members(1)) == count


def invite_meanwhile(salesforce, org, campaign: str, times: int) -> None:
    """Somebody at Salesforce adds the members, as "Invited", before ours are made."""
    lose_member(salesforce, times=times)
    deliver(org.pk)
    for lead in salesforce.leads(1):
        member = {"LeadId": lead["Id"], "CampaignId": campaign, "Status": "Invited"}
        access.open_client(org).post("sobjects/CampaignMember", member)
    settle(org)


def lose_member(salesforce, times: int = 1) -> None:
    salesforce.fault(
        "error",
        object="CampaignMember",
        times=times,
        status=400,
        code="UNABLE_TO_LOCK_ROW",
        message="",
    )


def test_refused_member_never_loses_the_lead(salesforce, org, submit):
    delivery = submit(org, "7015g0000000000AAA", "Registered")
    deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    assert delivery.lead_id == salesforce.leads(1)[0]["Id"]
    assert not delivery.may_exist


def lead_with_its_member_to_come(salesforce, org, submit, campaign):
    delivery = submit(org, campaign, "Registered")
    lose_member(salesforce)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.WAITING, "UNABLE_TO_LOCK_ROW")
    return delivery


def test_lead_converted_before_its_member_makes_the_contact_one(salesforce, org, submit, campaign):
    delivery = lead_with_its_member_to_come(salesforce, org, submit, campaign)
    salesforce.control("POST", f"orgs/1/leads/{delivery.lead_id}/convert", {})
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.actual_status) == (State.DONE, "Registered")
    assert delivery.contact_id == salesforce.records("Contact", 1)[0]["Id"]
    (member,) = salesforce.members(1)
    assert member["ContactId"] == delivery.contact_id


def test_lead_merged_before_its_member_makes_the_master_one(salesforce, org, submit, campaign):
    other = submit(org, LastName="Master")
    deliver(org.pk)
    other.refresh_from_db()
    Delivery.objects.filter(pk=other.pk).update(lead_id="00Q000000000000AAA")
    delivery = lead_with_its_member_to_come(salesforce, org, submit, campaign)
    salesforce.control("POST", f"orgs/1/leads/{delivery.lead_id}/merge", {"into": other.lead_id})
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.lead_id) == (State.DONE, other.lead_id)
    assert [member["LeadId"] for member in salesforce.members(1)] == [other.lead_id]


def test_lead_deleted_before_its_member_is_failed_in_words(salesforce, org, submit, campaign):
    delivery = lead_with_its_member_to_come(salesforce, org, submit, campaign)
    salesforce.control("DELETE", f"orgs/1/records/Lead/{delivery.lead_id}")
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.FAILED, "lead_deleted")


def test_text_that_looks_like_a_reference_arrives_as_it_was_typed(
    salesforce, org, submit, campaign
):
    delivery = submit(org, campaign, "Registered", Description="see @{lead.id} and @{x}")
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.actual_status) == (State.DONE, "Registered")
    assert salesforce.leads(1)[0]["Description"] == "see @{lead.id} and @{x}"
