from __future__ import annotations

import pytest

from wagtail_salesforce_leads.blocks import PropertyMappingBlock

ROW = {"source": "field", "value": "mail", "property": "Email", "inverted": False}


def test_send_rows_gives_them_back():
    block = PropertyMappingBlock()
    assert block.value_from_form(block.value_for_form([ROW])) == [ROW]


def test_send_rows_of_any_shape_keeps_what_is_a_row():
    sent = (
        '[{"source": "field", "value": "mail", "property": "Email", "spec": {}}, 3, {"value": 1}]'
    )
    assert PropertyMappingBlock().value_from_form(sent) == [ROW]


@pytest.mark.parametrize("sent", ["", "{", "{}", "null", '"text"'])
def test_send_no_rows_gives_none(sent):
    assert PropertyMappingBlock().value_from_form(sent) == []


def test_unfinished_rows_are_kept():
    unfinished = {"source": "constant", "value": "", "property": "", "inverted": False}
    block = PropertyMappingBlock()
    assert block.clean(block.value_from_form(block.value_for_form([unfinished]))) == [unfinished]
