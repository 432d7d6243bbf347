"""What befell a lead at Salesforce before its lost answer is looked into."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wagtail_salesforce_leads.delivery import claims
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.orgs import access

from .conftest import SUBMISSION_ID_FIELD
from .test_sequences import frozen_while_waiting, settle, time_out_leases

State = Delivery.State
PERSON = {"LastName": "Yamada", "Email": "hanako@example.jp", "Company": "Acme"}


@pytest.fixture(params=[SUBMISSION_ID_FIELD, ""], ids=["with-id", "without-id"])
def org(request, connect):
    """Connected as a user from whom sharing can hide leads."""
    return connect(user="marketing", submission_id_field=request.param)


@pytest.fixture
def lost(salesforce, org, submit) -> tuple[Delivery, str]:
    """A delivery whose lead was made, but whose answer never came; and the lead's id."""
    delivery = submit(org, **PERSON)
    frozen_while_waiting(org)
    time_out_leases()
    claims.end_lapsed()
    (lead,) = salesforce.leads(1)
    return delivery, lead["Id"]


def convert(salesforce, lead_id: str) -> None:
    salesforce.control("POST", f"orgs/1/leads/{lead_id}/convert", {})


def delete(salesforce, lead_id: str) -> None:
    salesforce.control("DELETE", f"orgs/1/records/Lead/{lead_id}")


def hide(salesforce, lead_id: str) -> None:
    salesforce.control("POST", f"orgs/1/leads/{lead_id}/hide", {})


def rewrite(salesforce, lead_id: str) -> None:
    salesforce.control("PATCH", f"orgs/1/records/Lead/{lead_id}", {"Company": "Acme KK"})


@pytest.mark.parametrize(
    ("befalls", "with_id", "without_id"),
    [
        (convert, (State.DONE, ""), (State.DONE, "")),
        (delete, (State.FAILED, "lead_deleted"), (State.FAILED, "lead_deleted")),
        (hide, (State.FAILED, "no_proof"), (State.UNKNOWN, "no_proof")),
        (rewrite, (State.DONE, ""), (State.FAILED, "partial_match")),
    ],
)
def test_lead_changed_before_it_is_looked_up_is_never_made_again(
    salesforce, org, lost, befalls: Callable, with_id, without_id
):
    delivery, lead_id = lost
    befalls(salesforce, lead_id)
    settle(org)
    delivery.refresh_from_db()
    expected = with_id if org.submission_id_field else without_id
    assert (delivery.state, delivery.cause) == expected
    assert len(salesforce.records("Lead", 1)) == 1
    if delivery.state == State.DONE:
        assert delivery.lead_id == lead_id
    elif delivery.cause != "lead_deleted":
        assert delivery.may_exist


def test_lead_merged_before_it_is_looked_up_is_its_master(salesforce, org, lost):
    delivery, lead_id = lost
    another = {"LastName": "Sato", "Company": "Sales' own"}
    master = access.open_client(org).post("sobjects/Lead", another)["id"]
    salesforce.control("POST", f"orgs/1/leads/{lead_id}/merge", {"into": master})
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.lead_id) == (State.DONE, master)
    assert len(salesforce.records("Lead", 1)) == 2


@pytest.mark.parametrize("hours", [-2, 2])
def test_lead_is_found_whatever_salesforces_clock_says(salesforce, org, submit, hours):
    salesforce.switch(clock_offset_seconds=hours * 3600)
    delivery = submit(org, **PERSON)
    salesforce.fault("commit_then_503", path="/composite$", method="POST", times=1)
    deliver(org.pk)
    settle(org)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert len(salesforce.leads(1)) == 1
