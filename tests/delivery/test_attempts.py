"""What the history tells of each try: what its answers said, and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wagtail_salesforce_leads.delivery import claims, lane
from wagtail_salesforce_leads.delivery.calls.leads import calls_for
from wagtail_salesforce_leads.delivery.sending.unanswered import calls_for_unknown
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.delivery.words.tries import calls_told, told
from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt
from wagtail_salesforce_leads.orgs import access

from .test_members import invite_meanwhile, lead_with_its_member_to_come, lose_member
from .test_sequences import (
    end_each_turn_after_a_call,
    frozen_while_waiting,
    killed_after_sent_at,
    killed_before_sent_at,
    settle,
    time_out_leases,
    written_late,
)

State = Delivery.State
ALL_DONE = "Lead created, member added, status Registered read back"


@pytest.fixture
def campaign(salesforce) -> str:
    return salesforce.campaign("Spring fair 2027")


def history(delivery: Delivery) -> list[tuple[str, str, str]]:
    tries = delivery.tries.all()
    return [(one.kind, told(one), calls_told(one.calls)) for one in tries]


def end_of(delivery: Delivery) -> tuple[str, str, str]:
    return history(delivery)[-1]


def test_lead_alone_tells_its_steps_and_its_one_call(org, submit, campaign):
    delivery = submit(org, campaign, "Registered")
    deliver(org.pk)
    assert history(delivery) == [("lead", ALL_DONE, "1 API call")]


def test_lead_without_campaign_tells_of_no_member(org, submit):
    delivery = submit(org)
    deliver(org.pk)
    assert history(delivery) == [("lead", "Lead created", "1 API call")]


def test_batch_tells_how_many_shared_its_calls(org, submit, campaign):
    deliveries = [submit(org, campaign, "Registered", LastName=f"V {n}") for n in range(30)]
    deliver(org.pk)
    for delivery in deliveries:
        assert history(delivery) == [("lead", ALL_DONE, "2 API calls shared with 29 other leads")]


def test_batch_of_leads_that_went_alike_closes_its_tries_at_once(org, submit, campaign):
    for number in range(30):
        submit(org, campaign, "Registered", LastName=f"Visitor {number}")
    with CaptureQueriesContext(connection) as captured:
        deliver(org.pk)
    table = DeliveryAttempt._meta.db_table
    closed = [one["sql"] for one in captured if table in one["sql"] and "steps" in one["sql"]]
    assert len([sql for sql in closed if sql.startswith("UPDATE")]) == 1


@pytest.mark.parametrize("fault", ["commit_then_reset", "commit_then_503", "cut"])
def test_lost_answer_then_found_tells_both(salesforce, org, submit, campaign, fault):
    delivery = submit(org, campaign, "Registered")
    salesforce.fault(fault, path="/composite$", method="POST", times=1)
    deliver(org.pk)
    settle(org)
    found = "Lead found by its submission id, member was there already, status Registered read back"
    assert history(delivery) == [
        ("lead", "no answer", "1 API call"),
        ("look_up", found, "2 API calls"),
    ]


def test_look_up_that_finds_nothing_says_so_and_the_next_try_tells_its_own(org, submit, campaign):
    delivery = submit(org, campaign, "Registered")
    killed_after_sent_at(org)
    time_out_leases()
    settle(org)
    assert history(delivery) == [
        ("lead", "the worker stopped in the middle of it", ""),
        ("look_up", "not there", "1 API call"),
        ("lead", ALL_DONE, "1 API call"),
    ]


def test_worker_that_stopped_before_sending_is_told_as_such(org, submit):
    delivery = submit(org)
    killed_before_sent_at(org)
    assert end_of(delivery)[1] == "not sent yet"
    time_out_leases()
    settle(org)
    assert [one[1] for one in history(delivery)] == [
        "the worker stopped before it sent anything",
        "Lead created",
    ]


def test_look_up_without_a_submission_id_tells_its_calls(salesforce, connect, submit):
    org = connect()
    delivery = submit(org, Email="hanako@example.jp")
    salesforce.fault("commit_then_reset", path="/composite$", method="POST", times=1)
    deliver(org.pk)
    assert end_of(delivery)[1] == "no answer"
    before = len(salesforce.calls(1))
    settle(org)
    made = [one for one in salesforce.calls(1)[before:] if "/limits" not in one["path"]]
    # Two of the calls were for the lane: a probe after the answer that was lost, and the probe
    # whose answer brings Salesforce's clock is the look-up's own.
    assert end_of(delivery) == ("look_up", "Lead found by its values", f"{len(made) + 1} API calls")


def test_second_lead_that_the_field_refused_is_told(salesforce, org, submit, campaign):
    delivery = submit(org, campaign, "Registered")
    (call,) = calls_for(org, (claim := claims.claim_due(org, 1)).token, claim.deliveries)
    claims.mark_sent(call).run(access.open_client(org))
    Delivery.objects.update(state=State.DUE, claim_token=None, lease_until=None, may_exist=False)
    deliver(org.pk)
    _kind, text, calls = end_of(delivery)
    assert text == (
        "a Lead with this submission id was there already, member was there already, "
        "status Registered read back"
    )
    assert calls == "3 API calls"


def test_refusal_is_told_after_what_went_well(salesforce, org, submit, campaign):
    delivery = submit(org, campaign, "Registered")
    lose_member(salesforce)
    deliver(org.pk)
    settle(org)
    assert history(delivery) == [
        ("lead", "Lead created. Salesforce was busy with a record this lead needs.", "1 API call"),
        ("member", "member added, status Registered read back", "1 API call"),
    ]
    assert delivery.tries.first().http_status == 400
    assert delivery.tries.last().http_status is None


@pytest.mark.parametrize("count", [1, 30])
def test_status_that_was_written_once_more_is_told(org, submit, campaign, count):
    deliveries = [submit(org, campaign, "Unheard of", LastName=f"V {n}") for n in range(count)]
    deliver(org.pk)
    steps = (
        "Lead created, member added, status Invited read back, status Unheard of written, "
        "status Invited read back"
    )
    shared = " shared with 29 other leads" if count > 1 else ""
    assert end_of(deliveries[0]) == ("lead", steps, f"{3 if count > 1 else 2} API calls{shared}")


@pytest.mark.parametrize("count", [1, 30])
def test_member_that_was_there_is_told_with_the_status_it_got(
    salesforce, org, submit, campaign, count
):
    deliveries = [submit(org, campaign, "Attended", LastName=f"V {n}") for n in range(count)]
    invite_meanwhile(salesforce, org, campaign, times=count)
    kind, text, _calls = end_of(deliveries[0])
    assert kind == "member"
    assert text == (
        "member was there already, status Invited read back, status Attended written, "
        "status Attended read back"
    )


def test_lead_that_was_converted_meanwhile_is_told(salesforce, org, submit, campaign):
    delivery = lead_with_its_member_to_come(salesforce, org, submit, campaign)
    salesforce.control("POST", f"orgs/1/leads/{delivery.lead_id}/convert", {})
    settle(org)
    kind, text, _calls = end_of(delivery)
    assert (kind, text) == (
        "member",
        "member refused (CANNOT_UPDATE_CONVERTED_LEAD), converted to a Contact since, "
        "member added, status Registered read back",
    )


def test_call_that_was_split_tells_so_and_how_many_shared(salesforce, org, submit):
    deliveries = [submit(org, LastName=f"Visitor {number}") for number in range(30)]
    salesforce.fault(
        "error",
        object="Lead",
        times=30,
        status=400,
        code="CANNOT_EXECUTE_FLOW_TRIGGER",
        message="",
    )
    deliver(org.pk)
    assert end_of(deliveries[0]) == (
        "lead",
        "not taken together with others, so sent in smaller calls "
        "(CANNOT_EXECUTE_FLOW_TRIGGER), Lead created",
        "2 API calls shared with up to 29 other leads",
    )


def test_lead_that_a_rule_blocked_among_others_tells_it_was_asked_alone(salesforce, org, submit):
    person = {"LastName": "Yamada", "Email": "hanako@example.jp"}
    submit(org, **person)
    deliver(org.pk)
    salesforce.rules(1, duplicate_rules=[{"action": "block"}])
    blocked = submit(org, **person)
    for number in range(30):
        submit(org, LastName=f"Visitor {number}", Email=f"visitor{number}@example.jp")
    deliver(org.pk)
    assert end_of(blocked) == (
        "lead",
        "refused among others, so sent by itself (DUPLICATES_DETECTED). "
        "A duplicate rule of Salesforce blocked the lead.",
        "2 API calls shared with up to 30 other leads",
    )


def test_renewed_session_is_told_with_its_call(salesforce, org, submit):
    delivery = submit(org)
    salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    deliver(org.pk)
    assert end_of(delivery) == ("lead", "session renewed, Lead created", "2 API calls")


def test_call_that_was_never_made_is_not_counted(org, submit, settings):
    submit(org)
    deliver(org.pk)
    delivery = submit(org)
    nobody = "http://127.0.0.1:9"
    settings.WAGTAIL_SALESFORCE_LEADS |= {"EXTRA_HOSTS": (nobody,)}
    type(org).objects.update(instance_url=nobody)
    deliver(org.pk)
    assert end_of(delivery) == ("lead", "Salesforce could not be reached.", "")


def test_late_answer_is_told_beside_the_look_up_that_found_it(org, submit, campaign):
    delivery = submit(org, campaign, "Registered")
    call, outcomes = frozen_while_waiting(org)
    time_out_leases()
    claims.end_lapsed()
    settle(org)
    written_late(call, outcomes)
    first, second = history(delivery)
    assert first[:2] == ("lead", f"{ALL_DONE}, the answer arrived late")
    assert second[0] == "look_up"


def test_late_answer_leaves_the_look_up_of_its_claim_as_it_was(salesforce, org, submit):
    """A look-up and what is sent after it are two tries of one claim."""
    delivery = submit(org)
    killed_after_sent_at(org)
    time_out_leases()
    claims.end_lapsed()
    claim = claims.claim_unknown(org, 1)
    (look_up,) = calls_for_unknown(org, claim, lane.database_time(org.pk))
    call = claims.mark_sent(look_up)
    written_late(call, call.run(access.open_client(org)))
    (again,) = calls_for(org, claim.token, claim.deliveries)
    sent = claims.mark_sent(again)
    outcomes = sent.run(access.open_client(org))
    time_out_leases()
    claims.end_lapsed()
    written_late(sent, outcomes)
    assert [one[1] for one in history(delivery)] == [
        "the worker stopped in the middle of it",
        "not there",
        "Lead created, the answer arrived late",
    ]


def test_try_that_was_put_off_tells_what_it_had_done(org, submit, campaign, monkeypatch):
    delivery = submit(org, campaign, "Registered")
    for number in range(20):
        submit(org, campaign, "Registered", LastName=f"Visitor {number}")
    end_each_turn_after_a_call(monkeypatch)
    deliver(org.pk)
    shared = "shared with 20 other leads"
    assert end_of(delivery) == (
        "lead",
        "Lead created, the rest was put off for a moment",
        f"1 API call {shared}",
    )
    monkeypatch.undo()
    settle(org)
    assert end_of(delivery) == (
        "member",
        "member added, status Registered read back",
        f"1 API call {shared}",
    )


def test_try_under_way_tells_whether_it_was_sent(org, submit):
    delivery = submit(org)
    claim = killed_before_sent_at(org)
    assert end_of(delivery)[1] == "not sent yet"
    (call,) = calls_for(org, claim.token, claim.deliveries)
    claims.mark_sent(call)
    assert end_of(delivery)[1] == "no answer yet"
