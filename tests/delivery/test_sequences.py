"""What happens when something dies, freezes or does not answer, at each place it can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, connections
from django.db.models import F

from wagtail_salesforce_leads.delivery import claims
from wagtail_salesforce_leads.delivery.calls.leads import FewLeads, calls_for
from wagtail_salesforce_leads.delivery.outcomes import recording
from wagtail_salesforce_leads.delivery.sending import rota
from wagtail_salesforce_leads.delivery.sending.turn import Turn
from wagtail_salesforce_leads.delivery.tasks import deliver, sweep
from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt, OrgLane
from wagtail_salesforce_leads.models.leases import from_now
from wagtail_salesforce_leads.orgs import access
from wagtail_salesforce_leads.salesforce.errors import NotSent

State = Delivery.State


@pytest.fixture
def campaign(salesforce) -> str:
    return salesforce.campaign("Spring fair 2027")


def time_out_leases() -> None:
    Delivery.objects.filter(state=State.SENDING).update(lease_until=from_now(-1))
    OrgLane.objects.exclude(claim_token=None).update(lease_until=from_now(-1))


def settle(org, rounds: int = 6) -> None:
    """Sweep and deliver until nothing moves, with every pause and back-off over."""
    for _round in range(rounds):
        OrgLane.objects.update(paused_until=None)
        Delivery.objects.filter(state__in=[State.WAITING, State.UNKNOWN]).update(
            due_at=from_now(-1)
        )
        sweep()
        deliver(org.pk)


def killed_before_sent_at(org) -> claims.Claim:
    return claims.claim_due(org, 200)


def killed_after_sent_at(org) -> claims.Claim:
    claim = claims.claim_due(org, 200)
    for call in calls_for(org, claim.token, claim.deliveries):
        claims.mark_sent(call)
    return claim


def test_kill_between_claim_and_sent_at_sends_once_later(salesforce, org, submit):
    delivery = submit(org)
    killed_before_sent_at(org)
    deliver(org.pk)
    assert salesforce.leads(1) == []
    time_out_leases()
    settle(org)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert delivery.lost_leases == 1
    assert len(salesforce.leads(1)) == 1


def test_kill_between_sent_at_and_answer_looks_before_it_sends(salesforce, org, submit):
    delivery = submit(org)
    killed_after_sent_at(org)
    time_out_leases()
    claims.end_lapsed()
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert delivery.may_exist
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_exist) == (State.DONE, False)
    assert [one.kind for one in delivery.tries.all()] == ["lead", "look_up", "lead"]
    assert len(salesforce.leads(1)) == 1


@pytest.mark.parametrize("fault", ["commit_then_503", "commit_then_reset", "cut", "garbage"])
def test_answer_lost_after_commit_adopts_the_lead(salesforce, org, submit, campaign, fault):
    delivery = submit(org, campaign, "Registered")
    salesforce.fault(fault, path="/composite$", method="POST", times=1)
    deliver(org.pk)
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.DONE, "")
    assert delivery.actual_status == "Registered"
    assert len(salesforce.leads(1)) == 1
    assert len(salesforce.members(1)) == 1


def test_lead_that_is_not_there_and_is_refused_when_sent_again_waits(salesforce, org, submit):
    """What a look-up proved is not asked again because of a later answer."""
    delivery = submit(org)
    killed_after_sent_at(org)
    time_out_leases()
    claims.end_lapsed()
    salesforce.fault("row_lock", object="Lead")
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.WAITING, "UNABLE_TO_LOCK_ROW")
    assert not delivery.may_exist


def test_two_sweeps_at_one_unknown_row_look_once(salesforce, org, submit):
    submit(org)
    killed_after_sent_at(org)
    time_out_leases()
    claims.end_lapsed()
    first, second = claims.claim_unknown(org, 200), claims.claim_unknown(org, 200)
    assert len(first.deliveries) == 1
    assert second is None


def test_three_lost_leases_ask_a_person(salesforce, org, submit, told):
    delivery = submit(org)
    for _time in range(3):
        killed_before_sent_at(org)
        time_out_leases()
        claims.end_lapsed()
        Delivery.objects.filter(state=State.DUE).update(due_at=F("created_at"))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.FAILED, "lost_leases")
    assert told == [(delivery.pk, "lost_leases")]
    assert DeliveryAttempt.objects.count() == 3


def test_kill_between_leads_and_members_repeats_only_the_members(salesforce, org, submit, campaign):
    for number in range(30):
        submit(org, campaign, "Registered", LastName=f"Visitor {number}")
    written_late(*frozen_while_waiting(org))
    assert Delivery.objects.exclude(lead_id=None).count() == 30
    assert salesforce.members(1) == []
    time_out_leases()
    settle(org)
    assert Delivery.objects.filter(state=State.DONE, actual_status="Registered").count() == 30
    assert len(salesforce.leads(1)) == 30
    assert len(salesforce.members(1)) == 30


def test_frozen_before_sent_at_past_the_lease_sends_nothing(salesforce, org, submit):
    delivery = submit(org)
    claim = killed_before_sent_at(org)
    (call,) = calls_for(org, claim.token, claim.deliveries)
    time_out_leases()
    settle(org)
    assert claims.mark_sent(call).deliveries == ()
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert len(salesforce.leads(1)) == 1


def test_frozen_after_sent_at_and_revived_does_not_reach_the_socket(salesforce, org, submit):
    submit(org)
    claim = claims.claim_due(org, 200)
    (call,) = calls_for(org, claim.token, claim.deliveries)
    sent = claims.mark_sent(call)
    thawed = replace(sent, marked_at=sent.marked_at - 60)
    with pytest.raises(NotSent):
        thawed.run(access.open_client(org))
    assert salesforce.leads(1) == []


def frozen_while_waiting(org):
    """A worker that got its answer, but was frozen before it could write it down."""
    claim = claims.claim_due(org, 200)
    (call,) = calls_for(org, claim.token, claim.deliveries)
    sent = claims.mark_sent(call)
    return sent, sent.run(access.open_client(org))


def written_late(call, outcomes) -> None:
    recording.record(call, [recording.read(call, one, outcomes) for one in call.deliveries])


def test_answer_written_after_the_lease_ended_settles_an_unknown_one(
    salesforce, org, submit, campaign
):
    delivery = submit(org, campaign, "Registered")
    call, outcomes = frozen_while_waiting(org)
    time_out_leases()
    claims.end_lapsed()
    written_late(call, outcomes)
    delivery.refresh_from_db()
    assert delivery.lead_id == salesforce.leads(1)[0]["Id"]
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_exist) == (State.DONE, False)
    assert len(salesforce.leads(1)) == 1
    assert len(salesforce.members(1)) == 1


def test_late_success_without_a_campaign_settles_it_at_once(salesforce, org, submit):
    delivery = submit(org)
    call, outcomes = frozen_while_waiting(org)
    time_out_leases()
    claims.end_lapsed()
    written_late(call, outcomes)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.DONE, "")
    assert delivery.settled_at


def test_late_success_after_a_look_up_found_it_changes_nothing(salesforce, org, submit):
    delivery = submit(org)
    call, outcomes = frozen_while_waiting(org)
    time_out_leases()
    settle(org)
    written_late(call, outcomes)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.DONE, "")
    assert delivery.tries.first().lead_id == delivery.lead_id


def test_late_success_beside_another_lead_is_raised_as_doubled(salesforce, connect, submit):
    """Without a submission id field, a call that Salesforce ran hours late."""
    org = connect()
    delivery = submit(org)
    call, outcomes = frozen_while_waiting(org)
    (first,) = salesforce.leads(1)
    time_out_leases()
    claims.end_lapsed()
    Delivery.objects.update(state=State.DUE, may_exist=False, due_at=from_now(-1))
    deliver(org.pk)
    written_late(call, outcomes)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.FAILED, "doubled")
    assert delivery.tries.get(claim_token=call.token).lead_id == first["Id"]
    assert delivery.lead_id != first["Id"]


def test_batch_refused_whole_for_one_record_fails_only_that_one(salesforce, org, submit):
    for number in range(30):
        submit(org, LastName=f"Visitor {number}")
    poison = submit(org, LastName="x" * 81)
    deliver(org.pk)
    settle(org)
    poison.refresh_from_db()
    assert (poison.state, poison.cause) == (State.FAILED, "STRING_TOO_LONG")
    assert Delivery.objects.filter(state=State.DONE).count() == 30
    assert len(salesforce.leads(1)) == 30


def test_whole_call_refusal_is_no_verdict_on_its_records(salesforce, org, submit):
    for number in range(30):
        submit(org, LastName=f"Visitor {number}")
    salesforce.fault(
        "error", path="/composite/sobjects$", times=1, status=400, code="LIMIT_EXCEEDED", message=""
    )
    deliver(org.pk)
    settle(org, rounds=3)
    assert Delivery.objects.filter(state=State.DONE).count() == 30
    assert len(salesforce.leads(1)) == 30


@pytest.fixture
def broken_connection() -> Callable[[], None]:
    """Breaks the test's own connection, as when the database restarts."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no connection to lose")
    with connection.cursor() as cursor:
        cursor.execute(OWN_CONNECTION[connection.vendor])
        number = cursor.fetchone()[0]

    def broken() -> None:
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute(KILL[other.vendor], [number])
        other.close()

    return broken


