"""The table of ``delivery.retry``, row by row, over the whole catalogue of Salesforce's codes."""

from __future__ import annotations

import pytest

from wagtail_salesforce_leads.delivery.retry import (
    Act,
    after_call,
    after_member_refusal,
    after_refusal,
    back_off,
)
from wagtail_salesforce_leads.salesforce.catalogue import CATALOGUE
from wagtail_salesforce_leads.salesforce.errors import (
    AnswerLost,
    NotSent,
    Refusal,
    call_problem,
)

# code: (one of many, alone, the whole call with many, the whole call with one, may have run)
# "May have run" is meant for a whole call; a record's own entry says that it was not made.
RETRY, FAIL, SPLIT, PAUSE, HOLD = Act.RETRY, Act.FAIL, Act.SPLIT, Act.PAUSE, Act.HOLD
LOOK_UP, ASK_ALONE, RENEW = Act.LOOK_UP, Act.ASK_ALONE, Act.RENEW
REFUSED_ENTRY = (FAIL, FAIL, LOOK_UP, LOOK_UP, True)
BUSY = (RETRY, RETRY, LOOK_UP, LOOK_UP, True)
SHARED = (SPLIT, FAIL, LOOK_UP, LOOK_UP, True)
CLOSED = (HOLD, HOLD, LOOK_UP, LOOK_UP, True)
FULL = (PAUSE, PAUSE, LOOK_UP, LOOK_UP, True)
SHADOW = (LOOK_UP, LOOK_UP, LOOK_UP, LOOK_UP, True)

