"""What concerns an org as a whole: it is held or paused, and no delivery's clock runs."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_salesforce_leads.delivery import outbox
from wagtail_salesforce_leads.delivery.sending import rota
from wagtail_salesforce_leads.delivery.tasks import deliver, sweep
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceGrant
from wagtail_salesforce_leads.models.leases import from_now
from wagtail_salesforce_leads.orgs import health, schema

from .conftest import SUBMISSION_ID_FIELD
from .test_sequences import killed_after_sent_at, settle, time_out_leases

State = Delivery.State


def test_expired_session_is_renewed_and_the_same_call_goes_out_once(salesforce, org, submit):
    delivery = submit(org)
    salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert len(salesforce.leads(1)) == 1


def test_dead_grant_holds_and_reconnecting_releases(salesforce, org, submit):
    delivery = submit(org)
    salesforce.control("POST", "orgs/1/tokens", {"act": "revoke_grants"})
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause, delivery.attempts) == (State.HELD, "reconnect", 0)
    assert outbox.release_org(org, ["reconnect"]) == 1
    delivery.refresh_from_db()
    assert delivery.state == State.DUE


@pytest.mark.parametrize("health", [OrgLane.Health.RECONNECT, OrgLane.Health.HEALTHY])
def test_leads_held_while_somebody_reconnected_go_out_with_the_next_sweep(org, submit, health):
    """Who found the grant dead wrote his hold, or also his mark, after the reconnect's release."""
    delivery = submit(org)
    code = "expired" if health == OrgLane.Health.RECONNECT else ""
    OrgLane.objects.update(health=health, health_code=code)
    outbox.hold_org(org, Delivery.Hold.RECONNECT)
    sweep()
    delivery.refresh_from_db()
    assert delivery.state == State.DUE
    assert OrgLane.objects.get().health == OrgLane.Health.HEALTHY


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        ({"dead_code": "expired"}, "expired"),
        ({"refresh_token": ""}, ""),
        ({"installation": "another"}, "copy"),
        ({}, "secret_unreadable"),
    ],
)
def test_sweep_leaves_held_what_only_a_person_can_mend(org, submit, grant, code):
    delivery = submit(org)
    SalesforceGrant.objects.update(**grant)
    OrgLane.objects.update(health=OrgLane.Health.RECONNECT, health_code=code)
    outbox.hold_org(org, Delivery.Hold.RECONNECT)
    sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.HELD, "reconnect")


def test_copied_database_sends_nothing(salesforce, org, submit):
    delivery = submit(org)
    SalesforceGrant.objects.update(installation="another")
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.HELD, "copy")
    assert salesforce.calls(1) == []


@pytest.mark.parametrize("fault", ["daily_limit", "concurrent_limit", "api_currently_disabled"])
def test_limits_pause_the_org_and_count_no_attempt(salesforce, org, submit, fault):
    delivery = submit(org)
    salesforce.fault(fault, path="/composite$", times=1)
    deliver(org.pk)
    delivery.refresh_from_db()
    if fault == "daily_limit":
        assert OrgLane.objects.get().paused_until
        assert (delivery.state, delivery.attempts, delivery.may_exist) == (State.DUE, 0, False)
    settle(org)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.DONE, 1)


def test_no_connection_pauses_the_org_and_loses_nothing(salesforce, org, submit, settings):
    delivery = submit(org)
    url = org.instance_url
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = f"http://127.0.0.1:{server.getsockname()[1]}"
    leads = settings.WAGTAIL_SALESFORCE_LEADS
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **leads,
        "EXTRA_HOSTS": (*leads["EXTRA_HOSTS"], nobody),
    }
    type(org).objects.update(instance_url=nobody)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_exist, delivery.attempts) == (State.DUE, False, 0)
    assert delivery.tries.get().result == "not_sent"
    assert OrgLane.objects.get().pause_code == "not_sent"
    type(org).objects.update(instance_url=url)
    settle(org)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE


