"""Forms as plain values, for the pure tests."""

from __future__ import annotations

from wagtail_salesforce_leads.publishing.definition import FormContent, Integration
from wagtail_salesforce_leads.salesforce.describe import Choice, LeadProperty, PropertyType

LAST_NAME = LeadProperty("LastName", "Last Name", PropertyType.TEXT, required=True, max_length=80)
COMPANY = LeadProperty("Company", "Company", PropertyType.TEXT, required=True, max_length=255)
EMAIL = LeadProperty("Email", "Email", PropertyType.EMAIL, max_length=80)
INDUSTRY = LeadProperty(
    "Industry",
    "Industry",
    PropertyType.PICKLIST,
    max_length=40,
    choices=(Choice("IT", "IT"), Choice("Other", "Other")),
    restricted=True,
)
SOURCE = LeadProperty(
    "LeadSource",
    "Lead Source",
    PropertyType.PICKLIST,
    choices=(Choice("Web", "Web"),),
    restricted=True,
)
PROPERTIES = {spec.name: spec for spec in (LAST_NAME, COMPANY, EMAIL, INDUSTRY, SOURCE)}


def field(key: str, type: str = "single_line", **overrides) -> dict:
    return {
        "key": key,
        "type": type,
        "label": key.title(),
        "help_text": "",
        "required": True,
        "default": "",
        "placeholder": "",
        "autocomplete": "",
        "choices": [],
        "limits": {},
        **overrides,
    }


def choices(*values: str) -> list[dict]:
    return [{"value": value, "label": value} for value in values]


def row(source: str, value: str, property: str, inverted: bool = False) -> dict:
    return {"source": source, "value": value, "property": property, "inverted": inverted}


FIELDS = [field("name"), field("company"), field("mail", "email")]
ROWS = [
    row("field", "name", "LastName"),
    row("field", "company", "Company"),
    row("field", "mail", "Email"),
]


def content(fields=FIELDS, mapping=ROWS, **integration) -> FormContent:
    """A form without a fault, but for what is given."""
    return FormContent(
        definition={
            "title": "Contact",
            "fields": list(fields),
            "submit_label": "",
            "success_message": "",
            "thank_you_page": None,
        },
        mapping=list(mapping),
        integration=Integration(**{"sync": True, "account": "1", **integration}),
    )