TABLE = {
    "API_CURRENTLY_DISABLED": (RETRY, RETRY, PAUSE, PAUSE, False),
    "FUNCTIONALITY_NOT_ENABLED": BUSY,
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": BUSY,
    "INTERNAL_ERROR": BUSY,
    "QUERY_TIMEOUT": BUSY,
    "REQUEST_RUNNING_TOO_LONG": BUSY,
    "SERVER_UNAVAILABLE": BUSY,
    "TOO_MANY_APEX_REQUESTS": BUSY,
    "TXN_SECURITY_METERING_ERROR": BUSY,
    "UNABLE_TO_LOCK_ROW": BUSY,
    "UNKNOWN_EXCEPTION": BUSY,
    "INVALID_AUTH_HEADER": (PAUSE, PAUSE, RENEW, RENEW, False),
    "INVALID_SESSION_ID": (PAUSE, PAUSE, RENEW, RENEW, False),
    "API_DISABLED_FOR_ORG": (HOLD, HOLD, HOLD, HOLD, False),
    "CANNOT_EXECUTE_FLOW_TRIGGER": SHARED,
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": SHARED,
    "ENTITY_IS_DELETED": REFUSED_ENTRY,
    "EXCEEDED_MAX_SIZE_REQUEST": (SPLIT, FAIL, SPLIT, FAIL, False),
    "EXCEEDED_QUOTA": SHARED,
    "GONE": CLOSED,
    "INACTIVE_OWNER_OR_USER": REFUSED_ENTRY,
    "INSUFFICIENT_ACCESS": REFUSED_ENTRY,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": REFUSED_ENTRY,
    "INSUFFICIENT_ACCESS_OR_READONLY": REFUSED_ENTRY,
    "INVALID_ASSIGNMENT_RULE": REFUSED_ENTRY,
    "INVALID_CROSS_REFERENCE_KEY": REFUSED_ENTRY,
    "INVALID_FIELD": REFUSED_ENTRY,
    "INVALID_FIELD_FOR_INSERT_UPDATE": REFUSED_ENTRY,
    "INVALID_TYPE": REFUSED_ENTRY,
    "LICENSE_LIMIT_EXCEEDED": FULL,
    "LIMIT_EXCEEDED": SHARED,
    "LOGIN_DURING_RESTRICTED_DOMAIN": FULL,
    "LOGIN_DURING_RESTRICTED_TIME": FULL,
    "METHOD_NOT_ALLOWED": (FAIL, FAIL, SPLIT, FAIL, False),
    "NOT_FOUND": (FAIL, FAIL, SPLIT, FAIL, False),
    "ORG_LOCKED": CLOSED,
    "PACKAGE_LICENSE_REQUIRED": REFUSED_ENTRY,
    "STORAGE_LIMIT_EXCEEDED": FULL,
    "TRIAL_EXPIRED": CLOSED,
    "TXN_SECURITY_APEX_ERROR": SHARED,
    "TXN_SECURITY_NO_ACCESS": REFUSED_ENTRY,
    "TXN_SECURITY_RUNTIME_ERROR": SHARED,
    "UNSUPPORTED_API_VERSION": (HOLD, HOLD, HOLD, HOLD, False),
    "DUPLICATE_EXTERNAL_ID": REFUSED_ENTRY,
    "DUPLICATE_VALUE": REFUSED_ENTRY,
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": REFUSED_ENTRY,
    "FIELD_FILTER_VALIDATION_EXCEPTION": REFUSED_ENTRY,
    "FIELD_INTEGRITY_EXCEPTION": REFUSED_ENTRY,
    "INVALID_EMAIL_ADDRESS": REFUSED_ENTRY,
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": REFUSED_ENTRY,
    "INVALID_TYPE_ON_FIELD_IN_RECORD": REFUSED_ENTRY,
    "JSON_PARSER_ERROR": (FAIL, FAIL, SPLIT, FAIL, False),
    "MALFORMED_ID": REFUSED_ENTRY,
    "NUMBER_OUTSIDE_VALID_RANGE": REFUSED_ENTRY,
    "REQUIRED_FIELD_MISSING": REFUSED_ENTRY,
    "STRING_TOO_LONG": REFUSED_ENTRY,
    "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET": REFUSED_ENTRY,
    "TOO_MANY_ENUM_VALUE": REFUSED_ENTRY,
    "DUPLICATES_DETECTED": (ASK_ALONE, FAIL, LOOK_UP, LOOK_UP, True),
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": SHADOW,
    "PROCESSING_HALTED": SHADOW,
    "SOMETHING_NEW": REFUSED_ENTRY,
}
STATUS = {"INVALID_SESSION_ID": 401, "INVALID_AUTH_HEADER": 401}


def refusal(code: str, message: str = "", *fields: str) -> Refusal:
    return Refusal(code, message, fields, http_status=400)


def refused(code: str, message: str = "", status: int = 400):
    return call_problem(STATUS.get(code, status), [{"errorCode": code, "message": message}])


def test_table_has_every_code_of_the_catalogue():
    codes = {code for codes in CATALOGUE.values() for code in codes}
    assert set(TABLE) - {"SOMETHING_NEW"} == codes


@pytest.mark.parametrize("code", TABLE)
def test_refused_record(code):
    in_batch, alone, *_call = TABLE[code]
    assert after_refusal([refusal(code)], alone=False).act is in_batch
    assert after_refusal([refusal(code)], alone=True).act is alone


@pytest.mark.parametrize("code", TABLE)
def test_refused_call(code):
    *_entry, many, one, may_have_run = TABLE[code]
    decision = after_call(refused(code), size=200)
    assert (decision.act, decision.may_have_run) == (many, may_have_run)
    assert after_call(refused(code), size=1).act is one


@pytest.mark.parametrize("code", TABLE)
def test_refused_call_that_makes_no_leads_is_never_looked_up(code):
    assert after_call(refused(code), size=200, makes_leads=False).act is not LOOK_UP


