from __future__ import annotations

import os
import signal
import threading

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from tests.orgs.login_host import FIRST_REFRESH_TOKEN
from tests.orgs.processes import Worker, eventually
from tests.submitting import live
from wagtail_salesforce_leads.models import (
    Delivery,
    LeadSubmission,
    OrgLane,
    SalesforceGrant,
    SalesforceOrg,
)
from wagtail_salesforce_leads.models.leases import from_now
from wagtail_salesforce_leads.orgs import access, grants, refresh, tokens, unavailable
from wagtail_salesforce_leads.orgs.signals import org_came_back
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.oauth import TokenAnswer

probe = SalesforceClient.probe

# Python warns of forking beside threads: here they are the login host's, which only wait.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def in_thread(function) -> threading.Thread:
    def run() -> None:
        try:
            function()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def lapse() -> None:
    """Let the time of every lease run out."""
    SalesforceGrant.objects.exclude(lease_until=None).update(lease_until=from_now(-1))


def connected_again(host) -> TokenAnswer:
    """What a person brings back from Salesforce after reconnecting."""
    access_token, refresh_token = host.connect()
    return TokenAnswer(
        access_token=access_token,
        refresh_token=refresh_token,
        instance_url=host.origin,
        org_id=host.org_id,
        user_id="005000000000001AAA",
        scopes=frozenset({"api"}),
        issued_at=timezone.now(),
    )


def test_refresh_by_eight_processes_at_once_is_one_call(org, host, expired, grant):
    host.delay = 0.5
    workers = [Worker(lambda: access.call(org, probe)) for _ in range(8)]
    assert [worker.wait() for worker in workers] == [0] * 8
    assert host.refreshes == [FIRST_REFRESH_TOKEN]
    assert tokens.decrypt(grant().refresh_token) == host.refresh_token


def test_refresh_killed_before_its_call_costs_nothing(org, host, expired, monkeypatch):
    monkeypatch.setattr(refresh, "_mark_sent", lambda claim: os.kill(os.getpid(), signal.SIGKILL))
    assert Worker(lambda: access.call(org, probe)).wait() == -signal.SIGKILL
    monkeypatch.undo()
    assert SalesforceGrant.objects.get().claim_token is not None
    lapse()
    access.call(org, probe)
    assert len(host.refreshes) == 1


def test_refresh_killed_inside_its_call_is_recognised_held_and_told(
    org, host, expired, grant, lane
):
    host.delay = 0.3
    worker = Worker(lambda: access.call(org, probe))
    eventually(lambda: len(host.refreshes) == 1)
    worker.kill()
    worker.wait()
    eventually(lambda: host.refresh_token != FIRST_REFRESH_TOKEN)
    lapse()
    with pytest.raises(unavailable.GrantDead) as raised:
        access.call(org, probe)
    assert raised.value.code == grant().dead_code == "interrupted"
    assert raised.value.hold_reason == "reconnect"
    assert (lane().health, lane().health_code) == (OrgLane.Health.RECONNECT, "interrupted")


def test_refresh_killed_inside_its_call_before_salesforce_took_it_heals(org, host, expired, grant):
    """Nothing proves that the token was rotated, and nothing is lost by asking with it once."""
    host.instead = 503, ""
    host.delay = 0.3
    worker = Worker(lambda: access.call(org, probe))
    eventually(lambda: len(host.refreshes) == 1)
    worker.kill()
    worker.wait()
    host.instead, host.delay = None, 0.0
    lapse()
    access.call(org, probe)
    assert grant().dead_code == ""
    assert host.refreshes == [FIRST_REFRESH_TOKEN] * 2


def test_refresh_whose_answer_was_lost_in_an_outage_says_so_when_the_token_is_gone(
    org, host, expired, grant
):
    host.instead = 503, "<html>"
    with pytest.raises(unavailable.TokenOutage):
        access.call(org, probe)
    assert grant().sent_at is not None
    host.instead, host.refresh_tokens = None, {"rotated without our knowing"}
    access.try_now(org)
    with pytest.raises(unavailable.GrantDead) as raised:
        access.call(org, probe)
    assert raised.value.code == "interrupted"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGALRM])
def test_refresh_told_to_end_inside_its_call_stores_the_answer_first(
    org, host, expired, grant, number
):
    host.delay = 0.5

    def work() -> None:
        signal.signal(number, signal.SIG_DFL)
        access.call(org, probe)

    worker = Worker(work)
    eventually(lambda: len(host.refreshes) == 1)
    worker.kill(number)
    assert worker.wait() == -number
    assert tokens.decrypt(grant().refresh_token) == host.refresh_token != FIRST_REFRESH_TOKEN
    assert grant().sent_at is None


def test_refresh_while_the_database_is_away_stores_the_answer_when_it_is_back(
    org, host, expired, grant, monkeypatch
):
    store, tries = refresh._write, []

    def away(update):
        def failing() -> int:
            tries.append(1)
            if len(tries) < 4:
                raise OperationalError("the database is away")
            return update()

        return store(failing)

    monkeypatch.setattr(refresh, "_write", away)
    access.call(org, probe)
    assert len(tries) == 4
    assert tokens.decrypt(grant().refresh_token) == host.refresh_token


