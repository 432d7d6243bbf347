"""An editor's request as one transaction (ATOMIC_REQUESTS), in which the session turns out expired.

A new token would be lost with the rollback, and with rotation the grant with it.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from wagtail.signals import page_published
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.site.models import LandingPage
from wagtail_salesforce_leads.models import LeadForm, OrgSchema, SalesforceGrant
from wagtail_salesforce_leads.orgs import access, schema
from wagtail_salesforce_leads.orgs.signals import session_wanted
from wagtail_salesforce_leads.salesforce.client import SalesforceClient


@pytest.fixture(autouse=True)
def atomic_requests(transactional_db):
    connections["default"].settings_dict["ATOMIC_REQUESTS"] = True
    yield
    connections["default"].settings_dict["ATOMIC_REQUESTS"] = False


@pytest.fixture
def org(site, connect, salesforce):
    """Its fields were read minutes ago, and its session is over."""
    salesforce.switch(rotation=True)
    org = connect()
    schema.refresh(org)
    OrgSchema.objects.update(read_at=timezone.now() - timedelta(minutes=5))
    salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    return org


@pytest.fixture
def wanted():
    """The orgs for which a worker was asked to sign in."""
    heard = []

    def note(org, **kwargs) -> None:
        heard.append(org)

    session_wanted.connect(note)
    yield heard
    session_wanted.disconnect(note)


def tokens() -> tuple:
    return SalesforceGrant.objects.values_list("access_token", "refresh_token", "sent_at").get()


def publish(browser, site, org):
    page = site.root_page.specific.add_child(instance=LandingPage(title="LP", slug="lp"))
    fields = [
        ("single_line", {"key": "name", "label": "Name", "required": "on"}),
        ("email", {"key": "mail", "label": "Mail", "required": "on"}),
    ]
    mapping = [
        {"source": "field", "value": "name", "property": "LastName", "inverted": False},
        {"source": "field", "value": "mail", "property": "Email", "inverted": False},
        {"source": "constant", "value": "Acme", "property": "Company", "inverted": False},
    ]
    form = {
        "title": "Contact",
        "fields": streamfield(fields),
        "success_message": rich_text(""),
        "salesforce": {"sync": "on", "account": str(org.pk), "mapping": json.dumps(mapping)},
    }
    data = {
        "title": "LP",
        "slug": "lp",
        "notice": "",
        "body": streamfield([("lead_form", form)]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 1000},
        "action-publish": "1",
    }
    return browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(data))


def test_publishing_goes_by_the_cached_schema_and_leaves_the_grant_alone(
    browser, site, org, wanted
):
    before = tokens()
    assert publish(browser, site, org).status_code == 302
    mapping = LeadForm.objects.get().current_version.mapping
    assert mapping[0]["spec"]["label"] == "Last Name"
    assert (set(wanted), tokens()) == ({org}, before)


def test_publishing_that_fails_after_a_session_was_wanted_does_not_cost_the_grant(
    browser, site, org, wanted
):
    def fail(**kwargs) -> None:
        raise RuntimeError("after the form was checked against the org")

    before = tokens()
    browser.raise_request_exception = False
    page_published.connect(fail)
    try:
        assert publish(browser, site, org).status_code == 500
    finally:
        page_published.disconnect(fail)
    assert not LeadForm.objects.exists()
    assert (set(wanted), tokens()) == ({org}, before)
    access.call(org, SalesforceClient.probe)
    assert tokens() != before


@pytest.mark.parametrize("method", ["get", "post"])
def test_properties_are_read_anew_with_a_new_session(browser, org, wanted, method):
    before = tokens()
    url = reverse("wagtail_salesforce_leads_editor:properties")
    asked = {"org": org.pk}
    if method == "get":
        offer = browser.get(url, asked).json()
    else:
        offer = browser.post(url, json.dumps(asked), content_type="application/json").json()
    assert "LastName" in {each["name"] for each in offer["properties"]}
    assert offer["message"] == ""
    assert OrgSchema.objects.get().read_at > timezone.now() - timedelta(minutes=1)
    assert (wanted, tokens() != before) == ([], True)


def test_campaigns_and_their_statuses_are_offered_with_a_new_session(
    browser, org, salesforce, wanted
):
    before = tokens()
    campaigns = reverse("wagtail_salesforce_leads_editor:campaigns")
    found = browser.get(campaigns, {"org": org.pk, "q": ""}).json()["campaigns"]
    assert found
    assert tokens() != before
    salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    statuses = reverse("wagtail_salesforce_leads_editor:statuses")
    asked = {"org": org.pk, "campaign": found[0]["id"]}
    assert browser.get(statuses, asked).json()["statuses"]
    assert wanted == []
