"""A person connects two orgs and disconnects one, with the simulator as Salesforce."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sandbox.salesforce.launch import Simulator
from tests.browser.accessibility import accessibility_faults
from wagtail_salesforce_leads.models import SalesforceOrg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(admin, live_server, settings, salesforce: Simulator):
    """Settings → Salesforce, as an administrator sees it."""
    origins = [salesforce.login_url, salesforce.instance_url(1), salesforce.instance_url(2)]
    settings.WAGTAILADMIN_BASE_URL = live_server.url
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "LOGIN_URL": salesforce.login_url,
        "CLIENT_ID": salesforce.client_id,
        "CLIENT_SECRET": salesforce.client_secret,
        "EXTRA_HOSTS": tuple(dict.fromkeys(origins)),
        # Room for a machine that does other things meanwhile.
        "EDITOR_BUDGET": 10.0,
    }
    admin.goto("/admin/settings/wagtail_salesforce_leads/salesforcesettings/")
    return admin


def sign_in(tab: Page, username: str, consent: str = "#oaapprove") -> None:
    """At the simulator."""
    tab.fill("[name=username]", username)
    tab.fill("[name=password]", "lightning")
    tab.click("#Login")
    tab.click(consent)


def test_connect_two_orgs_and_disconnect_one(screen, salesforce: Simulator):
    screen.get_by_role("button", name="Continue with Salesforce").first.click()
    sign_in(screen, "admin@acme.example")

    expect(screen.locator(".messages")).to_contain_text("is connected.")
    first = screen.locator("article")
    expect(first).to_contain_text("Healthy")
    expect(first).to_contain_text("connected as admin@acme.example")
    expect(first).to_contain_text("production")

    screen.get_by_role("button", name="Continue with Salesforce").first.click()
    sign_in(screen, "admin@acme.example.uat")

    expect(screen.locator("article")).to_have_count(2)
    sandbox = screen.locator("article", has_text="sandbox")
    sandbox.get_by_role("button", name="Check").click()
    expect(screen.locator("article", has_text="sandbox")).to_contain_text("API Enabled")

    folded = screen.locator("details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    assert accessibility_faults(screen, within="main") == []

    screen.locator("article", has_text="sandbox").get_by_role("link", name="Disconnect…").click()
    expect(screen.locator("body")).to_contain_text("No published form sends its leads")
    screen.get_by_role("button", name="Yes, disconnect").click()

    expect(screen.locator("article", has_text="sandbox")).to_contain_text("Disconnected")
    assert SalesforceOrg.objects.connected().get().is_sandbox is False


def test_deny_at_salesforce_says_what_to_do(screen):
    screen.get_by_role("button", name="Continue with Salesforce").first.click()
    sign_in(screen, "admin@acme.example", consent="#oadeny")

    expect(screen.locator(".messages")).to_contain_text("Connect again and choose Allow")
    assert not SalesforceOrg.objects.exists()


def test_api_only_user_finds_salesforces_error_in_the_guide(screen):
    start = screen.url
    screen.get_by_role("button", name="Continue with Salesforce").first.click()
    screen.fill("[name=username]", "integration@acme.example")
    screen.fill("[name=password]", "lightning")
    screen.click("#Login")
    expect(screen.get_by_text("OAUTH_APPROVAL_ERROR_GENERIC")).to_be_visible()

    screen.goto(start)

    guide = screen.locator("dt", has_text="OAUTH_APPROVAL_ERROR_GENERIC")
    expect(guide).to_be_visible()
    expect(screen.locator("dd", has_text="an API-only or integration user cannot")).to_be_visible()


def test_reconnect_as_another_org_is_refused_by_name(screen):
    screen.get_by_role("button", name="Continue with Salesforce").first.click()
    sign_in(screen, "admin@acme.example")
    screen.get_by_role("button", name="Reconnect").click()
    sign_in(screen, "admin@acme.example.uat")

    expect(screen.locator(".messages")).to_contain_text("is the account being reconnected.")
    assert SalesforceOrg.objects.count() == 1
