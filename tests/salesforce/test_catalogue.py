from __future__ import annotations

from collections import Counter

import pytest

from wagtail_salesforce_leads.salesforce.catalogue import (
    CATALOGUE,
    ErrorClass,
    classify,
    may_have_run,
)

from .conftest import recorded

RECORDED = {
    "session_expired": ErrorClass.AUTH,
    "daily_limit": ErrorClass.LIMIT_DAILY,
    "concurrent_limit": ErrorClass.LIMIT_CONCURRENT,
    "required_field": ErrorClass.DATA,
    "restricted_picklist": ErrorClass.DATA,
    "string_too_long": ErrorClass.DATA,
    "fls_denied": ErrorClass.CONFIGURATION,
    "unknown_field": ErrorClass.CONFIGURATION,
    "bad_xref": ErrorClass.CONFIGURATION,
    "no_access_xref": ErrorClass.CONFIGURATION,
    "entity_deleted": ErrorClass.CONFIGURATION,
    "row_lock": ErrorClass.TRANSIENT,
    "json_parser": ErrorClass.DATA,
    "ext_id_in_body": ErrorClass.CONFIGURATION,
    "ext_id_unknown": ErrorClass.CONFIGURATION,
    "not_found": ErrorClass.CONFIGURATION,
    "malformed_id": ErrorClass.DATA,
    "already_member": ErrorClass.ALREADY_THERE,
    "duplicates_v60_key_duplicateResult": ErrorClass.DUPLICATE,
    "duplicates_v50_key_duplicateResut_sic": ErrorClass.DUPLICATE,
}
BODIES = {case["name"]: case for case in recorded("error_bodies")}


@pytest.mark.parametrize(("name", "expected"), RECORDED.items())
def test_recorded_error_has_its_class(name, expected):
    case = BODIES[name]
    error = case["body"][0]
    assert classify(error["errorCode"], error["message"], case["http"]) is expected


@pytest.mark.parametrize(
    ("code", "message", "status", "expected"),
    [
        ("API_CURRENTLY_DISABLED", "", 503, ErrorClass.TRANSIENT),
        ("API_DISABLED_FOR_ORG", "", 403, ErrorClass.CONFIGURATION),
        ("UNABLE_TO_LOCK_ROW", "", 500, ErrorClass.TRANSIENT),
        ("DUPLICATE_VALUE", "duplicate value found: X__c", 400, ErrorClass.DATA),
        ("PROCESSING_HALTED", "", 400, ErrorClass.CONSEQUENCE),
        ("NEVER_HEARD_OF", "", 400, ErrorClass.DATA),
        ("NEVER_HEARD_OF", "", 403, ErrorClass.CONFIGURATION),
        ("NEVER_HEARD_OF", "", 500, ErrorClass.TRANSIENT),
        ("", "", 401, ErrorClass.AUTH),
        ("", "", 410, ErrorClass.CONFIGURATION),
        ("", "", 429, ErrorClass.LIMIT_CONCURRENT),
        ("", "", 503, ErrorClass.TRANSIENT),
        ("", "", None, ErrorClass.TRANSIENT),
    ],
)
def test_code_decides_before_status(code, message, status, expected):
    assert classify(code, message, status) is expected


def test_every_code_stands_in_one_row():
    codes = Counter(code for codes in CATALOGUE.values() for code in codes)
    assert [code for code, count in codes.items() if count > 1] == []


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("INVALID_SESSION_ID", 401, False),
        ("", 401, False),
        ("REQUEST_LIMIT_EXCEEDED", 403, False),
        ("API_DISABLED_FOR_ORG", 403, False),
        ("NOT_FOUND", 404, False),
        ("", 405, False),
        ("", 410, False),
        ("JSON_PARSER_ERROR", 400, False),
        ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, True),
        ("UNABLE_TO_LOCK_ROW", 500, True),
        ("SERVER_UNAVAILABLE", 503, True),
        ("", 502, True),
        ("", 200, True),
        ("", None, True),
    ],
)
def test_refusal_of_a_whole_call_proves_something_only_at_the_door(code, status, expected):
    assert may_have_run(code, status) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("REQUIRED_FIELD_MISSING", False),
        ("UNKNOWN_EXCEPTION", False),
        ("PROCESSING_HALTED", True),
        ("ALL_OR_NONE_OPERATION_ROLLED_BACK", True),
        ("", True),
    ],
)
def test_refusal_of_one_record_proves_it_unless_it_is_a_shadow(code, expected):
    assert may_have_run(code, 400, own_entry=True) is expected
