from __future__ import annotations

import pytest
from django.db import transaction
from django_q.models import Schedule

from tests.orgs.login_host import FIRST_ACCESS_TOKEN
from wagtail_salesforce_leads.delivery import tasks
from wagtail_salesforce_leads.delivery.upkeep import schedules
from wagtail_salesforce_leads.models import OrgLane, SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.models.leases import from_now
from wagtail_salesforce_leads.orgs import access, unavailable
from wagtail_salesforce_leads.orgs.signals import org_came_back, org_went_down, session_wanted
from wagtail_salesforce_leads.orgs.tokens import decrypt
from wagtail_salesforce_leads.salesforce.client import SalesforceClient

probe = SalesforceClient.probe


@pytest.fixture
def heard():
    """What the signals said."""
    said = []
    receivers = {
        org_went_down: lambda org, reason, **_: said.append(("down", reason)),
        org_came_back: lambda org, reasons, **_: said.append(("back", sorted(reasons))),
        session_wanted: lambda org, **_: said.append(("wanted", org.pk)),
    }
    for signal, receiver in receivers.items():
        signal.connect(receiver)
    yield said
    for signal, receiver in receivers.items():
        signal.disconnect(receiver)


def test_open_client_with_a_session_asks_nobody(org, host):
    client = access.open_client(org)
    assert client.access_token == FIRST_ACCESS_TOKEN
    assert host.refreshes == []


def test_call_with_an_expired_session_refreshes_once_and_stores_both_tokens(
    org, host, expired, grant
):
    access.call(org, probe)
    assert len(host.refreshes) == 1
    assert decrypt(grant().access_token) == host.access_token
    assert decrypt(grant().refresh_token) == host.refresh_token
    assert grant().sent_at is None
    assert grant().claim_token is None


def test_call_many_times_with_rotation_follows_every_token(org, host):
    for _ in range(5):
        host.expire()
        access.call(org, probe)
    assert len(host.refreshes) == len(set(host.refreshes)) == 5
    assert not host.is_revoked


def test_refresh_without_rotation_keeps_the_refresh_token(org, host, expired, grant):
    host.rotates = False
    before = grant().refresh_token
    access.call(org, probe)
    assert grant().refresh_token == before


@pytest.mark.parametrize(
    ("description", "code"),
    [
        ("expired access/refresh token", "expired"),
        ("inactive user", "inactive_user"),
        ("ip restricted", "ip_restricted"),
        ("something new", "invalid_grant"),
    ],
)
def test_refresh_of_a_revoked_grant_marks_it_dead_and_holds_its_leads(
    org, host, expired, grant, lane, heard, description, code
):
    host.instead = 400, {"error": "invalid_grant", "error_description": description}
    with pytest.raises(unavailable.GrantDead) as raised:
        access.call(org, probe)
    assert raised.value.hold_reason == "reconnect"
    assert grant().dead_code == code
    assert (lane().health, lane().health_code) == (OrgLane.Health.RECONNECT, code)
    assert heard == [("down", "reconnect")]


def test_call_with_a_dead_grant_asks_nobody_and_tells_nobody_again(org, host, expired, heard):
    host.instead = 400, {"error": "invalid_grant", "error_description": "inactive user"}
    for _ in range(3):
        with pytest.raises(unavailable.GrantDead):
            access.call(org, probe)
    assert len(host.refreshes) == 1
    assert heard == [("down", "reconnect")]


@pytest.mark.parametrize(
    "answer",
    [
        (503, "<html>Down for maintenance</html>"),
        (500, ""),
        (200, "<html>ok</html>"),
        (400, {"error": "rate_limit_exceeded", "error_description": "too many"}),
        (400, {"error": "invalid_grant", "error_description": "expired authorization code"}),
    ],
    ids=["html 503", "500", "html 200", "login rate", "collision"],
)
def test_refresh_during_an_outage_is_no_dead_grant_and_heals(
    org, host, expired, grant, lane, heard, answer
):
    host.instead = answer
    with pytest.raises(unavailable.TokenOutage) as raised:
        access.call(org, probe)
    assert raised.value.hold_reason == ""
    assert grant().dead_code == ""
    assert lane().health == OrgLane.Health.UNREACHABLE
    assert heard == []

    host.instead = None
    access.try_now(org)
    access.call(org, probe)
    assert lane().health == OrgLane.Health.HEALTHY
    assert grant().failures == 0


def test_refresh_soon_after_a_failed_one_waits_its_time(org, host, expired, grant):
    host.instead = 503, ""
    for _ in range(3):
        with pytest.raises(unavailable.TokenOutage):
            access.call(org, probe)
    assert len(host.refreshes) == 1
    SalesforceGrant.objects.update(retry_at=from_now(-1))
    with pytest.raises(unavailable.TokenOutage):
        access.call(org, probe)
    assert len(host.refreshes) == 2
    assert grant().failures == 2


