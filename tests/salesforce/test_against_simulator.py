"""The whole folder against the simulator, over HTTP: what unit tests assume of Salesforce holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.salesforce.launch import Simulator
from wagtail_salesforce_leads.salesforce import campaigns, composite, oauth
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.describe import can_hold_submission_id, lead_properties
from wagtail_salesforce_leads.salesforce.errors import (
    AnswerLost,
    CallRefused,
    ConcurrentLimit,
    DailyLimit,
    ErrorClass,
    GrantDead,
    OAuthOutage,
    OAuthRefused,
    SalesforceProblem,
    SessionExpired,
)
from wagtail_salesforce_leads.salesforce.lookups import (
    lookup_by_creation_soql,
    lookup_by_submission_id_soql,
)
from wagtail_salesforce_leads.salesforce.payloads import LeadPayload, MemberPayload

SUBMISSION = "Wagtail_Submission_Id__c"
CALLBACK = "http://127.0.0.1:8929/callback/"


@pytest.fixture(scope="module")
def process() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def salesforce(process, our_settings) -> Simulator:
    process.reset()
    our_settings(EXTRA_HOSTS=(process.instance_url(1), process.instance_url(2)))
    return process


@pytest.fixture
def client(salesforce) -> SalesforceClient:
    return client_for(salesforce)


@pytest.fixture
def campaign(client) -> str:
    return campaigns.search(client)[0].id


def client_for(salesforce: Simulator, user: str = "admin", **options) -> SalesforceClient:
    token = salesforce.grant(user=user)
    return SalesforceClient(token["instance_url"], token["access_token"], **options)


def lead(number: int = 1, **changes) -> LeadPayload:
    fields = {
        "LastName": f"山田{number}",
        "Company": "Acme",
        "Email": f"yamada{number}@acme.example",
    }
    return LeadPayload(f"d{number}", **{"fields": fields, **changes})


def send_few(client: SalesforceClient, *payloads: LeadPayload, members=()):
    assert composite.fits_composite(payloads, members)
    body = composite.build_composite(payloads, members, client.version)
    return composite.parse_composite(client.composite(body), payloads, members)


def send_many(client: SalesforceClient, payloads: list[LeadPayload]):
    body, headers = composite.build_lead_collection(payloads)
    return composite.parse_lead_collection(client.collections_create(body, headers), payloads)


def used_by(client: SalesforceClient) -> int:
    client.probe()
    return client.last_answer.usage.used


class TestConnecting:
    def connect(self, salesforce: Simulator) -> oauth.TokenAnswer:
        verifier = oauth.new_verifier()
        url = oauth.authorization_url(
            salesforce.login_url,
            salesforce.client_id,
            CALLBACK,
            "the state",
            verifier,
            ["api", "refresh_token"],
            prompt="login",
        )
        answer = parse_qs(urlsplit(salesforce.authorize(url)).query)
        assert answer["state"] == ["the state"]
        return oauth.exchange_code(
            salesforce.login_url,
            salesforce.client_id,
            salesforce.client_secret,
            CALLBACK,
            answer["code"][0],
            verifier,
        )

    def refresh(self, salesforce: Simulator, token: str) -> oauth.TokenAnswer:
        return oauth.refresh(
            salesforce.login_url, salesforce.client_id, salesforce.client_secret, token
        )

    def test_login_ends_in_tokens_that_work(self, salesforce):
        token = self.connect(salesforce)
        assert "id" in token.scopes, "granted though not asked for"
        user = oauth.identity(token.instance_url, token.access_token)
        assert (user.org_id, user.user_id) == (token.org_id, token.user_id)
        assert user.username == "admin@acme.example"
        client = SalesforceClient(token.instance_url, token.access_token)
        assert not client.organization().is_sandbox

    def test_refresh_without_rotation_keeps_the_refresh_token(self, salesforce):
        token = self.connect(salesforce)
        renewed = self.refresh(salesforce, token.refresh_token)
        assert renewed.refresh_token is None
        assert renewed.access_token != token.access_token
        assert renewed.org_id == token.org_id

    def test_rotated_token_used_twice_kills_the_grant(self, salesforce):
        salesforce.switch(rotation=True)
        token = self.connect(salesforce)
        renewed = self.refresh(salesforce, token.refresh_token)
        assert renewed.refresh_token
        assert renewed.refresh_token != token.refresh_token
        with pytest.raises(GrantDead):
            self.refresh(salesforce, token.refresh_token)
        with pytest.raises(GrantDead):
            self.refresh(salesforce, renewed.refresh_token)

    def test_revoked_grant_is_dead_and_can_be_revoked_again(self, salesforce):
        token = self.connect(salesforce)
        oauth.revoke(token.instance_url, token.refresh_token)
        with pytest.raises(GrantDead):
            self.refresh(salesforce, token.refresh_token)
        with pytest.raises(SessionExpired):
            oauth.identity(token.instance_url, token.access_token)
        with pytest.raises(SessionExpired):
            SalesforceClient(token.instance_url, token.access_token).limits()
        oauth.revoke(token.instance_url, token.refresh_token)

    def test_wrong_secret_is_no_dead_grant(self, salesforce):
        token = self.connect(salesforce)
        with pytest.raises(OAuthRefused):
            oauth.refresh(salesforce.login_url, salesforce.client_id, "wrong", token.refresh_token)

    def test_outage_of_the_login_is_no_dead_grant(self, salesforce):
        token = self.connect(salesforce)
        salesforce.fault("html_503", path="/token")
        with pytest.raises(OAuthOutage):
            self.refresh(salesforce, token.refresh_token)
        assert self.refresh(salesforce, token.refresh_token)


class TestReading:
    def test_describe_is_read_and_then_unchanged(self, client):
        describe, changed = client.describe_lead()
        properties = {found.name: found for found in lead_properties(describe)}
        required = {name for name, found in properties.items() if found.required}
        assert required == {"LastName", "Company"}
        assert can_hold_submission_id(properties[SUBMISSION])
        assert client.describe_lead(changed) == (None, changed)

    def test_campaigns_are_found_with_their_statuses(self, client):
        found = campaigns.search(client, "fair")
        assert found
        assert campaigns.get(client, found[0].id) == found[0]
        statuses = campaigns.statuses(client, found[0].id)
        assert sum(status.is_default for status in statuses) == 1

    def test_hostile_search_term_finds_nothing(self, client):
        assert campaigns.search(client, "%' OR Name LIKE '") == []

    def test_thousands_of_rows_are_paged(self, salesforce, client):
        salesforce.control("POST", "orgs/1/campaigns", {"count": 2500})
        assert len(client.query("SELECT Id FROM Campaign")) >= 2500

    def test_user_without_api_is_told_so(self, salesforce):
        with pytest.raises(CallRefused) as caught:
            client_for(salesforce, "noapi").limits()
        assert caught.value.code == "API_DISABLED_FOR_ORG"
        assert not caught.value.may_have_run


class TestFew:
    def test_leads_members_and_statuses_cost_one_call(self, salesforce, client, campaign):
        status = campaigns.statuses(client, campaign)[-1].label
        payloads = [lead(i, campaign_id=campaign, member_status=status) for i in range(8)]
        before = used_by(client)
        outcomes = send_few(client, *payloads)
        assert client.last_answer.usage.used == before + 1
        assert {outcome.member_status for outcome in outcomes.values()} == {status}
        assert {row["Id"] for row in salesforce.leads()} >= {o.lead_id for o in outcomes.values()}
        assert {row["Id"] for row in salesforce.members()} >= {
            o.member_id for o in outcomes.values()
        }

    def test_status_the_campaign_does_not_have_shows_in_the_read_back(self, client, campaign):
        default = next(s.label for s in campaigns.statuses(client, campaign) if s.is_default)
        outcome = send_few(client, lead(campaign_id=campaign, member_status="No such"))["d1"]
        assert outcome.member_status == default

    def test_refused_lead_does_not_touch_its_neighbour(self, salesforce, client, campaign):
        bad = lead(2, fields={"LastName": "x" * 81, "Company": "Acme"}, campaign_id=campaign)
        outcomes = send_few(client, lead(1, campaign_id=campaign), bad)
        assert outcomes["d1"].member_id
        assert outcomes["d2"].lead_refusals[0].code == "STRING_TOO_LONG"
        assert outcomes["d2"].lead_refusals[0].fields == ("LastName",)
        assert not outcomes["d2"].lead_may_exist
        assert len(salesforce.members()) == 1

    def test_submission_sent_twice_is_already_there_and_found(self, salesforce, client):
        payload = lead(submission_id_field=SUBMISSION, submission_id="c0ffee")
        first = send_few(client, payload)["d1"]
        again = send_few(client, payload)["d1"]
        assert again.already_there
        (row,) = client.query_all(lookup_by_submission_id_soql(SUBMISSION, ["c0ffee"]))
        assert row["Id"] == first.lead_id
        assert len([row for row in salesforce.leads() if row[SUBMISSION] == "c0ffee"]) == 1

    def test_duplicate_is_created_where_the_rule_only_warns(self, salesforce, client):
        assert send_few(client, lead(1))["d1"].lead_id
        assert send_few(client, lead(1))["d1"].lead_id

    def test_duplicate_rule_that_blocks_tells_the_matches(self, salesforce, client):
        salesforce.rules(duplicate_rules=[{"action": "block"}])
        first = send_few(client, lead(1))["d1"]
        (refusal,) = send_few(client, lead(1))["d1"].lead_refusals
        assert refusal.error_class is ErrorClass.DUPLICATE
        assert refusal.matches.record_ids == (first.lead_id,)
        assert not refusal.matches.can_be_saved

    def test_lead_that_a_flow_put_in_the_campaign_is_a_member(self, salesforce, client, campaign):
        salesforce.switch(flow_adds_member_to=campaign)
        outcome = send_few(client, lead(campaign_id=campaign, member_status="Responded"))["d1"]
        assert outcome.lead_id
        assert outcome.is_already_member

    def test_member_step_alone_reads_what_is_there(self, client, campaign):
        known = send_few(client, lead())["d1"].lead_id
        step = MemberPayload("d1", known, campaign)
        first = send_few(client, members=[step])["d1"]
        again = send_few(client, members=[step])["d1"]
        assert first.member_id
        assert not first.is_already_member
        assert again.is_already_member
        assert (again.member_id, again.member_status) == (first.member_id, first.member_status)


class TestMany:
    def test_two_hundred_leads_with_members_cost_two_calls(self, salesforce, client, campaign):
        before = used_by(client)
        payloads = [lead(i) for i in range(200)]
        outcomes = send_many(client, payloads)
        members = [
            MemberPayload(name, outcome.lead_id, campaign) for name, outcome in outcomes.items()
        ]
        answer = client.composite(composite.build_member_composite(members, client.version))
        results = composite.parse_member_composite(answer, members)
        assert client.last_answer.usage.used == before + 2
        assert len({result.member_id for result in results.values()}) == 200
        assert all(result.member_status for result in results.values())
        again = client.composite(composite.build_member_composite(members, client.version))
        there = composite.parse_member_composite(again, members)
        assert all(outcome.is_already_member for outcome in there.values())
        assert {name: one.member_id for name, one in there.items()} == {
            name: one.member_id for name, one in results.items()
        }

    def test_wrong_status_is_set_and_read_back(self, client, campaign):
        known = send_few(client, lead(campaign_id=campaign))["d1"]
        status = campaigns.statuses(client, campaign)[-1].label
        step = MemberPayload("d1", known.lead_id, campaign, status, member_id=known.member_id)
        answer = client.composite(composite.build_member_composite([step], client.version))
        outcome = composite.parse_member_composite(answer, [step])["d1"]
        assert known.member_status != status
        assert (outcome.member_id, outcome.member_status) == (known.member_id, status)

    def test_text_that_looks_like_a_reference_arrives_as_it_is(self, salesforce, client):
        text = "@{d1_lead.id}"
        payload = lead(fields={"LastName": text, "Company": "Acme"})
        assert not composite.fits_composite([payload])
        outcome = send_many(client, [payload])["d1"]
        (row,) = [row for row in salesforce.leads() if row["Id"] == outcome.lead_id]
        assert row["LastName"] == text

    def test_refused_record_does_not_touch_its_neighbours(self, client):
        payloads = [lead(1), lead(2, fields={"LastName": "x"}), lead(3)]
        outcomes = send_many(client, payloads)
        assert outcomes["d1"].lead_id
        assert outcomes["d2"].lead_refusals[0].code == "REQUIRED_FIELD_MISSING"
        assert outcomes["d3"].lead_id


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "kind", "may_have_run"),
        [
            ("session_killed", SessionExpired, False),
            ("daily_limit", DailyLimit, False),
            ("concurrent_limit", ConcurrentLimit, False),
            ("api_currently_disabled", CallRefused, False),
            ("too_many_requests", ConcurrentLimit, False),
            ("server_error", AnswerLost, True),
            ("server_unavailable", AnswerLost, True),
            ("html_503", AnswerLost, True),
            ("bad_gateway", AnswerLost, True),
            ("redirect", AnswerLost, True),
            ("reset_before", AnswerLost, True),
            ("commit_then_503", AnswerLost, True),
            ("commit_then_500", AnswerLost, True),
            ("commit_then_reset", AnswerLost, True),
            ("cut", AnswerLost, True),
            ("garbage", AnswerLost, True),
            ("empty", AnswerLost, True),
        ],
    )
    def test_fault_is_its_problem(self, salesforce, client, fault, kind, may_have_run):
        salesforce.fault(fault, path="/composite$", method="POST")
        with pytest.raises(SalesforceProblem) as caught:
            send_few(client, lead())
        assert type(caught.value) is kind
        assert caught.value.may_have_run is may_have_run
        assert "山田" not in str(caught.value)
        if not may_have_run:
            assert salesforce.leads() == []

    @pytest.mark.parametrize("fault", ["drip", "commit_then_hang", "hang_before", "slow"])
    def test_slow_answer_is_cut_at_the_deadline(self, salesforce, client, fault):
        salesforce.fault(fault, path="/composite$", method="POST", seconds=8)
        client.deadline = 0.7
        started = time.monotonic()
        with pytest.raises(AnswerLost):
            send_few(client, lead())
        assert time.monotonic() - started < 5

    def test_lead_of_a_lost_answer_is_found_by_its_creation(self, salesforce, client):
        client.probe()
        since = client.last_answer.server_time - timedelta(minutes=15)
        salesforce.fault("commit_then_503", path="/composite$", method="POST")
        with pytest.raises(AnswerLost):
            send_few(client, lead())
        user = oauth.identity(client.instance_url, client.access_token).user_id
        soql = lookup_by_creation_soql(user, since, ["LastName", "Company", "Email"])
        (row,) = client.query_all(soql)
        assert row["Email"] == "yamada1@acme.example"

    def test_row_lock_of_one_record_is_transient_and_its_own(self, salesforce, client):
        salesforce.fault("row_lock", object="Lead")
        outcomes = send_few(client, lead(1), lead(2))
        locked, other = outcomes["d1"], outcomes["d2"]
        assert locked.lead_refusals[0].error_class is ErrorClass.TRANSIENT
        assert not locked.lead_may_exist
        assert other.lead_id
