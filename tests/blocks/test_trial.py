from __future__ import annotations

import pytest

from wagtail_salesforce_leads.blocks.examples import example_answers
from wagtail_salesforce_leads.blocks.trial import dry_run
from wagtail_salesforce_leads.orgs.schema import Schema
from wagtail_salesforce_leads.salesforce.describe import Choice, LeadProperty, PropertyType
from wagtail_salesforce_leads.submitting.fields import FACTORIES
from wagtail_salesforce_leads.submitting.payload import build_lead
from wagtail_salesforce_leads.submitting.values import fits

CHOICES = [{"value": "IT", "label": "IT"}]
SCHEMA = Schema(
    properties={
        each.name: each
        for each in (
            LeadProperty("LastName", "Last Name", PropertyType.TEXT, required=True, max_length=80),
            LeadProperty("Company", "Company", PropertyType.TEXT, required=True, max_length=255),
            LeadProperty("Industry", "Industry", PropertyType.PICKLIST, restricted=True),
        )
    }
)


def field(key: str, type: str = "single_line", **details) -> dict:
    return {"key": key, "type": type, "label": key, **details}


def row(value: str, name: str, source: str = "field") -> dict:
    return {"source": source, "value": value, "property": name, "inverted": False}


def test_dry_run_sends_a_hidden_fields_own_value():
    panel = {
        "fields": [field("name"), field("origin", "hidden", default="Fair stand")],
        "mapping": [row("name", "LastName"), row("origin", "Company")],
    }
    values = {each["name"]: each["value"] for each in dry_run(panel, SCHEMA)["lead"]}
    assert values["Company"] == "Fair stand"


def test_dry_run_shows_lead_and_member():
    panel = {
        "fields": [field("name"), field("other")],
        "mapping": [row("name", "LastName"), row("Acme", "Company", "constant")],
        "lead_source": "Web",
        "campaign": {"id": "701", "name": "Spring fair"},
        "lead_status": "Registered",
    }
    assert dry_run(panel, SCHEMA) == {
        "lead": [
            {"name": "LeadSource", "label": "LeadSource", "value": "Web"},
            {"name": "LastName", "label": "Last Name", "value": "Test"},
            {"name": "Company", "label": "Company", "value": "Acme"},
        ],
        "member": {"campaign": "Spring fair", "status": "Registered"},
        "problems": [],
    }


def test_dry_run_of_a_lead_that_cannot_be_built_names_the_property():
    pick = field("pick", "dropdown", choices=[{"value": "Space", "label": "Space"}])
    shown = dry_run({"fields": [pick], "mapping": [row("pick", "Industry")]}, SCHEMA)
    assert shown["lead"] == []
    assert shown["problems"][0].startswith("Industry: ")


@pytest.mark.parametrize("panel", [{}, {"fields": None, "mapping": "x", "campaign": "y"}])
def test_dry_run_of_anything_is_an_answer(panel):
    assert dry_run(panel, SCHEMA) == {"lead": [], "member": None, "problems": []}


FITTING = [
    (field_type, property_type)
    for field_type in FACTORIES
    for property_type in PropertyType
    if fits(field_type, property_type) and field_type != "hidden"
]


@pytest.mark.parametrize(("field_type", "property_type"), FITTING)
def test_example_answers_make_a_lead_wherever_the_field_fits(field_type, property_type):
    spec = LeadProperty(
        "Any__c",
        "Any",
        property_type,
        max_length=20,
        precision=18,
        choices=(Choice("1", "1"),),
        restricted=True,
    ).as_json()
    label = "true" if property_type is PropertyType.CHECKBOX else "1"
    answered = field("key", field_type, choices=[{"value": label, "label": label}])
    answers = example_answers([answered], {"key": spec})
    mapping = [{**row("key", "Any__c"), "spec": spec}]
    assert build_lead({"fields": [answered]}, mapping, answers, {})["Any__c"] not in ("", None)
