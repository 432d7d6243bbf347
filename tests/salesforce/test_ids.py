from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_salesforce_leads.salesforce.ids import RecordIdRefused, id18, is_record_id

SHORT = st.text(alphabet=string.ascii_letters + string.digits, min_size=15, max_size=15)


@pytest.mark.parametrize("recorded", ["003aj000002oTldAAE", "0031i000013x2TEAAY"])
def test_short_id_gets_the_suffix_that_salesforce_gives(recorded):
    assert id18(recorded[:15]) == recorded
    assert id18(recorded) == recorded


@given(SHORT)
def test_ids_that_differ_in_case_only_stay_apart_where_case_does_not_count(record_id):
    swapped = record_id.swapcase()
    if swapped != record_id:
        assert id18(record_id).lower() != id18(swapped).lower()


@pytest.mark.parametrize(
    "text", ["", "0" * 14, "0" * 16, "0" * 19, "0" * 14 + "é", "0" * 15 + "\n", None]
)
def test_anything_else_is_no_id(text):
    assert not is_record_id(text)
    with pytest.raises(RecordIdRefused):
        id18(text)