@pytest.mark.parametrize(
    ("problem", "act", "may_have_run"),
    [
        (NotSent("no connection"), PAUSE, False),
        (AnswerLost("reset"), LOOK_UP, True),
        (AnswerLost("html", http_status=503), LOOK_UP, True),
        (call_problem(503, "<html>down</html>"), LOOK_UP, True),
        (call_problem(500, [{"errorCode": "UNABLE_TO_LOCK_ROW", "message": ""}]), LOOK_UP, True),
        (call_problem(200, ""), LOOK_UP, True),
        (refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403), PAUSE, False),
        (
            refused(
                "REQUEST_LIMIT_EXCEEDED",
                "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
                403,
            ),
            PAUSE,
            False,
        ),
        (call_problem(404, ""), SPLIT, False),
        (call_problem(405, ""), SPLIT, False),
        (call_problem(429, ""), PAUSE, False),
    ],
)
def test_call_without_entries(problem, act, may_have_run):
    decision = after_call(problem, size=200)
    assert (decision.act, decision.may_have_run) == (act, may_have_run)


def test_record_without_a_word_may_have_been_made():
    decision = after_refusal([], alone=False)
    assert (decision.act, decision.may_have_run) == (LOOK_UP, True)


def test_salesforces_words_are_kept_for_the_attempt_and_shown_in_no_repr():
    found = after_refusal([refusal("INVALID_EMAIL_ADDRESS", "invalid: ann@x")], alone=False)
    assert found.message == "invalid: ann@x"
    assert not found.then_alone
    assert "ann@x" not in repr(found)


def test_shadow_beside_a_culprit_is_not_the_cause():
    found = after_refusal(
        [refusal("PROCESSING_HALTED"), refusal("STRING_TOO_LONG", "", "Company")], alone=False
    )
    assert (found.act, found.code, found.fields) == (FAIL, "STRING_TOO_LONG", ("Company",))


def test_duplicate_value_of_the_submission_id_field_is_adopted():
    found = refusal("DUPLICATE_VALUE", "duplicate value found: Sub_Id__c duplicates value on …")
    assert after_refusal([found], alone=False, id_field="Sub_Id__c").act is Act.ADOPT
    assert after_refusal([found], alone=False, id_field="Other__c").act is FAIL
    assert after_refusal([found], alone=False).act is FAIL


def test_vanished_submission_id_field_holds_the_org():
    found = refusal("INVALID_FIELD", "No such column 'Sub_Id__c' on sobject of type Lead")
    decision = after_refusal([found], alone=False, id_field="Sub_Id__c")
    assert (decision.act, decision.code) == (HOLD, "submission_id_field")


@pytest.mark.parametrize(("attempts", "act"), [(1, RETRY), (4, RETRY), (5, FAIL)])
def test_unknown_exception_is_tried_five_times(attempts, act):
    decision = after_refusal([refusal("UNKNOWN_EXCEPTION")], alone=True, attempts=attempts)
    assert decision.act is act


@pytest.mark.parametrize(
    ("code", "fate_known", "act"),
    [
        ("ENTITY_IS_DELETED", False, Act.ASK_FATE),
        ("ENTITY_IS_DELETED", True, FAIL),
        ("INVALID_CROSS_REFERENCE_KEY", False, Act.ASK_FATE),
        ("UNABLE_TO_LOCK_ROW", False, RETRY),
        ("PROCESSING_HALTED", False, RETRY),
        ("INSUFFICIENT_ACCESS", False, FAIL),
    ],
)
def test_refused_member(code, fate_known, act):
    decision = after_member_refusal([refusal(code)], alone=False, fate_known=fate_known)
    assert (decision.act, decision.may_have_run) == (act, False)


def test_back_off_doubles_up_to_the_longest_and_jitters_by_a_quarter():
    def seconds(tries: int, jitter: float = 0.5) -> float:
        return back_off(tries, jitter, first=60, longest=3600)

    assert [seconds(tries) for tries in (1, 2, 3, 6, 7, 50)] == [60, 120, 240, 1920, 3600, 3600]
    assert (seconds(1, 0.0), seconds(1, 1.0)) == (45, 75)
