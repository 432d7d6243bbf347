from __future__ import annotations

import pytest

from wagtail_salesforce_leads.delivery.resend import ResendRefused, move, resend, send_as_new
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.models.leases import from_now

from .test_sequences import settle

State = Delivery.State


def put(delivery: Delivery, **values) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(**values)
    delivery.refresh_from_db()
    return delivery


@pytest.mark.parametrize("state", [State.FAILED, State.WAITING, State.HELD])
def test_resend_puts_it_back_to_due_and_starts_its_days_anew(org, submit, state):
    delivery = put(submit(org), state=state, cause="STRING_TOO_LONG", waited=9999, lost_leases=2)
    resend(delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.DUE, "")
    assert (delivery.waited, delivery.lost_leases) == (0, 0)


def test_resend_of_a_lead_that_is_there_and_wants_no_campaign_has_nothing_to_send(
    salesforce, org, submit
):
    delivery = submit(org)
    deliver(org.pk)
    resend(put(delivery, state=State.FAILED, cause="doubled"))
    before = len(salesforce.calls(1))
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.DONE, "")
    assert len(salesforce.calls(1)) == before


def test_resend_twice_from_the_same_screen_is_refused_the_second_time(org, submit):
    delivery = put(submit(org), state=State.FAILED)
    stale = Delivery.objects.get(pk=delivery.pk)
    resend(delivery)
    with pytest.raises(ResendRefused):
        resend(stale)


@pytest.mark.parametrize("mapping", ["as_it_was", "today"])
def test_resend_of_what_may_exist_only_looks_it_up(salesforce, org, submit, mapping):
    delivery = submit(org)
    salesforce.fault("commit_then_503", path="/composite$", method="POST", times=1)
    deliver(org.pk)
    sent = dict(delivery.lead)
    put(delivery, state=State.FAILED, may_exist=True, lead_id=None, sent_at=from_now(-60))
    put(delivery, ambiguous_mode=org.submission_id_field)
    resend(delivery, mapping=mapping)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.lead) == (State.UNKNOWN, sent)
    settle(org)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert len(salesforce.leads(1)) == 1


def test_look_up_now_waits_for_a_call_that_may_still_run(org, submit):
    delivery = put(submit(org), state=State.UNKNOWN, may_exist=True, sent_at=from_now(-60))
    with pytest.raises(ResendRefused):
        resend(delivery)
    put(delivery, sent_at=from_now(-700))
    resend(delivery)


def test_resend_of_a_delivered_one_is_refused(org, submit):
    with pytest.raises(ResendRefused):
        resend(put(submit(org), state=State.DONE))


def test_send_as_new_makes_another_lead_with_an_id_of_its_own(salesforce, org, submit):
    delivery = submit(org)
    deliver(org.pk)
    delivery.refresh_from_db()
    new = send_as_new(delivery)
    deliver(org.pk)
    new.refresh_from_db()
    delivery.refresh_from_db()
    assert (new.state, new.is_current, delivery.is_current) == (State.DONE, True, False)
    assert new.external_id != delivery.external_id
    assert len(salesforce.leads(1)) == 2


@pytest.mark.parametrize(
    "values",
    [{"cause": "no_proof", "may_exist": True}, {"cause": "lead_deleted", "lead_id": "00Q1"}],
)
def test_send_as_new_is_what_a_person_can_do_about_a_lead_in_doubt(org, submit, values):
    delivery = put(submit(org), state=State.FAILED, **values)
    new = send_as_new(delivery)
    delivery.refresh_from_db()
    new.refresh_from_db()
    assert (delivery.state, delivery.cause, new.state) == (State.FAILED, "replaced", State.DUE)
    assert new.external_id != delivery.external_id


@pytest.mark.parametrize(
    ("state", "values"),
    [
        (State.FAILED, {}),
        (State.FAILED, {"lead_id": "00Q1", "cause": "ENTITY_IS_DELETED"}),
        (State.UNKNOWN, {"may_exist": True}),
        (State.HELD, {"may_exist": True}),
    ],
)
def test_send_as_new_is_refused_where_another_way_is_left(org, submit, state, values):
    delivery = put(submit(org), state=state, **values)
    with pytest.raises(ResendRefused):
        send_as_new(delivery)


def test_move_takes_what_waits_and_leaves_what_may_exist(salesforce, org, connect, submit):
    waiting = put(submit(org), state=State.HELD, cause="reconnect")
    unanswered = put(submit(org), state=State.UNKNOWN, may_exist=True)
    other = connect(2)
    assert move(org, other) == 1
    waiting.refresh_from_db()
    unanswered.refresh_from_db()
    assert (waiting.org, waiting.state, waiting.salesforce_org_id) == (
        other,
        State.DUE,
        other.org_id,
    )
    assert unanswered.org == org
    deliver(other.pk)
    assert len(salesforce.leads(2)) == 1
