from __future__ import annotations

import pytest

from wagtail_salesforce_leads.submitting.payload import build_lead
from wagtail_salesforce_leads.submitting.problems import LeadProblems

DEFINITION = {
    "fields": [
        {"key": "name", "type": "single_line", "label": "姓"},
        {"key": "mail", "type": "email", "label": "Mail"},
        {"key": "news", "type": "consent", "label": "News"},
        {"key": "note", "type": "multi_line", "label": "Note"},
    ]
}


def row(source: str, value: str, name: str, type_: str = "text", **more) -> dict:
    details = {key: more.pop(key) for key in ("inverted",) if key in more}
    spec = {"name": name, "type": type_, "max_length": 80, "choices": [], **more}
    return {"source": source, "value": value, "property": name, "spec": spec, **details}


LAST_NAME = row("field", "name", "LastName")
EMAIL = row("field", "mail", "Email", "email")


def test_build_lead_sends_mapped_answers_and_nothing_else():
    answers = {"name": "山田", "mail": "a@example.com", "note": "not mapped"}
    lead = build_lead(DEFINITION, [LAST_NAME, EMAIL], answers, {}, "Web")
    assert lead == {"LeadSource": "Web", "LastName": "山田", "Email": "a@example.com"}


def test_build_lead_leaves_blank_optional_answers_out():
    assert build_lead(DEFINITION, [LAST_NAME, EMAIL], {"name": "Lee", "mail": ""}, {}) == {
        "LastName": "Lee"
    }


def test_build_lead_inverted_consent_is_always_sent():
    opt_out = row("field", "news", "HasOptedOutOfEmail", "checkbox", inverted=True)
    assert build_lead(DEFINITION, [opt_out], {"news": False}, {}) == {"HasOptedOutOfEmail": True}


def test_build_lead_constant_is_converted_to_its_property():
    rating = row("constant", "５", "Rating__c", "number", digits=3)
    assert build_lead(DEFINITION, [rating], {}, {}) == {"Rating__c": 5}


def test_build_lead_mapped_lead_source_wins_over_the_panel():
    mapped = row("constant", "Fair", "LeadSource", "picklist")
    assert build_lead(DEFINITION, [mapped], {}, {}, "Web") == {"LeadSource": "Fair"}


def test_build_lead_names_every_property_that_cannot_take_its_value():
    answers = {"name": "x" * 81, "mail": "nobody"}
    with pytest.raises(LeadProblems) as caught:
        build_lead(DEFINITION, [LAST_NAME, EMAIL], answers, {})
    assert [(name, problem.code) for name, problem in caught.value.problems] == [
        ("LastName", "too_long"),
        ("Email", "email"),
    ]
    assert "nobody" not in str(caught.value)


@pytest.mark.parametrize(
    ("type_", "value", "sent"),
    [
        ("text", "t" * 100, {"P__c": "t" * 80}),
        ("url", "https://example.com/a?" + "q" * 80, {"P__c": "https://example.com/a"}),
        ("url", "https://example.com/" + "p" * 80, {}),
        ("picklist", "t" * 100, {"P__c": "t" * 80}),
    ],
)
def test_build_lead_context_that_does_not_fit_never_costs_the_lead(type_, value, sent):
    mapping = [row("context", "page_url", "P__c", type_)]
    assert build_lead(DEFINITION, mapping, {}, {"page_url": value}) == sent


def test_build_lead_context_unknown_to_a_restricted_picklist_is_left_out():
    mapping = [row("context", "utm_source", "P__c", "picklist", restricted=True)]
    assert build_lead(DEFINITION, mapping, {}, {"utm_source": "mail"}) == {}


def test_build_lead_row_of_a_deleted_field_is_left_out():
    assert build_lead(DEFINITION, [row("field", "gone", "P__c")], {"gone": "x"}, {}) == {}
