from __future__ import annotations

import pytest

from wagtail_salesforce_leads.submitting.who import who

from .live import field, row

FIELDS = [field("a"), field("b"), field("c", "email")]
MAPPED = [row("a", "LastName"), row("b", "FirstName"), row("c", "Email", "email")]


@pytest.mark.parametrize(
    ("fields", "mapping", "answers", "line"),
    [
        (FIELDS, MAPPED, {"a": "Lee", "b": "Ann", "c": "a@b.jp"}, "Ann Lee a@b.jp"),
        (FIELDS, MAPPED, {"a": "山田", "b": "花子", "c": ""}, "山田 花子"),
        (FIELDS, [], {"a": "Lee", "b": "Ann", "c": "a@b.jp"}, "a@b.jp"),
        (FIELDS, [], {"a": "Lee", "b": "Ann", "c": ""}, "Lee Ann"),
        ([field("a", autocomplete="section-x name")], [], {"a": "Ann Lee"}, "Ann Lee"),
        ([field("a", "hidden"), field("b", "checkbox")], [], {"a": "x", "b": True}, ""),
        (FIELDS, MAPPED, {}, ""),
    ],
)
def test_who_is_name_and_address_as_far_as_they_are_known(fields, mapping, answers, line):
    assert who(fields, mapping, answers) == line


def test_who_is_one_short_line():
    assert len(who([field("a")], [], {"a": "x\n" * 900})) <= 255
