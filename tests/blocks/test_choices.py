from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_salesforce_leads.blocks.choices import ChoicesBlock, LinesBlock

LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(
    str.strip
)
LABEL = LINE.filter(lambda text: text and not text.endswith("\\"))


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ("", []),
        ("  IT \n\n その他 ", [("IT", "IT"), ("その他", "その他")]),
        ("情報技術 | Technology", [("Technology", "情報技術")]),
        ("a | b | c", [("b | c", "a")]),
        (r"either \| or | both", [("both", "either | or")]),
        ("label |", [("label", "label")]),
    ],
)
def test_type_choices_gives_values_and_labels(typed, choices):
    expected = [{"value": value, "label": label} for value, label in choices]
    assert ChoicesBlock().value_from_form(typed) == expected


@given(st.lists(st.fixed_dictionaries({"value": LABEL, "label": LABEL}), max_size=3))
def test_edit_choices_without_a_change_keeps_them(choices):
    block = ChoicesBlock()
    assert block.value_from_form(block.value_for_form(choices)) == choices


def test_default_of_one_block_is_not_shared():
    block = LinesBlock()
    block.get_default().append("changed")
    assert block.get_default() == []