def test_refresh_thawed_after_its_lease_ran_out_still_stores_its_answer(org, host, expired, grant):
    host.delay = 0.4
    thread = in_thread(lambda: access.call(org, probe))
    eventually(lambda: len(host.refreshes) == 1)
    lapse()
    thread.join()
    assert tokens.decrypt(grant().refresh_token) == host.refresh_token


def test_reconnect_during_a_refresh_of_the_old_grant_stands(org, host, expired, grant):
    host.delay = 0.4
    thread = in_thread(lambda: access.call(org, probe))
    eventually(lambda: len(host.refreshes) == 1)
    new = connected_again(host)
    replaced = grants.adopt(org, new, generation=grants.generation(org))
    thread.join()
    assert replaced == FIRST_REFRESH_TOKEN
    assert grant().generation == 2
    assert grant().dead_code == ""
    assert tokens.decrypt(grant().refresh_token) == new.refresh_token


def test_refused_refresh_of_an_old_grant_does_not_harm_the_new_one(org, host, expired, grant, lane):
    host.delay = 0.4
    host.instead = (
        400,
        {
            "error": "invalid_grant",
            "error_description": "expired access/refresh token",
        },
    )
    thread = in_thread(lambda: access.call(org, probe))
    eventually(lambda: len(host.refreshes) == 1)
    grants.adopt(org, connected_again(host), generation=1)
    thread.join()
    assert grant().dead_code == ""
    assert lane().health == OrgLane.Health.HEALTHY


def test_disconnect_during_a_refresh_leaves_nothing_behind(org, host, expired, grant):
    host.delay = 0.4

    def refused() -> None:
        with pytest.raises(unavailable.NotConnected):
            access.call(org, probe)

    thread = in_thread(refused)
    eventually(lambda: len(host.refreshes) == 1)
    assert grants.give_up(org) == FIRST_REFRESH_TOKEN
    thread.join()
    assert (grant().access_token, grant().refresh_token) == ("", "")
    assert host.revoked == [host.refresh_token]


def test_adopt_after_somebody_else_reconnected_changes_nothing(org, host, grant):
    grants.adopt(org, connected_again(host), generation=1)
    stored = grant().refresh_token
    with pytest.raises(grants.GrantChanged):
        grants.adopt(org, connected_again(host), generation=1)
    assert grant().refresh_token == stored


def test_adopt_of_a_dead_grants_org_releases_its_leads(org, host, grant, lane):
    said = []

    def receiver(org, reasons, **_kwargs):
        said.append(reasons)

    org_came_back.connect(receiver)
    host.revoke()
    with pytest.raises(unavailable.GrantDead):
        access.call(org, probe)
    with transaction.atomic():
        grants.adopt(org, connected_again(host), generation=1)
        assert said == []
    assert "reconnect" in said[0]
    assert lane().health == OrgLane.Health.HEALTHY
    access.call(org, probe)


def test_confirm_installation_of_a_copy_goes_on_with_the_grant(org, host):
    SalesforceGrant.objects.update(installation="elsewhere")
    with pytest.raises(unavailable.CopiedDatabase):
        access.open_client(org)
    grants.confirm_installation(org)
    access.call(org, probe)


def test_rotate_keys_during_a_refresh_loses_nothing(org, host, expired, settings, grant):
    host.delay = 0.4
    thread = in_thread(lambda: access.call(org, probe))
    eventually(lambda: len(host.refreshes) == 1)
    tokens.rotate()
    thread.join()
    assert tokens.decrypt(grant().refresh_token) == host.refresh_token
    access.call(org, probe)


def test_rotate_keys_during_a_refresh_without_token_rotation_loses_nothing(
    org, host, expired, grant
):
    host.rotates, host.delay = False, 0.4
    thread = in_thread(lambda: access.call(org, probe))
    eventually(lambda: len(host.refreshes) == 1)
    before = grant().refresh_token
    tokens.rotate()
    thread.join()
    assert grant().refresh_token != before
    assert tokens.decrypt(grant().refresh_token) == FIRST_REFRESH_TOKEN
    assert tokens.decrypt(grant().access_token) == host.access_token


def test_visitors_post_during_a_refresh_is_not_blocked(org, host, expired, client):
    version = live.publish(live.make_page(), org=org, sync=True)
    host.delay = 4.0
    thread = in_thread(lambda: access.call(org, probe))
    eventually(lambda: len(host.refreshes) == 1)
    assert live.post(client, version).status_code == 303
    assert thread.is_alive()
    assert Delivery.objects.get().state == Delivery.State.DUE
    thread.join()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
def test_refresh_while_a_submission_of_the_org_is_open_is_not_blocked(org, host, expired):
    with transaction.atomic():
        submission = LeadSubmission.objects.create(
            submitted_at=timezone.now(), form_title="Contact"
        )
        Delivery.objects.create(
            submission=submission, org=org, created_at=timezone.now(), due_at=timezone.now()
        )
        thread = in_thread(lambda: access.call(org, probe))
        thread.join(10)
        assert not thread.is_alive()
    assert len(host.refreshes) == 1


def test_org_of_another_site_has_its_own_grant(org, host):
    other = SalesforceOrg.objects.create(org_id=org.org_id, name="Same org, other site")
    with pytest.raises(unavailable.NotConnected):
        access.open_client(other)
