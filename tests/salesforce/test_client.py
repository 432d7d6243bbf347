from __future__ import annotations

import json
import logging
import traceback
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from wagtail_salesforce_leads.salesforce.client import (
    ApiUsage,
    Budget,
    Organization,
    SalesforceClient,
)
from wagtail_salesforce_leads.salesforce.errors import (
    AnswerLost,
    CallRefused,
    ConcurrentLimit,
    DailyLimit,
    NotSent,
    SessionExpired,
)
from wagtail_salesforce_leads.salesforce.hosts import HostRefused

from .conftest import answer, recorded

INSTANCE = "https://acme.my.salesforce.com"
BASE = f"{INSTANCE}/services/data/v66.0"
TOKEN = "00Dxx0000001gER!planted.secret.token"
BODIES = {case["name"]: case for case in recorded("error_bodies")}


@pytest.fixture
def client():
    return SalesforceClient(INSTANCE, TOKEN)


@pytest.fixture
def salesforce():
    with responses.RequestsMock() as mock:
        yield mock


def test_client_of_a_foreign_host_cannot_be_made():
    with pytest.raises(HostRefused):
        SalesforceClient("https://acme.my.salesforce.com.evil.example", TOKEN)


def test_get_is_authorized_and_versioned(salesforce, client):
    salesforce.get(f"{BASE}/sobjects/Lead/00Q", json={"Id": "00Q"})
    assert client.get("sobjects/Lead/00Q", {"fields": "Status"}) == {"Id": "00Q"}
    request = salesforce.calls[0].request
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.url.endswith("?fields=Status")
    assert "X-PrettyPrint" not in request.headers


def test_version_comes_from_the_settings(salesforce, our_settings):
    our_settings(API_VERSION="65.0")
    salesforce.get(f"{INSTANCE}/services/data/v65.0/sobjects/Lead/describe", json={"fields": []})
    assert SalesforceClient(INSTANCE, TOKEN).describe("Lead") == {"fields": []}


def test_post_sends_utf_8_as_it_is(salesforce, client):
    salesforce.post(f"{BASE}/sobjects/Lead", json={"id": "00Q"}, status=201)
    client.post("sobjects/Lead", {"LastName": "山田"}, {"Sforce-Auto-Assign": "FALSE"})
    request = salesforce.calls[0].request
    assert json.loads(request.body) == {"LastName": "山田"}
    assert "山田".encode() in request.body
    assert request.headers["Sforce-Auto-Assign"] == "FALSE"
    assert request.headers["Content-Type"] == "application/json"


def test_post_with_half_a_surrogate_pair_still_goes_out(salesforce, client):
    salesforce.post(f"{BASE}/sobjects/Lead", json={"id": "00Q"}, status=201)
    client.post("sobjects/Lead", {"LastName": "\ud83d"})
    assert json.loads(salesforce.calls[0].request.body) == {"LastName": "?"}


def test_patch_without_content_gives_none(salesforce, client):
    salesforce.patch(f"{BASE}/sobjects/CampaignMember/00v", status=204)
    assert client.patch("sobjects/CampaignMember/00v", {"Status": "Sent"}) is None


def test_answer_brings_usage_and_salesforces_clock(salesforce, client):
    salesforce.get(
        f"{BASE}/limits",
        json={"DailyApiRequests": {"Max": 15000, "Remaining": 14998}},
        headers={
            "Sforce-Limit-Info": "api-usage=18/5000; per-app-api-usage=17/250(appName=x)",
            "Date": "Mon, 23 Nov 2026 12:00:00 GMT",
        },
    )
    assert client.limits() == ApiUsage(2, 15000)
    assert client.last_answer.usage == ApiUsage(18, 5000)
    assert client.last_answer.usage.left == 4982
    assert client.last_answer.server_time == datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
    assert client.last_answer.http_status == 200


def test_refused_call_brings_usage_too(salesforce, client):
    salesforce.get(f"{BASE}/limits", json=BODIES["daily_limit"]["body"], status=403,
                   headers={"Sforce-Limit-Info": "api-usage=15000/15000"})  # fmt: skip
    with pytest.raises(DailyLimit):
        client.limits()
    assert client.last_answer.usage.left == 0


def test_call_without_an_answer_leaves_none(wire):
    wire.will(answer({"a": 1}), lambda connection: False)
    client = wire.client()
    client.get("x")
    with pytest.raises(AnswerLost):
        client.get("x")
    assert client.last_answer is None


def test_answer_with_strange_headers_is_still_an_answer(salesforce, client):
    salesforce.get(f"{BASE}/x", json={"a": 1}, headers={"Sforce-Limit-Info": "?", "Date": "soon"})
    client.get("x")
    assert client.last_answer.usage is None
    assert client.last_answer.server_time is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("session_expired", SessionExpired),
        ("daily_limit", DailyLimit),
        ("concurrent_limit", ConcurrentLimit),
        ("unknown_field", CallRefused),
        ("not_found", CallRefused),
    ],
)
def test_refusal_is_raised_as_its_kind(salesforce, client, name, kind):
    salesforce.post(f"{BASE}/x", json=BODIES[name]["body"], status=BODIES[name]["http"])
    with pytest.raises(kind) as caught:
        client.post("x", {})
    assert caught.value.code == BODIES[name]["body"][0]["errorCode"]


def test_no_error_shows_what_was_sent_or_the_token(salesforce, client):
    body = [{"errorCode": "STRING_TOO_LONG", "message": "too large: planted answer", "fields": []}]
    salesforce.post(f"{BASE}/sobjects/Lead", json=body, status=400)
    with pytest.raises(CallRefused) as caught:
        client.post("sobjects/Lead", {"LastName": "planted answer"})
    files = {frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)}
    assert not any("simple_salesforce" in name for name in files)
    assert "planted" not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert caught.value.__context__ is None


