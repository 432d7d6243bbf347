"""Whatever is sent, the simulator answers as Salesforce would: never with a mistake of its own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.salesforce.launch import Simulator

from .conftest import VERSION, Rest

FIELD_NAMES = (
    "attributes LastName Company Email Id id Interests__c Seats__c Newsletter__c Visit_Date__c "
    "OwnerId CampaignId LeadId Description Wagtail_Submission_Id__c"
)
WORDS = (
    "SELECT FROM WHERE AND OR NOT IN LIKE ORDER BY LIMIT OFFSET NULLS FIRST DESC COUNT() INCLUDES "
    "FIELDS(ALL) Id Name Lead Campaign.Name Owner.Name CreatedDate TODAY LAST_N_DAYS:2 ( ) , = != "
    "< 'x' 'a\\'b' 5 true null 2026-01-01 2026-01-01T00:00:00Z 2026-99-99T00:00:00Z"
)
TEXTS = st.sampled_from(
    [
        "", "x", "Lead", "@{a.id}", "@{a.x[9].y}", "@{", "@{}", "product;x", "a@b.co", "2026-01-01",
        "00Q5g00000ZZZZZAAA", "//x", "\ud800", "\x00",
    ]
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(-1e30, 1e30) | TEXTS
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
RECORDS = st.dictionaries(st.sampled_from(FIELD_NAMES.split()), ANYTHING, max_size=6).flatmap(
    lambda record: st.sampled_from(
        [
            record,
            {"attributes": {"type": "Lead", "referenceId": "r"}, **record},
            {"attributes": {"type": "Lead"}, "LastName": "x", "Company": "y", **record},
        ]
    )
)
PATHS = st.sampled_from(
    [
        "/sobjects/Lead", "/sobjects/Lead/@{a.id}", "/sobjects/Lead/Email/@{a.id}", "/composite",
        "/sobjects/CampaignMember", "/composite/sobjects", "/query?q=SELECT+Id+FROM+Lead", "?", "",
    ]
)  # fmt: skip
PARTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["POST", "GET", "PATCH", "DELETE", "post"]),
        "url": PATHS.map(lambda path: f"/services/data/v{VERSION}{path}") | ANYTHING,
        "referenceId": st.sampled_from(["a", "b", "c", "-"]) | ANYTHING,
    },
    optional={"body": RECORDS | ANYTHING, "richInput": RECORDS, "httpHeaders": ANYTHING},
)
GRAPHS = st.fixed_dictionaries(
    {"graphId": ANYTHING, "compositeRequest": st.lists(PARTS, max_size=4)}
)


def bodies(name: str, items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {name: st.lists(items, min_size=1, max_size=4) | ANYTHING},
        optional={"allOrNone": ANYTHING, "haltOnError": ANYTHING},
    )


CALLS = st.one_of(
    st.tuples(st.just(method), st.just(path), body)
    for method, path, body in [
        ("POST", "/sobjects/Lead", RECORDS),
        ("POST", "/sobjects/CampaignMember", RECORDS),
        ("PATCH", "/sobjects/Lead/Email/a@b.co", RECORDS),
        ("POST", "/composite", bodies("compositeRequest", PARTS)),
        ("POST", "/composite/graph", bodies("graphs", GRAPHS)),
        ("POST", "/composite/batch", bodies("batchRequests", PARTS)),
        ("POST", "/composite/sobjects", bodies("records", RECORDS)),
        ("PATCH", "/composite/sobjects", bodies("records", RECORDS)),
        ("PATCH", "/composite/sobjects/Lead/Email", bodies("records", RECORDS)),
        ("POST", "/composite/tree/Lead", bodies("records", RECORDS)),
        (
            "POST",
            "/composite/sobjects/Lead",
            st.fixed_dictionaries({"ids": ANYTHING, "fields": ANYTHING}),
        ),
        ("POST", "/composite", ANYTHING),
    ]
)


@pytest.fixture(scope="module")
def rest() -> Any:
    with Simulator() as simulator:
        yield Rest(simulator)


@settings(max_examples=200, deadline=None)
@given(call=CALLS)
def test_any_json_is_answered_without_a_mistake(rest: Rest, call: tuple[str, str, Any]) -> None:
    answer = rest(*call)
    assert answer.status_code < 500, answer.text
    assert "UNKNOWN_EXCEPTION" not in answer.text


@settings(max_examples=100, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS.split()), max_size=14))
def test_any_words_are_a_query_or_a_refusal(rest: Rest, words: list[str]) -> None:
    for soql in (" ".join(words), "SELECT Id FROM Lead WHERE " + " ".join(words)):
        answer = rest("GET", "/query", params={"q": soql})
        assert answer.status_code in {200, 400}, (soql, answer.text)