def test_outage_makes_one_batch_ambiguous_and_not_the_backlog(salesforce, org, submit):
    for number in range(60):
        submit(org, LastName=f"Visitor {number}")
    OrgLane.objects.update(batch_size=20)
    salesforce.fault("html_503", path="", times=0)
    deliver(org.pk)
    assert Delivery.objects.filter(state=State.UNKNOWN).count() == 20
    assert Delivery.objects.filter(state=State.DUE).count() == 40
    assert OrgLane.objects.get().must_probe
    salesforce.control("DELETE", "orgs/1/faults")
    settle(org)
    assert Delivery.objects.filter(state=State.DONE).count() == 60
    assert len(salesforce.leads(1)) == 60


def test_submission_id_field_removed_holds_the_org_with_one_message(salesforce, org, submit):
    deliveries = [submit(org, LastName=f"Visitor {number}") for number in range(3)]
    salesforce.schema("remove", SUBMISSION_ID_FIELD)
    deliver(org.pk)
    for delivery in deliveries:
        delivery.refresh_from_db()
        assert (delivery.state, delivery.cause) == (State.HELD, "submission_id_field")
    assert salesforce.leads(1) == []
    assert OrgLane.objects.get().health_code == "submission_id_field"


@pytest.mark.parametrize(
    ("act", "change"), [("change", {"set": {"unique": False}}), ("remove", {})]
)
def test_field_lost_while_an_answer_is_missing_is_noticed_before_a_resend_relies_on_it(
    salesforce, org, submit, act, change
):
    delivery = submit(org)
    schema.refresh(org)
    killed_after_sent_at(org)
    time_out_leases()
    sweep()
    salesforce.schema(act, SUBMISSION_ID_FIELD, **change)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_exist) == (State.UNKNOWN, True)
    assert salesforce.leads(1) == []
    submitted_later = submit(org, LastName="Later")
    deliver(org.pk)
    submitted_later.refresh_from_db()
    assert (submitted_later.state, submitted_later.cause) == (State.HELD, "submission_id_field")


def test_repaired_field_releases_what_was_held(salesforce, org, submit):
    delivery = submit(org)
    outbox.hold_org(org, "submission_id_field")
    OrgLane.objects.update(health="permission", health_code="submission_id_field")
    health.check(org)
    delivery.refresh_from_db()
    assert delivery.state == State.DUE


def test_hanging_org_takes_one_call_and_the_other_is_served(
    salesforce, org, connect, submit, settings
):
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "CALL_DEADLINE": 1.0,
        "RETRY_FIRST": 60.0,
    }
    second = connect(2, user="admin")
    hanging = submit(org)
    fine = submit(second)
    salesforce.fault("hang_before", path="/composite$", times=0)
    deliver(org.pk)
    hanging.refresh_from_db()
    fine.refresh_from_db()
    assert (hanging.state, fine.state) == (State.UNKNOWN, State.DONE)


def test_lead_whose_answer_is_lost_each_time_is_not_sent_again_without_a_pause(
    salesforce, org, submit
):
    """Salesforce answers all else, so the account is not paused."""
    delivery = submit(org)
    salesforce.fault("html_503", path="/composite$", times=0)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.UNKNOWN, 2)
    assert delivery.due_at > timezone.now() + timedelta(seconds=30)
    assert delivery.waited > 30
    Delivery.objects.update(due_at=from_now(-1), waited=3 * 86_400)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_exist) == (State.FAILED, True)


def test_two_workers_at_one_org_do_not_wait_for_each_other(salesforce, org, submit):
    submit(org)
    OrgLane.objects.update(lease_until=from_now(100))
    assert rota.take_turns(first=org.pk) is None
    assert salesforce.calls(1) == []
    OrgLane.objects.update(lease_until=from_now(-1))
    sweep()
    deliver(org.pk)
    assert len(salesforce.leads(1)) == 1