def test_debug_logs_show_neither_token_nor_body(wire, caplog):
    caplog.set_level(logging.DEBUG)
    wire.will(answer({"id": "00Q"}))
    wire.client().post("sobjects/Lead", {"LastName": "planted answer"})
    assert "POST /services/data/v66.0/sobjects/Lead" in caplog.text
    assert "planted" not in caplog.text
    assert "00Dxx!token" not in caplog.text


class TestDescribe:
    URL = f"{BASE}/sobjects/Lead/describe"

    def test_first_describe_tells_when_it_changed(self, salesforce, client):
        changed = "Tue, 10 Nov 2026 00:00:00 GMT"
        salesforce.get(self.URL, json={"fields": []}, headers={"Last-Modified": changed})
        assert client.describe_lead() == ({"fields": []}, changed)
        assert "If-Modified-Since" not in salesforce.calls[0].request.headers

    def test_unchanged_describe_is_none(self, salesforce, client):
        changed = "Tue, 10 Nov 2026 00:00:00 GMT"
        salesforce.get(self.URL, status=304)
        assert client.describe_lead(changed) == (None, changed)
        assert salesforce.calls[0].request.headers["If-Modified-Since"] == changed

    @pytest.mark.parametrize(("status", "body"), [(503, "<html>"), (200, "{}"), (200, "null")])
    def test_outage_is_no_unchanged_describe(self, salesforce, client, status, body):
        salesforce.get(self.URL, body=body, status=status)
        with pytest.raises(AnswerLost):
            client.describe_lead("Tue, 10 Nov 2026 00:00:00 GMT")


class TestQuery:
    def test_pages_are_followed_until_there_is_none(self, salesforce, client):
        more = "/services/data/v66.0/query/01gRO0000016PIAYA2-1"
        salesforce.get(f"{BASE}/query/", json={"records": [{"Id": "1"}], "nextRecordsUrl": more})
        salesforce.get(INSTANCE + more, json={"records": [{"Id": "2"}], "done": True})
        assert [row["Id"] for row in client.query("SELECT Id FROM Lead")] == ["1", "2"]
        assert parse_qs(urlsplit(salesforce.calls[0].request.url).query)["q"] == [
            "SELECT Id FROM Lead"
        ]

    def test_deleted_rows_are_asked_for_by_query_all(self, salesforce, client):
        salesforce.get(f"{BASE}/queryAll/", json={"records": [], "done": True})
        assert client.query_all("SELECT Id FROM Lead") == []

    @pytest.mark.parametrize("more", ["//evil.example/x", "@evil.example/x", "/services/oauth2/x"])
    def test_next_page_elsewhere_is_refused(self, salesforce, client, more):
        salesforce.get(f"{BASE}/query/", json={"records": [], "nextRecordsUrl": more})
        with pytest.raises(HostRefused):
            client.query("SELECT Id FROM Lead")
        assert len(salesforce.calls) == 1

    @pytest.mark.parametrize("body", [[], {"rows": []}, None])
    def test_other_answer_is_no_empty_result(self, salesforce, client, body):
        salesforce.get(f"{BASE}/query/", json=body)
        with pytest.raises(AnswerLost):
            client.query("SELECT Id FROM Lead")

    def test_organization_is_its_one_row(self, salesforce, client):
        row = {"Name": "Acme", "IsSandbox": True, "OrganizationType": "Developer Edition"}
        salesforce.get(f"{BASE}/query/", json={"records": [row]})
        assert client.organization() == Organization("Acme", True, "Developer Edition")


class TestCreating:
    def test_composite_gives_the_answer(self, salesforce, client):
        body = recorded("composite_partial_success")
        salesforce.post(f"{BASE}/composite", json=body)
        assert client.composite({"compositeRequest": []}) == body

    @pytest.mark.parametrize("body", [[], {}, {"compositeResponse": None}, None, "text", 7, True])
    def test_other_answer_to_composite_may_have_run(self, salesforce, client, body):
        salesforce.post(f"{BASE}/composite", json=body)
        with pytest.raises(AnswerLost):
            client.composite({"compositeRequest": []})

    def test_collections_give_the_results(self, salesforce, client):
        results = [{"id": "00Q", "success": True, "errors": []}]
        salesforce.post(f"{BASE}/composite/sobjects", json=results)
        headers = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
        assert client.collections_create({"records": []}, headers) == results
        sent = salesforce.calls[0].request.headers
        assert sent["Sforce-Duplicate-Rule-Header"] == "allowSave=true"

    def test_other_answer_to_collections_may_have_run(self, salesforce, client):
        salesforce.post(f"{BASE}/composite/sobjects", json={})
        with pytest.raises(AnswerLost):
            client.collections_create({"records": []})


class TestBudget:
    def test_call_gets_what_is_left(self, wire):
        def silent(connection):
            connection.settimeout(9)
            return bool(connection.recv(1))

        wire.will(silent)
        client = wire.client(deadline=5, budget=Budget(1))
        with pytest.raises(AnswerLost):
            client.limits()
        with pytest.raises(NotSent):
            client.limits()
        assert len(wire.requests) == 1

    def test_probe_passes_when_the_org_answers_as_itself(self, wire):
        wire.will(answer({"DailyApiRequests": {"Max": 1, "Remaining": 1}}), answer({"limits": 0}))
        client = wire.client()
        client.probe()
        with pytest.raises(AnswerLost):
            client.probe()
