"""What goes wrong on purpose, and whether the work was done before it did."""

from __future__ import annotations

import time
from typing import Any
from urllib.error import HTTPError

import pytest
import requests

from sandbox.salesforce.faults import NAMES
from sandbox.salesforce.launch import Simulator

from .conftest import Rest, error

LEAD = {"LastName": "Yamada", "Company": "Acme"}


def create(rest: Rest, **more: Any) -> requests.Response:
    headers = {"Content-Type": "application/json"}
    return rest.session.post(
        f"{rest.instance_url}/services/data/v66.0/sobjects/Lead",
        json=LEAD,
        headers=headers,
        **{"timeout": 10, "allow_redirects": False, **more},
    )


def saved(rest: Rest) -> int:
    return len(rest.salesforce.leads())


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("row_lock", 400, "UNABLE_TO_LOCK_ROW"),
        ("daily_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("concurrent_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("session_killed", 401, "INVALID_SESSION_ID"),
        ("server_error", 500, "UNKNOWN_EXCEPTION"),
        ("server_unavailable", 503, "SERVER_UNAVAILABLE"),
        ("api_currently_disabled", 400, "API_CURRENTLY_DISABLED"),
    ],
)
def test_refusal_saves_nothing(rest: Rest, fault: str, status: int, code: str) -> None:
    rest.salesforce.fault(fault)
    answer = create(rest)
    assert (answer.status_code, error(answer)["errorCode"]) == (status, code)
    assert saved(rest) == 0


def test_killed_session_stays_dead(rest: Rest) -> None:
    rest.salesforce.fault("session_killed")
    assert [create(rest).status_code for _ in range(2)] == [401, 401]


def test_any_error_can_be_named(rest: Rest) -> None:
    rest.salesforce.fault("error", status=409, code="QUERY_TIMEOUT", message="Your query timed out")
    answer = create(rest)
    assert answer.status_code == 409
    assert error(answer) == {"message": "Your query timed out", "errorCode": "QUERY_TIMEOUT"}


@pytest.mark.parametrize(
    ("fault", "status", "leads"),
    [
        ("html_503", 503, 0),
        ("bad_gateway", 502, 0),
        ("too_many_requests", 429, 0),
        ("redirect", 302, 0),
        ("commit_then_503", 503, 1),
        ("commit_then_500", 500, 1),
        ("garbage", 201, 1),
        ("empty", 200, 1),
        ("slow", 201, 1),
        ("late_commit", 201, 1),
        ("drip", 201, 1),
    ],
)
def test_fault_that_answers(rest: Rest, fault: str, status: int, leads: int) -> None:
    rest.salesforce.fault(fault, seconds=0.3)
    assert create(rest).status_code == status
    assert saved(rest) == leads
    assert create(rest).status_code == 201


@pytest.mark.parametrize(
    ("fault", "leads"),
    [
        ("reset_before", 0),
        ("hang_before", 0),
        ("commit_then_reset", 1),
        ("commit_then_hang", 1),
        ("cut", 1),
    ],
)
def test_fault_that_breaks_the_connection(rest: Rest, fault: str, leads: int) -> None:
    rest.salesforce.fault(fault, seconds=0.3)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        create(rest)
    assert saved(rest) == leads
    assert create(rest).status_code == 201


def test_every_fault_has_a_test_here() -> None:
    tested = {
        argument[0]
        for test in (
            test_refusal_saves_nothing,
            test_fault_that_answers,
            test_fault_that_breaks_the_connection,
        )
        for argument in test.pytestmark[0].args[1]
    }
    assert tested | {"error", "token_error"} == set(NAMES)


def test_html_answers_are_no_json(rest: Rest) -> None:
    rest.salesforce.fault("commit_then_503")
    answer = create(rest)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<html>")


def test_garbage_breaks_the_parser(rest: Rest) -> None:
    rest.salesforce.fault("garbage")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        create(rest).json()


def test_late_commit_happens_though_the_caller_has_gone(rest: Rest) -> None:
    rest.salesforce.fault("late_commit", seconds=2)
    with pytest.raises(requests.exceptions.ReadTimeout):
        create(rest, timeout=0.2)
    assert saved(rest) == 0
    time.sleep(2.2)
    assert saved(rest) == 1


def test_drip_outlives_a_read_timeout_of_one_byte(rest: Rest) -> None:
    rest.salesforce.fault("drip", seconds=3)
    started = time.monotonic()
    assert create(rest, timeout=1.5).status_code == 201
    assert time.monotonic() - started > 2


def test_fault_strikes_where_and_as_often_as_told(rest: Rest) -> None:
    rest.salesforce.fault("server_error", path="/sobjects/Lead$", method="POST", times=2, skip=1)
    assert rest("GET", "/limits").status_code == 200
    assert [create(rest).status_code for _ in range(4)] == [201, 500, 500, 201]
    found = rest.salesforce.control("GET", "orgs/1/faults")
    assert [each["struck"] for each in found] == [2]
    rest.salesforce.control("DELETE", "orgs/1/faults")
    assert rest.salesforce.control("GET", "orgs/1/faults") == []


def test_probable_fault_repeats_with_the_seed(salesforce: Simulator) -> None:
    def run(seed: int) -> list[int]:
        salesforce.reset(seed)
        rest = Rest(salesforce)
        salesforce.fault("html_503", times=0, probability=0.5)
        return [rest("GET", "/limits").status_code for _ in range(20)]

    assert run(7) == run(7)
    assert set(run(7)) == {200, 503}
    assert run(7) != run(8)


def test_fault_for_one_object_strikes_single_records(rest: Rest) -> None:
    rest.salesforce.fault("row_lock", object="Lead", times=1, skip=1)
    good, locked, last = rest.collection([LEAD] * 3).json()
    assert (good["success"], locked["success"], last["success"]) == (True, False, True)
    assert locked["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"


def test_fault_of_one_org_leaves_the_other_alone(salesforce: Simulator) -> None:
    salesforce.fault("html_503", org=2, times=0)
    assert Rest(salesforce)("GET", "/limits").status_code == 200
    assert Rest(salesforce, org=2, user="admin")("GET", "/limits").status_code == 503


def test_call_log_names_the_fault(rest: Rest) -> None:
    rest.salesforce.fault("commit_then_503")
    create(rest)
    call = rest.salesforce.calls()[-1]
    assert (call["fault"], call["status"]) == ("commit_then_503", 201)
    assert '"LastName": "Yamada"' in call["request"]


def test_unknown_fault_is_refused(salesforce: Simulator) -> None:
    with pytest.raises(HTTPError) as caught:
        salesforce.fault("no_such_thing")
    assert caught.value.code == 400
    assert "there are row_lock" in caught.value.read().decode()
    caught.value.close()
