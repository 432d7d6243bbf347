from __future__ import annotations

import copy
import json

import pytest

from wagtail_salesforce_leads.salesforce.describe import (
    HIDDEN_NAMES,
    Choice,
    LeadProperty,
    PropertyType,
    can_hold_submission_id,
    lead_properties,
    readable_fields,
    trim,
)

from .conftest import recorded

LEAD = recorded("lead_describe")
FIELDS = {field["name"]: field for field in LEAD["fields"]}


def custom(like: str = "Title", name: str = "Custom__c", **changes) -> dict:
    """A field of the recorded shape that the recorded org does not have."""
    return {**copy.deepcopy(FIELDS[like]), "name": name, "label": "Custom", **changes}


def described(*fields: dict) -> tuple[LeadProperty, ...]:
    return lead_properties({"name": "Lead", "fields": list(fields)})


def test_recorded_describe_offers_what_a_form_can_fill():
    offered = {found.name: found.type for found in lead_properties(LEAD)}
    assert offered == {
        "LastName": PropertyType.TEXT,
        "FirstName": PropertyType.TEXT,
        "Salutation": PropertyType.PICKLIST,
        "Title": PropertyType.TEXT,
        "Company": PropertyType.TEXT,
        "Street": PropertyType.TEXT_AREA,
        "State": PropertyType.TEXT,
        "Phone": PropertyType.PHONE,
        "Email": PropertyType.EMAIL,
        "Website": PropertyType.URL,
        "Description": PropertyType.LONG_TEXT,
        "LeadSource": PropertyType.PICKLIST,
        "Status": PropertyType.PICKLIST,
        "AnnualRevenue": PropertyType.CURRENCY,
        "NumberOfEmployees": PropertyType.NUMBER,
    }


def test_recorded_describe_requires_last_name_and_company():
    required = [found.name for found in lead_properties(LEAD) if found.required]
    assert required == ["LastName", "Company"]


def test_hidden_names_are_createable_in_the_recorded_describe():
    """So only their names keep them out."""
    assert {"OwnerId", "IsConverted", "Latitude", "Jigsaw"} <= HIDDEN_NAMES
    assert FIELDS["IsConverted"]["createable"]


@pytest.mark.parametrize(
    ("like", "changes", "expected"),
    [
        ("Website", {}, PropertyType.URL),
        ("IsConverted", {}, PropertyType.CHECKBOX),
        ("Title", {}, PropertyType.TEXT),
        ("Title", {"type": "encryptedstring", "length": 175}, PropertyType.ENCRYPTED_TEXT),
        ("Street", {}, PropertyType.TEXT_AREA),
        ("AnnualRevenue", {"type": "percent", "scale": 2}, PropertyType.PERCENT),
        ("Email", {}, PropertyType.EMAIL),
        ("Description", {"extraTypeInfo": "richtextarea"}, PropertyType.RICH_TEXT),
        ("Description", {"extraTypeInfo": None, "htmlFormatted": True}, PropertyType.RICH_TEXT),
        ("Description", {"length": 256}, PropertyType.LONG_TEXT),
        ("Description", {"length": 255}, PropertyType.TEXT_AREA),
        ("NumberOfEmployees", {}, PropertyType.NUMBER),
        ("AnnualRevenue", {"type": "double"}, PropertyType.NUMBER),
        ("LeadSource", {}, PropertyType.PICKLIST),
        ("LeadSource", {"type": "multipicklist", "length": 4099}, PropertyType.MULTI_PICKLIST),
        ("AnnualRevenue", {}, PropertyType.CURRENCY),
        ("Phone", {}, PropertyType.PHONE),
        ("ConvertedDate", {"createable": True}, PropertyType.DATE),
    ],
)
def test_field_has_its_property_type(like, changes, expected):
    (found,) = described(custom(like, **changes))
    assert found.type is expected


def test_every_property_type_can_be_offered():
    assert len(PropertyType) == 15


@pytest.mark.parametrize(
    "changes",
    [
        {"createable": False},
        {"calculated": True},
        {"autoNumber": True},
        {"deprecatedAndHidden": True},
        {"name": "OwnerId"},
        {"name": "RecordTypeId"},
        {"type": "reference"},
        {"type": "datetime"},
        {"type": "address"},
        {"type": "url", "extraTypeInfo": "imageurl"},
        {"type": "something_new"},
    ],
)
def test_field_that_no_form_should_fill_is_not_offered(changes):
    assert described(custom(**changes)) == ()


@pytest.mark.parametrize(
    ("changes", "required"),
    [
        ({"nillable": False}, True),
        ({"nillable": False, "defaultedOnCreate": True}, False),
        ({"nillable": False, "type": "boolean"}, False),
        ({"nillable": True}, False),
    ],
)
def test_required_is_what_neither_person_nor_org_fills(changes, required):
    (found,) = described(custom(**changes))
    assert found.required is required


def test_limits_of_numbers_and_texts_are_kept():
    properties = {found.name: found for found in lead_properties(LEAD)}
    assert properties["NumberOfEmployees"].digits == 8
    assert (properties["AnnualRevenue"].precision, properties["AnnualRevenue"].scale) == (18, 0)
    assert properties["Description"].max_length == 32000


def test_choices_are_the_active_ones():
    values = [
        {
            "active": True,
            "defaultValue": False,
            "label": "ウェブ",
            "validFor": None,
            "value": "Web",
        },
        {"active": False, "defaultValue": True, "label": "Old", "value": "Old"},
        {"active": True, "defaultValue": True, "label": "Tel", "value": "Phone"},
    ]
    (found,) = described(custom("LeadSource", picklistValues=values, restrictedPicklist=True))
    assert found.choices == (Choice("Web", "ウェブ"), Choice("Phone", "Tel"))
    assert found.restricted


def test_dependent_picklist_names_its_controlling_field():
    (found,) = described(custom("LeadSource", controllerName="Controller__c"))
    assert found.controller == "Controller__c"


@pytest.mark.parametrize(
    ("changes", "suitable"),
    [
        ({}, True),
        ({"externalId": False}, True),
        ({"unique": False}, False),
        ({"length": 35}, False),
        ({"filterable": False}, False),
        ({"type": "textarea"}, False),
        ({"type": "encryptedstring"}, False),
    ],
)
def test_submission_id_needs_a_unique_text(changes, suitable):
    field = custom(
        name="Submission__c", **{"unique": True, "externalId": True, "length": 36, **changes}
    )
    (found,) = described(field)
    assert can_hold_submission_id(found) is suitable


def test_trimmed_describe_gives_the_same_properties():
    trimmed = json.loads(json.dumps(trim(LEAD)))
    assert lead_properties(trimmed) == lead_properties(LEAD)
    assert readable_fields(trimmed) == readable_fields(LEAD)
    assert len(json.dumps(trimmed)) < len(json.dumps(LEAD)) / 2


def test_readable_fields_are_all_that_the_user_sees():
    assert {"Id", "CreatedDate", "MasterRecordId", "EmailBouncedReason"} <= readable_fields(LEAD)


def test_describe_of_an_old_version_is_enough():
    """v20 knew a third of today's keys."""
    old = {"name": "X__c", "type": "textarea", "length": 32768, "createable": True,
           "nillable": True, "label": "X", "htmlFormatted": True}  # fmt: skip
    (found,) = described(old)
    assert found == LeadProperty("X__c", "X", PropertyType.RICH_TEXT, max_length=32768)
