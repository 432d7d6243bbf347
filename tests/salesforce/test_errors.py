from __future__ import annotations

import pytest

from wagtail_salesforce_leads.exceptions import SalesforceLeadsError
from wagtail_salesforce_leads.salesforce.errors import (
    AnswerLost,
    CallRefused,
    ConcurrentLimit,
    DailyLimit,
    ErrorClass,
    SessionExpired,
    call_problem,
)

from .conftest import recorded

BODIES = {case["name"]: case for case in recorded("error_bodies")}


@pytest.mark.parametrize(
    ("name", "kind", "may_have_run"),
    [
        ("session_expired", SessionExpired, False),
        ("daily_limit", DailyLimit, False),
        ("concurrent_limit", ConcurrentLimit, False),
        ("not_found", CallRefused, False),
        ("json_parser", CallRefused, False),
        ("row_lock", CallRefused, True),
        ("unknown_field", CallRefused, True),
        ("ext_id_matches_many", AnswerLost, True),
    ],
)
def test_recorded_answer_is_its_problem(name, kind, may_have_run):
    problem = call_problem(BODIES[name]["http"], BODIES[name]["body"])
    assert type(problem) is kind
    assert problem.may_have_run is may_have_run
    assert problem.http_status == BODIES[name]["http"]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, "<html>", AnswerLost),
        (403, "", AnswerLost),
        (500, [{"errorCode": "UNABLE_TO_LOCK_ROW"}], AnswerLost),
        (502, "<html>", AnswerLost),
        (304, "", AnswerLost),
        (401, "", SessionExpired),
        (404, "<html>", CallRefused),
        (410, "", CallRefused),
        (429, "", ConcurrentLimit),
        (503, [{"errorCode": "API_CURRENTLY_DISABLED"}], CallRefused),
    ],
)
def test_answer_without_json_of_salesforce_is_not_trusted_unless_given_at_the_door(
    status, body, kind
):
    assert type(call_problem(status, body)) is kind


def test_problem_keeps_the_refusals_and_shows_codes_only():
    problem = call_problem(400, BODIES["restricted_picklist"]["body"])
    assert problem.error_class is ErrorClass.DATA
    assert "NURSE" in problem.refusals[0].message
    assert "NURSE" not in f"{problem} {problem!r} {problem.args}"
    assert "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST" in str(problem)


def test_every_problem_belongs_to_the_packages_tree():
    assert issubclass(AnswerLost, SalesforceLeadsError)
    assert issubclass(SessionExpired, SalesforceLeadsError)
