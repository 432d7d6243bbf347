from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from wagtail.models import Page, Site

from tests.site.models import LandingPage
from wagtail_salesforce_leads.models import LeadForm, SalesforceOrg


@pytest.fixture(autouse=True)
def empty_cache():
    """Wagtail caches sites' root paths, which another test may have changed."""
    cache.clear()


@pytest.fixture
def home(db) -> Page:
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def org(db) -> SalesforceOrg:
    return SalesforceOrg.objects.create(
        site=Site.objects.get(is_default_site=True), org_id="00D000000000001EAA", name="Acme"
    )


@pytest.fixture
def editor(client, db):
    """A logged-in superuser's client."""
    user = get_user_model().objects.create_superuser("editor", "editor@example.com", "pass")
    client.force_login(user)
    client.user = user
    return client


def raw_field(key: str, type: str = "single_line", **value) -> dict:
    return {"type": type, "value": {"key": key, "label": key.title(), **value}, "id": f"id-{key}"}


def raw_form(title: str = "Contact", *, sync: bool = False, **salesforce) -> dict:
    return {
        "title": title,
        "fields": [raw_field("name", required=True), raw_field("mail", "email", required=True)],
        "submit_label": "",
        "success_message": "",
        "thank_you_page": None,
        "salesforce": {
            "sync": sync,
            "account": "",
            "campaign": "",
            "lead_status": "",
            "lead_source": "",
            "mapping": [],
            **salesforce,
        },
        "form_key": "",
    }


def synced_form(org: SalesforceOrg, title: str = "Contact", **salesforce) -> dict:
    mapping = [
        {"source": "field", "value": "name", "property": "LastName", "inverted": False},
        {"source": "field", "value": "mail", "property": "Email", "inverted": False},
        {"source": "constant", "value": "Acme", "property": "Company", "inverted": False},
    ]
    return raw_form(title, sync=True, **{"account": str(org.pk), "mapping": mapping, **salesforce})


#: Lead sync without an account.
WRONG = raw_form("Broken", sync=True)


def body(*forms: dict) -> str:
    """A stream holding each form under the block id "block-1", "block-2", …"""
    return json.dumps(
        [
            {"type": "lead_form", "value": form, "id": f"block-{number}"}
            for number, form in enumerate(forms, start=1)
        ]
    )


def landing(parent: Page, stream: str, slug: str = "landing", **kwargs) -> LandingPage:
    return parent.add_child(instance=LandingPage(title=slug, slug=slug, body=stream, **kwargs))


def form_of(source, block_id: str = "block-1") -> LeadForm:
    return LeadForm.objects.of_source(source).get(block_id=block_id)


def stored_key(source, place: int = 0) -> str:
    """The form's key in the object's row, as it is in the database."""
    return type(source).objects.get(pk=source.pk).body[place].value["form_key"]
