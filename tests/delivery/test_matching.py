from __future__ import annotations

import pytest

from wagtail_salesforce_leads.delivery.calls.matching import matches, same

SENT = {"LastName": "Yamada", "Company": "Acme", "Email": "Hanako@example.jp", "Amount__c": 1.5}


def row(**changes) -> dict:
    return {"Id": "00Q", **SENT, "Email": "hanako@example.jp", **changes}


@pytest.mark.parametrize(
    ("found", "exact", "similar"),
    [
        (row(), 1, 0),
        (row(Company=" Acme"), 1, 0),
        (row(Company="Acme KK"), 0, 1),
        (row(Email="other@example.jp"), 0, 0),
        (row(LastName="Sato", Company="Other"), 0, 1),
    ],
)
def test_row_is_equal_similar_or_somebody_else(found, exact, similar):
    result = matches(SENT, [found], SENT.keys())
    assert (len(result.exact), len(result.similar)) == (exact, similar)


def test_fields_that_cannot_be_read_back_are_not_compared():
    result = matches(SENT, [row(Company="rewritten")], SENT.keys() - {"Company"})
    assert len(result.exact) == 1


def test_nothing_to_compare_matches_nothing():
    assert matches(SENT, [row()], []).exact == ()


@pytest.mark.parametrize(
    ("sent", "read", "equal"),
    [
        ("a\r\nb ", "a\nb", True),
        ("B;A", "A;B", True),
        (True, True, True),
        (True, 1, False),
        (1, 1.0, True),
        ("", None, True),
        ("x", None, False),
    ],
)
def test_same(sent, read, equal):
    assert same(sent, read) is equal
