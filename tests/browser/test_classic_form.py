"""A classic form page: in Wagtail's editor its mapping follows the fields; visitors submit it."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.contrib.forms.models import FormSubmission

from tests.browser.accessibility import accessibility_faults
from tests.panels.conftest import MAPPING, contact, integration
from tests.site.models import ContactPage
from wagtail_salesforce_leads.models import LeadForm, LeadSubmission, OrgSchema, SalesforceOrg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def org(wagtail_site) -> SalesforceOrg:
    """Its schema was read a moment ago, so that nobody is asked."""
    org = SalesforceOrg.objects.create(site=wagtail_site, org_id="00D000000000001EAA", name="Acme")
    text = {"type": "string", "nillable": True, "createable": True, "length": 80}
    fields = [
        {**text, "name": "LastName", "label": "Last Name", "nillable": False},
        {**text, "name": "Company", "label": "Company", "nillable": False},
        {**text, "name": "Email", "label": "Email", "type": "email"},
        {**text, "name": "Phone", "label": "Phone", "type": "phone"},
    ]
    OrgSchema.objects.create(org=org, read_at=timezone.now(), lead={"fields": fields})
    return org


@pytest.fixture
def page(wagtail_site, org) -> ContactPage:
    return contact(wagtail_site.root_page, integration(org, MAPPING))


@pytest.fixture
def screen(admin: Page, page, settings) -> Page:
    """Without autosave, which may cross with publishing on a slow machine."""
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    admin.goto(f"/admin/pages/{page.pk}/edit/")
    return admin


def rows(screen: Page):
    return screen.locator('[data-wsl-mapping-target="fields"] tr')


def select(screen: Page, label: str):
    return screen.get_by_label(f"Salesforce property for {label}", exact=True)


def add_field(screen: Page, label: str) -> None:
    before = rows(screen).count()
    screen.locator("#id_form_fields-ADD").click()
    screen.locator(f"#id_form_fields-{before}-label").fill(label)
    screen.locator(f"#id_form_fields-{before}-field_type").select_option("singleline")


def publish(screen: Page) -> None:
    screen.get_by_role("button", name=re.compile("More actions|Actions")).last.click()
    screen.get_by_role("button", name="Publish", exact=True).click()


def test_mapping_shows_stored_rows_and_follows_the_fields(screen):
    expect(rows(screen)).to_have_count(3)
    expect(select(screen, "Your name")).to_have_value("LastName")
    add_field(screen, "Telephone")
    expect(rows(screen)).to_have_count(4)
    expect(rows(screen).nth(3)).to_contain_text("Telephone")
    screen.locator("#id_form_fields-0-label").fill("Family name")
    expect(rows(screen).nth(0)).to_contain_text("Family name")
    expect(select(screen, "Family name")).to_have_value("LastName")
    screen.locator("#id_form_fields-2-DELETE-button").click()
    expect(rows(screen)).to_have_count(3)


def test_new_field_is_mapped_published_and_shown_again(screen, page):
    add_field(screen, "Telephone")
    select(screen, "Telephone").select_option("Phone")
    publish(screen)
    screen.get_by_text("has been published").wait_for()
    mapping = LeadForm.objects.of_source(page).get().current_version.mapping
    assert {row["property"]: row["value"] for row in mapping}["Phone"] == "telephone"
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    expect(select(screen, "Telephone")).to_have_value("Phone")


def test_mapping_survives_a_draft_of_a_new_field(screen, page):
    add_field(screen, "Telephone")
    select(screen, "Telephone").select_option("Phone")
    screen.get_by_role("button", name="Save draft").click()
    expect(screen.locator(".messages")).to_contain_text("has been updated")
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    expect(select(screen, "Telephone")).to_have_value("Phone")


def test_error_of_publishing_stands_at_the_mapping(screen):
    select(screen, "Mail").select_option("")
    publish(screen)
    expect(screen.get_by_text("Map a form field to Salesforce's e-mail property")).to_be_visible()


def test_panel_has_no_accessibility_violation(screen):
    expect(rows(screen)).to_have_count(3)
    assert accessibility_faults(screen, within="[data-wsl-form-relation-value]") == []


def test_visitor_with_consent_brings_first_and_last_touch(tab: Page, page):
    consent = "document.documentElement.dataset.leadConsent = 'yes'"
    for campaign in ("utm_source=mail&utm_campaign=spring", "utm_source=fair"):
        tab.goto(f"/contact/?{campaign}")
        tab.evaluate(consent)
    tab.goto("/contact/")
    tab.evaluate(consent)
    tab.get_by_label("Your name").fill("Ann")
    tab.get_by_label("Mail").fill("ann@example.com")
    tab.get_by_role("button", name="Send").click()
    tab.get_by_role("heading", name="Thank you").wait_for()
    context = LeadSubmission.objects.get().context
    assert (context["first_utm_source"], context["utm_source"]) == ("mail", "fair")
    assert context["first_utm_campaign"] == "spring"
    assert "wsl-context" not in FormSubmission.objects.get().form_data
