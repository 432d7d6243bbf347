from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from tests.orgs.screens import leads
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceGrant
from wagtail_salesforce_leads.orgs import health, unavailable
from wagtail_salesforce_leads.orgs.health_words import findings
from wagtail_salesforce_leads.orgs.marks import mark
from wagtail_salesforce_leads.orgs.schema import schema_of

Health = OrgLane.Health
SUBMISSION_ID = "Wagtail_Submission_Id__c"


def wrong(items: list[health.CheckItem]) -> list[tuple[str, str]]:
    return [(item.code, item.detail) for item in items if not item.ok]


def test_check_of_a_sound_org_finds_all_well_in_three_calls(connect, salesforce):
    org = connect(submission_id_field=SUBMISSION_ID)
    items = health.check(org)
    assert wrong(items) == []
    assert {item.code for item in items} >= {
        "sign_in",
        "scope",
        "api_enabled",
        "lead_object",
        "lead_fields",
        "campaign",
        "campaign_status",
        "campaign_member",
        "submission_id_field",
        "api_limit",
    }
    assert len(salesforce.calls(1)) == 3
    lane = OrgLane.objects.get()
    assert lane.health == Health.HEALTHY
    assert lane.checked_at is not None
    assert lane.report[0] == {"code": "sign_in", "ok": True, "detail": ""}
    assert schema_of(org).is_known


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("noapi", [("api_enabled", "")]),
        (
            "nocampaign",
            [("campaign", ""), ("campaign_status", ""), ("campaign_member", "read")],
        ),
    ],
)
def test_check_names_each_missing_permission(connect, user, expected):
    assert wrong(health.check(connect(user))) == expected
    lane = OrgLane.objects.get()
    assert (lane.health, lane.health_code) == (Health.PERMISSION, expected[0][0])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"hidden": {"Lead": ["Email"]}}, ("lead_field", "Email")),
        ({"read_only": {"Lead": ["LeadSource"]}}, ("lead_field", "LeadSource")),
        ({"hidden": {"Campaign": ["IsActive"]}}, ("campaign", "IsActive")),
        ({"hidden": {"CampaignMember": ["Status"]}}, ("campaign_member", "Status")),
    ],
)
def test_check_names_each_field_that_is_out_of_reach(connect, salesforce, change, expected):
    org = connect()
    salesforce.control("PATCH", "orgs/1/users/admin", change)
    assert expected in wrong(health.check(org))


def test_check_of_a_vanished_submission_id_field_says_so(connect, salesforce):
    org = connect(submission_id_field=SUBMISSION_ID)
    salesforce.schema("remove", SUBMISSION_ID)
    assert wrong(health.check(org)) == [("submission_id_field", SUBMISSION_ID)]


def test_check_of_a_submission_id_field_that_is_not_unique_says_so(connect, salesforce):
    org = connect(submission_id_field=SUBMISSION_ID)
    salesforce.schema("change", SUBMISSION_ID, set={"unique": False})
    assert wrong(health.check(org)) == [("submission_id_field", SUBMISSION_ID)]


def test_check_near_the_api_limit_says_so_and_heals_with_the_next_day(connect, salesforce):
    org = connect()
    salesforce.control("POST", "orgs/1/use", {"calls": 110_000})
    assert [code for code, _ in wrong(health.check(org))] == ["api_limit"]
    assert OrgLane.objects.get().health == Health.API_LIMIT
    salesforce.switch(daily_limit=10_000_000)
    health.check(org)
    assert OrgLane.objects.get().health == Health.HEALTHY


def test_check_without_a_scope_names_it(connect):
    org = connect()
    SalesforceGrant.objects.update(scopes="api id")
    assert wrong(health.check(org)) == [("scope", "refresh_token")]


def test_check_after_the_missing_tick_was_set_is_healthy_again(connect, salesforce):
    org = connect("noapi")
    health.check(org)
    salesforce.control("PATCH", "orgs/1/users/noapi", {"api_enabled": True})
    assert wrong(health.check(org)) == []
    assert OrgLane.objects.get().health == Health.HEALTHY


def test_check_of_a_dead_grant_keeps_that_as_its_report(connect, salesforce):
    org = connect()
    salesforce.control("POST", "orgs/1/tokens", {"act": "revoke_grants"})
    assert wrong(health.check(org)) == [("sign_in", "expired")]
    lane = OrgLane.objects.get()
    assert lane.health == Health.RECONNECT
    assert lane.report == [{"code": "sign_in", "ok": False, "detail": "expired"}]


def test_check_of_a_silent_org_knows_nothing(connect, salesforce):
    org = connect()
    health.check(org)
    report = OrgLane.objects.get().report
    salesforce.fault("html_503", path="/services/data")
    with pytest.raises(unavailable.OrgUnavailable):
        health.check(org)
    assert OrgLane.objects.get().report == report


def test_check_of_an_org_without_a_refresh_for_three_weeks_is_idle(connect):
    org = connect()
    SalesforceGrant.objects.update(refreshed_at=timezone.now() - timedelta(days=22))
    health.check(org)
    assert OrgLane.objects.get().health == Health.IDLE


@pytest.mark.parametrize("user", ["admin", "nocampaign"])
def test_check_that_signs_in_again_releases_what_waited_for_it_whatever_else_is_missing(
    connect, user
):
    """As after a lost encryption key was put back: no refresh, and nobody reconnects."""
    org = connect(user)
    (lead,) = leads(org, Delivery.State.HELD, cause=Delivery.Hold.RECONNECT)
    mark(org, Health.RECONNECT, "secret_unreadable")
    health.check(org)
    lead.refresh_from_db()
    assert lead.state == Delivery.State.DUE
    expected = Health.HEALTHY if user == "admin" else Health.PERMISSION
    assert OrgLane.objects.get().health == expected


def test_check_of_an_org_that_stays_idle_is_no_news(connect):
    org = connect()
    SalesforceGrant.objects.update(refreshed_at=timezone.now() - timedelta(days=22))
    health.check(org)
    since = OrgLane.objects.get().health_since
    health.check(org)
    assert OrgLane.objects.get().health_since == since


def test_check_that_finds_the_fault_keeps_held_what_is_held_for_it(connect):
    org = connect("nocampaign")
    (lead,) = leads(org, Delivery.State.HELD, cause=Delivery.Hold.MISCONFIGURED)
    mark(org, Health.PERMISSION, "campaign")
    told = timezone.now()
    OrgLane.objects.update(told_at=told)
    health.check(org)
    lead.refresh_from_db()
    assert lead.state == Delivery.State.HELD
    assert OrgLane.objects.get().told_at == told


def test_findings_name_the_missing_right_in_the_readers_language():
    report = [
        {"code": "lead_object", "ok": False, "detail": "read"},
        {"code": "campaign_member", "ok": False, "detail": "create"},
        {"code": "campaign_member", "ok": False, "detail": "Status"},
    ]
    with override("ja"):
        labels = [found.label for found in findings(report)]
    assert [label[label.index("(") :] for label in labels] == ["(参照)", "(作成)", "(Status)"]
