"""Contract 2, 6, 7.2 and 9: what stands before every call."""

from __future__ import annotations

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from sandbox.salesforce.launch import Simulator

from .conftest import Rest, error

LEAD = {"LastName": "Yamada", "Company": "Acme"}


def test_call_without_a_living_session_is_401(salesforce: Simulator) -> None:
    url = f"{salesforce.instance_url()}/services/data/v66.0/limits"
    for headers in ({}, {"Authorization": "Bearer 00D!made.up"}):
        answer = requests.get(url, headers=headers, timeout=10)
        assert answer.status_code == 401
        assert answer.json() == [
            {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
        ]


def test_call_with_a_malformed_header_is_told_so(salesforce: Simulator) -> None:
    url = f"{salesforce.instance_url()}/services/data/v66.0/limits"
    answer = requests.get(url, headers={"Authorization": "Token x"}, timeout=10)
    assert (answer.status_code, error(answer)["errorCode"]) == (401, "INVALID_AUTH_HEADER")


def test_user_without_api_enabled_logs_in_but_may_not_call(salesforce: Simulator) -> None:
    rest = Rest(salesforce, "noapi")
    answer = rest("GET", "/limits")
    assert (answer.status_code, error(answer)["errorCode"]) == (403, "API_DISABLED_FOR_ORG")
    assert rest.session.get(rest.token["id"], timeout=10).status_code == 200


def test_session_without_the_api_scope_may_not_call(salesforce: Simulator) -> None:
    token = salesforce.grant(scope="id")
    answer = requests.get(
        f"{token['instance_url']}/services/data/v66.0/limits",
        headers={"Authorization": f"Bearer {token['access_token']}"},
        timeout=10,
    )
    assert answer.status_code == 403


def test_versions_need_no_login_and_do_not_count(rest: Rest) -> None:
    answer = requests.get(f"{rest.instance_url}/services/data/", timeout=10)
    newest = answer.json()[-1]
    assert newest == {"label": "Summer '26", "url": "/services/data/v67.0", "version": "67.0"}
    assert answer.json()[0]["version"] == "31.0"
    assert "Sforce-Limit-Info" not in answer.headers
    assert rest.salesforce.control("GET", "state")["orgs"][0]["api_calls"] == 0


@pytest.mark.parametrize(("version", "status"), [("30.0", 410), ("31.0", 200), ("68.0", 404)])
def test_retired_version_is_410_and_a_future_one_404(rest: Rest, version: str, status: int) -> None:
    assert rest("GET", "/limits", version=version).status_code == status


def test_version_may_be_retired_at_run_time(rest: Rest) -> None:
    rest.salesforce.switch(oldest_version=67)
    answer = rest("GET", "/limits")
    assert (answer.status_code, error(answer)["errorCode"]) == (410, "GONE")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nonsense", 404, "NOT_FOUND"),
        ("GET", "/sobjects/Nonsense/describe", 404, "NOT_FOUND"),
        ("POST", "/sobjects/Nonsense", 404, "NOT_FOUND"),
        ("PUT", "/sobjects/Lead", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "/limits", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_unknown_path_or_method(rest: Rest, method: str, path: str, status: int, code: str) -> None:
    answer = rest(method, path, {})
    assert (answer.status_code, error(answer)["errorCode"]) == (status, code)


@pytest.mark.parametrize(
    "body", [b"{", b'{"LastName": NaN}', b"\xff\xfe", b'{"a":' * 5000, b"[1]", b'"text"']
)
def test_body_that_is_no_json_object_is_a_parser_error(rest: Rest, body: bytes) -> None:
    answer = rest("POST", "/sobjects/Lead", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, error(answer)["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_body_of_another_type_is_415(rest: Rest) -> None:
    assert rest("POST", "/sobjects/Lead", data={"LastName": "x"}).status_code == 415


def test_compressed_body_is_read(rest: Rest) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    body = gzip.compress(json.dumps(LEAD).encode())
    assert rest("POST", "/sobjects/Lead", data=body, headers=headers).status_code == 201


def test_long_address_is_414_and_long_headers_are_431(rest: Rest) -> None:
    assert rest("GET", "/query", params={"q": "x" * 16_400}).status_code == 414
    assert rest("GET", "/limits", headers={"X-Long": "x" * 16_400}).status_code == 431


def test_every_answer_tells_the_use(rest: Rest) -> None:
    rest.create(LEAD)
    assert rest("GET", "/limits").headers["Sforce-Limit-Info"] == "api-usage=2/115000"
    assert rest("GET", "/nonsense").headers["Sforce-Limit-Info"] == "api-usage=3/115000"
    rest.salesforce.switch(per_app_usage=True)
    header = rest("GET", "/limits").headers["Sforce-Limit-Info"]
    assert header == "api-usage=4/115000; per-app-api-usage=4/250(appName=Wagtail)"


def test_limits_resource_counts_down(rest: Rest) -> None:
    rest.salesforce.control("POST", "orgs/1/use", {"calls": 15_000})
    daily = rest("GET", "/limits").json()["DailyApiRequests"]
    assert daily == {"Max": 115_000, "Remaining": 100_000}


def test_daily_limit_refuses_unless_the_org_may_run_over(rest: Rest) -> None:
    rest.salesforce.control("POST", "orgs/1/use", {"calls": 115_000})
    answer = rest.create(LEAD)
    assert answer.status_code == 403
    assert error(answer) == {
        "message": "TotalRequests Limit exceeded.",
        "errorCode": "REQUEST_LIMIT_EXCEEDED",
    }
    assert rest.salesforce.leads() == []
    rest.salesforce.switch(soft_daily_limit=True)
    assert rest.create(LEAD).status_code == 201


def test_too_many_long_calls_at_once_are_refused(rest: Rest) -> None:
    rest.salesforce.switch(concurrent_limit=2, long_call_seconds=0.2, latency_ms=2500)
    others = [Rest(rest.salesforce) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(other, "GET", "/limits") for other in others]
        while len(rest.salesforce.calls()) < 2:
            time.sleep(0.02)
        time.sleep(0.3)
        refused = error(rest("GET", "/limits"))
        assert [each.result().status_code for each in running] == [200, 200]
    assert refused == {
        "message": "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        "errorCode": "REQUEST_LIMIT_EXCEEDED",
    }


def test_latency_is_the_nominal_time_from_request_to_answer(rest: Rest) -> None:
    rest.salesforce.switch(latency_ms=120, per_record_ms=2)
    rest("GET", "/limits")
    rest.collection([LEAD] * 100)
    took = {call["path"].rsplit("/", 1)[-1]: call["ms"] for call in rest.salesforce.calls()}
    assert 120 <= took["limits"] < 400
    assert 320 <= took["sobjects"] < 700


def test_clock_of_salesforce_may_differ(rest: Rest) -> None:
    rest.salesforce.switch(clock_offset_seconds=86_400 * 400)
    answer = rest.create(LEAD)
    created = rest.salesforce.leads()[0]["CreatedDate"]
    assert created[:4] in answer.headers["Date"]
    assert created > rest.salesforce.records("Campaign")[0]["CreatedDate"]
