from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.utils import timezone
from wagtail.models import Page, Site

from tests.site.models import ContactField, ContactPage
from wagtail_salesforce_leads.models import OrgSchema, SalesforceOrg


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def home(db) -> Page:
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def org(db) -> SalesforceOrg:
    """Connected, with a schema read a moment ago, so that nobody is asked."""
    org = SalesforceOrg.objects.create(
        site=Site.objects.get(is_default_site=True), org_id="00D000000000001EAA", name="Acme"
    )
    text = {"type": "string", "nillable": False, "createable": True}
    OrgSchema.objects.create(
        org=org,
        read_at=timezone.now(),
        lead={
            "fields": [
                {**text, "name": "LastName", "label": "Last Name", "length": 80},
                {**text, "name": "Company", "label": "Company", "length": 255},
                {**text, "name": "Email", "label": "Email", "type": "email", "nillable": True},
            ]
        },
    )
    return org


@pytest.fixture
def editor(client, db):
    client.force_login(
        get_user_model().objects.create_superuser("editor", "editor@example.com", "pass")
    )
    return client


def row(source: str, value: str, name: str) -> dict:
    return {"source": source, "value": value, "property": name, "inverted": False}


MAPPING = [
    row("field", "your_name", "LastName"),
    row("field", "mail", "Email"),
    row("constant", "Acme", "Company"),
]


def integration(org: SalesforceOrg | None, mapping=MAPPING, sync: bool = True) -> str:
    value = {"sync": sync, "account": str(org.pk) if org else "", "mapping": mapping}
    return json.dumps([{"type": "integration", "value": value, "id": "i1"}])


def contact(home: Page, salesforce: str, *fields: ContactField, **kwargs) -> ContactPage:
    page = ContactPage(title="Contact", slug="contact", salesforce=salesforce, **kwargs)
    page.form_fields = list(fields) or [
        ContactField(label="Your name", field_type="singleline", sort_order=0),
        ContactField(label="Mail", field_type="email", sort_order=1),
        ContactField(label="Notes", field_type="multiline", required=False, sort_order=2),
    ]
    return home.add_child(instance=page)