def test_refresh_with_a_refused_app_holds_and_a_repaired_one_releases(
    org, host, expired, grant, heard
):
    host.instead = 400, {"error": "invalid_client", "error_description": "invalid client"}
    with pytest.raises(unavailable.AppRefused) as raised:
        access.call(org, probe)
    assert raised.value.hold_reason == "misconfigured"
    assert grant().dead_code == ""
    host.instead = None
    access.try_now(org)
    access.call(org, probe)
    assert heard == [
        ("down", "misconfigured"),
        ("back", ["copy", "misconfigured", "reconnect"]),
    ]


def test_refresh_answered_for_another_org_is_not_believed(org, host, expired, grant):
    host.org_id = "00D000000000002EAA"
    before = grant().access_token
    with pytest.raises(unavailable.AppRefused) as raised:
        access.call(org, probe)
    assert raised.value.code == "other_org"
    assert grant().access_token == before


def test_call_refused_after_a_good_refresh_backs_off_and_warns(org, host, grant, lane, heard):
    host.rest = lambda path, authorization: (
        401,
        [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}],
    )
    for _ in range(3):
        with pytest.raises(unavailable.TokenOutage) as raised:
            access.call(org, probe)
        assert raised.value.code == "session_refused"
    assert len(host.refreshes) == 1
    assert grant().dead_code == ""
    assert lane().health == OrgLane.Health.PERMISSION

    del host.rest
    access.try_now(org)
    host.expire()
    access.call(org, probe)
    assert lane().health == OrgLane.Health.HEALTHY


def test_call_inside_a_transaction_with_an_expired_session_leaves_the_grant_alone(
    org, host, expired, grant, heard
):
    before = grant().access_token
    with pytest.raises(unavailable.StaleSession), transaction.atomic():
        access.call(org, probe)
    assert host.refreshes == []
    assert grant().access_token == before
    assert heard == [("wanted", org.pk)]


def test_keep_session_after_a_request_wanted_one_signs_in(org, host, expired):
    access.keep_session(org)
    with transaction.atomic():
        access.call(org, probe)
    assert len(host.refreshes) == 1


def test_call_in_a_copied_database_neither_asks_nor_refreshes(org, host, settings, lane, heard):
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "INSTALLATION": "staging",
    }
    with pytest.raises(unavailable.CopiedDatabase) as raised:
        access.call(org, probe)
    assert raised.value.hold_reason == "copy"
    assert (host.refreshes, host.rest_calls) == ([], [])
    assert lane().health == OrgLane.Health.COPY
    assert heard == [("down", "copy")]


def test_call_with_lost_keys_is_a_local_fault_and_no_dead_grant(
    org, host, settings, grant, lane, heard
):
    keys = settings.WAGTAIL_SALESFORCE_LEADS
    settings.WAGTAIL_SALESFORCE_LEADS = {**keys, "ENCRYPTION_KEYS": ("another",)}
    with pytest.raises(unavailable.SecretUnreadable):
        access.call(org, probe)
    assert grant().dead_code == ""
    assert (lane().health, lane().health_code) == (OrgLane.Health.RECONNECT, "secret_unreadable")
    settings.WAGTAIL_SALESFORCE_LEADS = keys
    host.expire()
    access.call(org, probe)
    assert lane().health == OrgLane.Health.HEALTHY


def test_call_of_a_disconnected_org_asks_nobody(org, host):
    SalesforceGrant.objects.update(refresh_token="", access_token="")
    with pytest.raises(unavailable.NotConnected):
        access.call(org, probe)
    assert host.rest_calls == []


def test_call_in_a_budget_gives_up_in_time_and_the_refresh_goes_on(org, host, expired, grant):
    host.delay = 1.0
    with access.budget(0.4) as budget, pytest.raises(unavailable.BudgetSpent):
        access.call(org, probe)
    assert -0.6 < budget.left() <= 0
    host.delay = 0.0
    access.call(org, probe)
    assert len(host.refreshes) == 1
    assert decrypt(grant().refresh_token) == host.refresh_token


def test_budget_inside_a_longer_one_counts_alone():
    with access.budget(10), access.budget(1) as inner, access.budget(5) as innermost:
        assert innermost is inner


def test_refresh_after_the_org_moved_follows_its_address(org, host, expired):
    moved = host.origin.replace("127.0.0.1", "127.0.0.2")
    SalesforceOrg.objects.update(instance_url=moved)
    SalesforceGrant.objects.update(refreshed_at=from_now(-7 * 86400))
    access.keep_alive(org)
    assert SalesforceOrg.objects.get().instance_url == host.origin


@pytest.mark.parametrize(("days", "refreshes"), [(7, 1), (1, 0)])
def test_keep_alive_with_a_living_session_refreshes_what_was_idle(org, host, days, refreshes):
    SalesforceGrant.objects.update(refreshed_at=from_now(-days * 86400))
    access.keep_alive(org)
    assert len(host.refreshes) == refreshes


def test_weekly_job_keeps_an_idle_grant_alive_past_an_org_that_cannot_be_asked(org, host):
    SalesforceOrg.objects.create(site=org.site, org_id="00D000000000009AAA", name="Never connected")
    SalesforceGrant.objects.update(refreshed_at=from_now(-22 * 86400))
    tasks.keep_alive()
    assert len(host.refreshes) == 1
    (job,) = [job for job in schedules.JOBS if job.task == "keep_alive"]
    assert job.kind == Schedule.WEEKLY
