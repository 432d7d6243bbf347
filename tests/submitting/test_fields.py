"""Each field type: what it takes, what it stores, what it tells the visitor."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from wagtail_salesforce_leads.submitting.forms import form_class

from .live import choices, field

TWO = {"choices": choices("One", "Two")}


def bound(field_: dict, query: str):
    return form_class({"fields": [field_]})(QueryDict(query))


@pytest.mark.parametrize(
    ("type_", "more", "query", "stored"),
    [
        ("single_line", {}, "f=+Lee+", "Lee"),
        ("single_line", {}, "", ""),
        ("multi_line", {}, "f=a%0Ab", "a\nb"),
        ("email", {}, "f=ann@example.com", "ann@example.com"),
        ("phone", {}, "f=03-1234", "03-1234"),
        ("number", {}, "f=１２.50", "12.50"),
        ("number", {}, "f=1e3", "1000"),
        ("number", {}, "", ""),
        ("url", {}, "f=example.com", "https://example.com"),
        ("checkbox", {}, "f=on", True),
        ("checkbox", {}, "", False),
        ("consent", {}, "f=on", True),
        ("checkboxes", TWO, "f=one&f=two", ["one", "two"]),
        ("checkboxes", TWO, "", []),
        ("multi_select", TWO, "f=two", ["two"]),
        ("dropdown", TWO, "f=one", "one"),
        ("dropdown", TWO, "f=", ""),
        ("radio", TWO, "", ""),
        ("date", {}, "f=2027-02-28", "2027-02-28"),
        ("date", {}, "f=2027/2/28", "2027-02-28"),
        ("date", {}, "", ""),
        ("hidden", {"required": True}, "", ""),
        ("something_else", {}, "f=x", "x"),
    ],
)
def test_answer_is_stored_as(type_, more, query, stored):
    form = bound(field("f", type_, **more), query)
    assert form.is_valid(), form.errors
    assert form.answers == {"f": stored}


@pytest.mark.parametrize(
    ("type_", "more", "query"),
    [
        ("single_line", {"required": True}, "f=+"),
        ("single_line", {"limits": {"max_length": 3}}, "f=abcd"),
        ("email", {}, "f=ann"),
        ("phone", {}, "f=" + "1" * 41),
        ("number", {}, "f=1,500"),
        ("number", {}, "f=NaN"),
        ("number", {"limits": {"min": "0", "max": "9.99"}}, "f=10"),
        ("number", {"limits": {"min": "0", "max": "9.99"}}, "f=-1"),
        ("url", {}, "f=javascript:alert(1)"),
        ("consent", {"required": True}, ""),
        ("checkboxes", TWO, "f=three"),
        ("checkboxes", {**TWO, "required": True}, ""),
        ("multi_select", TWO, "f=three"),
        ("dropdown", TWO, "f=One"),
        ("radio", {**TWO, "required": True}, ""),
        ("date", {}, "f=28.2.2027"),
    ],
)
def test_answer_is_refused_with_words(type_, more, query):
    form = bound(field("f", type_, **more), query)
    assert not form.is_valid()
    assert form.errors["f"][0]


def test_consent_is_never_ticked_beforehand():
    form = form_class({"fields": [field("f", "consent", default=True)]})()
    assert "checked" not in str(form["f"])


def test_defaults_are_filled_in():
    fields = [
        field("a", default="x"),
        field("b", "checkbox", default=True),
        field("c", "checkboxes", default=["two"], **TWO),
        field("d", "dropdown", default="two", **TWO),
    ]
    form = form_class({"fields": fields})()
    assert 'value="x"' in str(form["a"])
    assert [str(form[key]).count(word) for key, word in (("b", "checked"), ("c", "checked"))] == [
        1,
        1,
    ]
    assert '<option value="two" selected>' in str(form["d"])


def test_key_that_is_a_python_name_is_no_trouble():
    form = bound(field("clean"), "clean=x")
    assert form.is_valid()
    assert form.answers == {"clean": "x"}


def test_hidden_answer_of_any_length_turns_nobody_away_and_is_cut():
    form = bound(field("f", "hidden"), "f=" + "x" * 40_000)
    assert form.is_valid()
    assert form.answers == {"f": "x" * 32_000}
