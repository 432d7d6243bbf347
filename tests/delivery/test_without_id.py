"""Without a submission id field: what is looked up by what can be read back, and what is not."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db.models import F

from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery

from .conftest import SUBMISSION_ID_FIELD
from .test_sequences import settle

State = Delivery.State


@pytest.fixture
def org(connect):
    """Connected as a user without View All, so that leads can be hidden from it."""
    return connect(user="marketing")


@pytest.fixture
def neighbour(salesforce, org, submit):
    """A lead of ours around that time: the look-up shows that it can see what we create."""
    delivery = submit(org, LastName="Neighbour", Email="neighbour@example.jp")
    deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    return delivery


def lose_answer(salesforce, fault="commit_then_503") -> None:
    salesforce.fault(fault, path="/composite$", method="POST", times=1)


def test_lost_answer_adopts_the_lead_that_is_there(salesforce, org, submit):
    delivery = submit(org, LastName="山田", Email="hanako@example.jp")
    lose_answer(salesforce)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_exist) == (State.UNKNOWN, True)
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.lead_id) == (State.DONE, salesforce.leads(1)[0]["Id"])


def test_nothing_there_is_sent_again_where_the_look_can_see(salesforce, org, submit, neighbour):
    delivery = submit(org, LastName="Yamada", Email="hanako@example.jp")
    lose_answer(salesforce, "html_503")
    deliver(org.pk)
    settle(org)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert len(salesforce.leads(1)) == 2


@pytest.mark.parametrize("tells", [True, False])
def test_nothing_there_is_sent_again_where_the_user_sees_all(salesforce, connect, submit, tells):
    """The org whose answer is a refusal does not tell; then it is as without View All."""
    org = connect(user="admin")
    delivery = submit(org, LastName="Yamada", Email="hanako@example.jp")
    lose_answer(salesforce, "html_503")
    if not tells:
        salesforce.control("PATCH", "orgs/1/users/admin", {"objects": {"UserPermissionAccess": ""}})
    deliver(org.pk)
    settle(org)
    delivery.refresh_from_db()
    if tells:
        assert (delivery.state, len(salesforce.leads(1))) == (State.DONE, 1)
    else:
        assert (delivery.state, delivery.cause) == (State.UNKNOWN, "no_proof")
        assert salesforce.leads(1) == []


def test_nothing_there_without_proof_of_sight_asks_a_person_after_a_day(salesforce, org, submit):
    delivery = submit(org, LastName="Yamada", Email="hanako@example.jp")
    lose_answer(salesforce, "html_503")
    deliver(org.pk)
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.UNKNOWN, "no_proof")
    a_day_ago = delivery.ambiguous_since - timedelta(days=1, minutes=1)
    Delivery.objects.filter(pk=delivery.pk).update(ambiguous_since=a_day_ago)
    settle(org, rounds=1)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause, delivery.may_exist) == (State.FAILED, "no_proof", True)
    assert salesforce.leads(1) == []


def test_two_unanswered_of_one_person_with_one_lead_never_share_it(salesforce, org, submit):
    first = submit(org, LastName="Yamada", Email="hanako@example.jp")
    lose_answer(salesforce)
    deliver(org.pk)
    second = submit(org, LastName="Yamada", Email="hanako@example.jp")
    lose_answer(salesforce, "html_503")
    deliver(org.pk)
    settle(org)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == second.state == State.DONE
    assert first.lead_id != second.lead_id
    assert len(salesforce.leads(1)) == 2


def test_two_equal_leads_go_to_a_person(salesforce, org, submit):
    delivery = submit(org, LastName="Yamada", Email="hanako@example.jp")
    lose_answer(salesforce)
    deliver(org.pk)
    Delivery.objects.update(state=State.DUE, may_exist=False, due_at=F("created_at"))
    lose_answer(salesforce)
    deliver(org.pk)
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.FAILED, "several_matches")


def test_unanswered_one_is_not_looked_up_before_its_time(salesforce, org, submit):
    delivery = submit(org)
    lose_answer(salesforce)
    deliver(org.pk)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert 590 < (delivery.due_at - delivery.sent_at).total_seconds() < 620
    assert not [call for call in salesforce.calls(1) if "queryAll" in call["path"]]


def test_field_added_meanwhile_does_not_change_how_an_old_try_is_resolved(salesforce, org, submit):
    delivery = submit(org, LastName="Yamada", Email="hanako@example.jp")
    lose_answer(salesforce)
    deliver(org.pk)
    type(org).objects.update(submission_id_field=SUBMISSION_ID_FIELD)
    later = submit(org, LastName="Later", Email="later@example.jp")
    settle(org)
    delivery.refresh_from_db()
    later.refresh_from_db()
    assert (delivery.state, later.state) == (State.DONE, State.DONE)
    assert [lead.get(SUBMISSION_ID_FIELD) for lead in salesforce.leads(1)] in (
        [None, str(later.external_id)],
        [str(later.external_id), None],
    )


def test_answer_that_drips_past_the_deadline_is_looked_up(salesforce, org, submit, settings):
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "CALL_DEADLINE": 1.0,
    }
    delivery = submit(org, LastName="Yamada", Email="hanako@example.jp")
    salesforce.fault("drip", path="/composite$", method="POST", times=1, seconds=20)
    started = time.monotonic()
    deliver(org.pk)
    assert time.monotonic() - started < 10
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_exist) == (State.UNKNOWN, True)
    settle(org)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert len(salesforce.leads(1)) == 1