def test_database_connection_lost_while_salesforce_answers_loses_nothing(
    salesforce, org, submit, monkeypatch, broken_connection
):
    """The answer is written by a new connection."""
    delivery = submit(org)
    ask = FewLeads.ask

    def ask_and_break(call, client, body):
        answer = ask(call, client, body)
        broken_connection()
        return answer

    monkeypatch.setattr(FewLeads, "ask", ask_and_break)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_exist) == (State.DONE, False)
    assert len(salesforce.leads(1)) == 1


def test_database_connection_lost_within_a_turn_leaves_the_lane_to_the_next(
    salesforce, org, submit, monkeypatch, broken_connection
):
    """Else nothing would go out until the lane's lease ends."""
    submit(org)
    monkeypatch.setattr(claims, "claim_unknown", lambda *args: broken_connection())
    deliver(org.pk)
    assert OrgLane.objects.free().exists()
    monkeypatch.undo()
    settle(org)
    assert len(salesforce.leads(1)) == 1


OWN_CONNECTION = {"postgresql": "SELECT pg_backend_pid()", "mysql": "SELECT CONNECTION_ID()"}
KILL = {"postgresql": "SELECT pg_terminate_backend(%s)", "mysql": "KILL %s"}


def end_each_turn_after_a_call(monkeypatch) -> None:
    """And begin no second one."""
    monkeypatch.setattr(Turn, "_prepare_next", lambda self: setattr(self, "is_over", True))
    monkeypatch.setattr(rota, "next_org", lambda without=(): None)


def test_turn_that_ends_between_leads_and_members_keeps_the_history(
    salesforce, org, submit, campaign, monkeypatch
):
    delivery = submit(org, campaign, "Registered")
    for number in range(20):
        submit(org, campaign, "Registered", LastName=f"Visitor {number}")
    end_each_turn_after_a_call(monkeypatch)
    deliver(org.pk)
    assert len(salesforce.leads(1)) == 21
    assert salesforce.members(1) == []
    monkeypatch.undo()
    settle(org)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert len(salesforce.leads(1)) == len(salesforce.members(1)) == 21


def test_lead_that_another_delivery_took_is_never_sent_past(salesforce, org, submit):
    delivery, other = submit(org), submit(org, LastName="Other")
    call, outcomes = frozen_while_waiting(org)
    lead_id = outcomes[delivery.pk].lead_id
    Delivery.objects.filter(pk=other.pk).update(state=State.DONE, lead_id=lead_id)
    written_late(call, outcomes)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.FAILED, "lead_taken")
    assert delivery.may_exist
