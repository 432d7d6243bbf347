from __future__ import annotations

from dataclasses import replace

import pytest

from wagtail_salesforce_leads.publishing.limits import limited, limits_of
from wagtail_salesforce_leads.salesforce.describe import LeadProperty, PropertyType

from .contents import COMPANY, EMAIL, INDUSTRY, LAST_NAME, field


@pytest.mark.parametrize(
    ("form_field", "spec", "limits"),
    [
        (field("name"), LAST_NAME, {"max_length": 80}),
        (field("mail", "email"), EMAIL, {"max_length": 80, "email": True}),
        (field("site", "url"), LeadProperty("W", "W", PropertyType.URL), {"max_length": 255}),
        (field("tel", "phone"), LeadProperty("P", "P", PropertyType.PHONE), {"max_length": 40}),
        (
            field("staff", "number"),
            LeadProperty("N", "N", PropertyType.NUMBER, digits=8),
            {"min": "-99999999", "max": "99999999", "scale": 0},
        ),
        (
            field("sum", "number"),
            LeadProperty("C", "C", PropertyType.CURRENCY, precision=5, scale=2),
            {"min": "-999.99", "max": "999.99", "scale": 2},
        ),
        (
            field("sum", "number"),
            LeadProperty("C", "C", PropertyType.PERCENT, precision=18, scale=0),
            {"min": "-" + "9" * 18, "max": "9" * 18, "scale": 0},
        ),
        (field("branch", "radio"), INDUSTRY, {"choices_only": ["IT", "Other"]}),
        (field("branch", "radio"), replace(INDUSTRY, restricted=False), {}),
        (field("yes", "consent"), LeadProperty("B", "B", PropertyType.CHECKBOX), {}),
    ],
)
def test_limits_follow_property(form_field, spec, limits):
    assert limits_of(form_field, spec) == limits


def test_limits_of_field_mapped_twice_are_the_tighter_ones():
    told = limited(field("name"), [LAST_NAME, COMPANY, replace(COMPANY, max_length=40)])
    assert told["limits"] == {"max_length": 40}


def test_limits_of_number_mapped_twice_are_the_tighter_ones():
    wide = LeadProperty("A", "A", PropertyType.NUMBER, precision=18, scale=4)
    whole = LeadProperty("B", "B", PropertyType.NUMBER, digits=3)
    assert limited(field("n", "number"), [wide, whole])["limits"] == {
        "min": "-999",
        "max": "999",
        "scale": 0,
    }


def test_unmapped_field_keeps_its_own_limits():
    assert limited(field("x", limits={"max_length": 10}), [])["limits"] == {"max_length": 10}
