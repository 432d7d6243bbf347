from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from wagtail_salesforce_leads.models import OrgLane, OrgSchema, SalesforceOrg
from wagtail_salesforce_leads.orgs import schema, unavailable


@pytest.fixture
def acme(connect):
    return connect()


@pytest.fixture
def asked(salesforce):
    """The paths of the REST calls since the last time."""
    seen = 0

    def calls() -> list[str]:
        nonlocal seen
        made = salesforce.calls(1)
        new, seen = made[seen:], len(made)
        return [call["path"] for call in new]

    return calls


def age(org: SalesforceOrg, **time) -> None:
    OrgSchema.objects.filter(org=org).update(read_at=timezone.now() - timedelta(**time))


def test_schema_of_an_org_that_was_never_read_is_unknown(acme):
    assert not schema.schema_of(acme).is_known


def test_refresh_reads_the_properties(acme):
    schema.refresh(acme)
    known = schema.schema_of(acme)
    assert known.is_known
    assert known.properties["LastName"].required
    assert known.properties["Email"].max_length == 80


def test_refresh_of_an_unchanged_org_moves_the_time_only(acme, salesforce):
    schema.refresh(acme)
    before = OrgSchema.objects.get()
    age(acme, days=1)
    schema.refresh(acme)
    after = OrgSchema.objects.get()
    assert salesforce.calls(1)[-1]["status"] == 304
    assert after.lead == before.lead
    assert after.read_at > before.read_at


def test_refresh_of_a_changed_org_finds_the_new_field(acme, salesforce):
    schema.refresh(acme)
    field = {"name": "Shoe_Size__c", "label": "Shoe size", "type": "string", "length": 20}
    salesforce.schema("add", field)
    assert "Shoe_Size__c" not in schema.schema_of(acme).properties
    schema.refresh(acme, force=True)
    assert schema.schema_of(acme).properties["Shoe_Size__c"].label == "Shoe size"


def test_refresh_notes_the_api_use(acme):
    schema.refresh(acme)
    lane = OrgLane.objects.get()
    assert (lane.api_used, lane.api_limit) == (1, 115_000)


def test_refresh_while_the_org_is_silent_raises_org_unavailable(acme, salesforce):
    salesforce.fault("html_503", path="/describe")
    with pytest.raises(unavailable.OrgSilent):
        schema.refresh(acme)


def test_fresh_within_a_minute_asks_nobody(acme, asked):
    schema.refresh(acme)
    asked()
    assert schema.fresh(acme).is_known
    assert asked() == []


def test_fresh_while_the_org_is_away_serves_what_is_known(acme, salesforce):
    schema.refresh(acme)
    age(acme, hours=3)
    salesforce.fault("html_503", path="/describe")
    known = schema.fresh(acme)
    assert "Email" in known.properties
    assert timezone.now() - known.read_at > timedelta(hours=2)


def test_fresh_of_a_hanging_org_ends_within_the_editors_budget(acme, salesforce, settings):
    settings.WAGTAIL_SALESFORCE_LEADS["EDITOR_BUDGET"] = 0.5
    schema.refresh(acme)
    age(acme, hours=3)
    salesforce.fault("hang_before", path="/describe", seconds=20)
    begun = timezone.now()
    assert schema.fresh(acme).is_known
    assert timezone.now() - begun < timedelta(seconds=2)


def test_fresh_inside_a_transaction_with_an_expired_session_serves_what_is_known(acme, salesforce):
    schema.refresh(acme)
    age(acme, hours=3)
    salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    with transaction.atomic():
        assert schema.fresh(acme).is_known
    assert salesforce.calls(1)[-1]["status"] == 401


def test_campaign_is_read_with_its_statuses_and_kept(acme, salesforce, asked):
    fair = salesforce.campaign("Spring fair 2027")
    found = schema.campaign(acme, fair)
    assert (found["name"], found["is_active"]) == ("Spring fair 2027", True)
    assert found["default_status"] in found["statuses"]
    asked()
    assert schema.campaign(acme, fair) == found
    assert asked() == []
    assert schema.schema_of(acme).campaigns[fair]["name"] == "Spring fair 2027"


def test_campaign_that_is_gone_is_known_to_be(acme):
    gone = "701000000000999AAA"
    assert schema.campaign(acme, gone) is None
    assert schema.schema_of(acme).campaigns == {gone: None}


def test_campaign_while_the_org_is_away_serves_what_is_known(acme, salesforce):
    fair = salesforce.campaign("Spring fair 2027")
    schema.campaign(acme, fair)
    stored = OrgSchema.objects.get().campaigns
    stored[fair]["read_at"] = (timezone.now() - timedelta(hours=3)).isoformat()
    OrgSchema.objects.update(campaigns=stored)
    salesforce.fault("html_503", path="/query")
    assert schema.campaign(acme, fair)["name"] == "Spring fair 2027"
