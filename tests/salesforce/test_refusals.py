from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_salesforce_leads.salesforce.refusals import DuplicateMatches, Refusal, parse_refusals

from .conftest import recorded

BODIES = {case["name"]: case for case in recorded("error_bodies")}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["errorCode", "statusCode", "error", "message", "fields", "duplicateResult",
                 "matchResults", "matchRecords", "record", "Id", "size"]
            ),
            inner,
        )
    ),
)  # fmt: skip


def parsed(name: str) -> tuple[Refusal, ...]:
    return parse_refusals(BODIES[name]["body"], BODIES[name]["http"])


@pytest.mark.parametrize(
    ("name", "code", "fields"),
    [
        ("session_expired", "INVALID_SESSION_ID", ()),
        ("required_field", "REQUIRED_FIELD_MISSING", ("Name",)),
        ("unknown_field", "INVALID_FIELD", ()),
        ("malformed_id", "MALFORMED_ID", ("Id",)),
        ("token_refresh_dead", "invalid_grant", ()),
    ],
)
def test_recorded_body_gives_code_and_fields(name, code, fields):
    (refusal,) = parsed(name)
    assert (refusal.code, refusal.fields, refusal.http_status) == (
        code,
        fields,
        BODIES[name]["http"],
    )


def test_collections_item_gives_its_status_code():
    (item,) = BODIES["collections_item_duplicate"]["body"]
    (refusal,) = parse_refusals(item["errors"], 400)
    assert refusal.code == "DUPLICATES_DETECTED"
    assert refusal.matches is None


def test_single_object_is_read_like_a_list_of_one():
    error = {"errorCode": "NOT_FOUND", "message": "gone"}
    assert parse_refusals(error, 404) == parse_refusals([error], 404)


@pytest.mark.parametrize("body", [None, "", "<html>", [], {}, 7, [None, "text"], ["/services/…"]])
def test_body_without_an_error_gives_none(body):
    assert parse_refusals(body, 500) == ()


@pytest.mark.parametrize(
    ("name", "record_id"),
    [
        ("duplicates_v60_key_duplicateResult", "003aj000002oTldAAE"),
        ("duplicates_v50_key_duplicateResut_sic", "0031i000013x2TEAAY"),
    ],
)
def test_matches_are_read_under_both_spellings(name, record_id):
    (refusal,) = parsed(name)
    assert refusal.matches == DuplicateMatches(1, (record_id,), can_be_saved=True)


def test_matches_that_sharing_hides_are_counted():
    results = [{"size": 3, "matchRecords": [{"record": {"Id": "not an id"}}]}]
    body = [{"errorCode": "DUPLICATES_DETECTED", "duplicateResult": {"matchResults": results}}]
    assert parse_refusals(body, 400)[0].matches == DuplicateMatches(3, (), can_be_saved=False)


@given(JSON)
def test_no_body_is_too_strange(body):
    for refusal in parse_refusals(body, 400):
        assert isinstance(refusal.code, str)
        assert all(isinstance(name, str) for name in refusal.fields)


def test_what_a_visitor_typed_is_not_shown():
    (refusal,) = parsed("restricted_picklist")
    assert "NURSE" in refusal.message
    assert "NURSE" not in repr(refusal)


def test_field_is_named_in_the_list_or_in_words():
    said = Refusal("DUPLICATE_VALUE", "duplicate value found: Submission__c duplicates value on …")
    assert said.names("Submission__c")
    assert Refusal("X", fields=("Email",)).names("Email")
    assert not said.names("Email")
    assert not said.names("")


def test_field_whose_name_is_part_of_another_is_not_named():
    for other in ("Old_Submission__c", "Submission__city", "Submission__c2"):
        said = Refusal("DUPLICATE_VALUE", f"duplicate value found: {other} duplicates value on …")
        assert said.names(other)
        assert not said.names("Submission__c")
    assert Refusal("X", "bad value for Submission__c: x").names("Submission__c")
    assert Refusal("X", "値が重複しています: Submission__c").names("Submission__c")
