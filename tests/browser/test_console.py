"""The simulator's console as a person uses it: what arrives appears, and clicks break things."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import Page, expect

from sandbox.salesforce.launch import Simulator
from tests.browser.accessibility import accessibility_faults
from tests.simulator.conftest import Rest

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "calls",
    "calls/1",
    "faults",
    "switches",
    "rules",
    "people",
    "fields",
    "fields/Industry",
    "campaigns",
)


@pytest.fixture
def console(chromium, salesforce):
    context = chromium.new_context(base_url=salesforce.greeting["console_url"])
    context.set_default_timeout(10_000)
    tab = context.new_page()
    tab.goto("/")
    yield tab
    context.close()


def test_fault_switched_on_by_click_acts_on_a_call_and_is_removed(
    salesforce: Simulator, console: Page
) -> None:
    rest = Rest(salesforce)
    console.get_by_role("link", name="Faults").click()
    console.get_by_label("Which calls").select_option("calls that write leads")
    console.get_by_label("How many times").fill("2")
    console.get_by_role("button", name="commit_then_503").click()
    armed = console.get_by_role("region", name="Faults set")
    expect(armed).to_contain_text("commit_then_503 strikes calls that write leads")

    answer = rest.create({"LastName": "Lost", "Company": "Acme"})
    assert answer.status_code == 503
    assert [lead["LastName"] for lead in salesforce.leads()] == ["Lost"]
    expect(armed).to_contain_text("Struck 1 of 2")

    armed.get_by_role("button", name="Remove the fault commit_then_503").click()
    expect(armed).not_to_contain_text("commit_then_503")
    assert rest.create({"LastName": "Found", "Company": "Acme"}).status_code == 201


def test_enter_key_in_the_form_of_faults_sets_none(salesforce: Simulator, console: Page) -> None:
    console.goto("/faults")
    console.get_by_label("How many times").press("Enter")
    console.get_by_role("button", name="html_503").click()
    faults = salesforce.control("GET", "orgs/1/faults")
    assert [fault["fault"] for fault in faults] == ["html_503"]


def test_lead_appears_by_itself_and_opens(salesforce: Simulator, console: Page) -> None:
    expect(console.get_by_text("No leads yet.")).to_be_visible()
    rest = Rest(salesforce)
    lead = rest.lead(FirstName="Hanako", LastName="山田", Email="hanako@example.com")
    row = console.get_by_role("row").filter(has_text="山田")
    expect(row).to_contain_text("hanako@example.com")

    member = {"LeadId": lead, "CampaignId": salesforce.campaign("Spring fair 2027")}
    rest.create({**member, "Status": "Registered"}, "CampaignMember")
    expect(row).to_contain_text("Spring fair 2027")
    expect(row).to_contain_text("Registered")
    row.get_by_role("link", name="山田").click()
    expect(console).to_have_url(f"{salesforce.instance_url()}/{lead}")
    expect(console.get_by_role("heading", level=1)).to_have_text("Hanako 山田")


def test_row_in_use_is_left_alone_while_others_arrive(salesforce: Simulator, console: Page) -> None:
    rest = Rest(salesforce)
    rest.lead(LastName="First")
    link = console.get_by_role("link", name="First")
    link.focus()
    rest.lead(LastName="Second")
    expect(console.get_by_role("row")).to_have_count(3)
    expect(console.get_by_role("row").nth(1)).to_contain_text("Second")
    expect(link).to_be_focused()


def test_starting_over_is_asked_about(salesforce: Simulator, console: Page) -> None:
    Rest(salesforce).lead(LastName="Kept")
    console.reload()
    console.once("dialog", lambda dialog: dialog.dismiss())
    console.get_by_role("button", name="Start over").click()
    assert len(salesforce.leads()) == 1
    console.once("dialog", lambda dialog: dialog.accept())
    console.get_by_role("button", name="Start over").click()
    expect(console.get_by_text("No leads yet.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_phone(
    salesforce: Simulator, console: Page, scheme: str
) -> None:
    lead = Rest(salesforce).lead(LastName="Lee", Email=f"{'long' * 12}@example.com")
    salesforce.fault("cut", path="/never")
    console.emulate_media(color_scheme=scheme)
    console.set_viewport_size({"width": 390, "height": 800})
    for path in (*PAGES, lead, salesforce.campaign("Spring fair 2027")):
        console.goto(f"/{path}")
        assert console.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert accessibility_faults(console) == [], path


def test_console_works_without_javascript(chromium, salesforce: Simulator) -> None:
    context = chromium.new_context(
        base_url=salesforce.greeting["console_url"], java_script_enabled=False
    )
    tab = context.new_page()
    tab.goto("/faults")
    tab.get_by_role("button", name="html_503").click()
    assert (
        requests.get(salesforce.instance_url() + "/services/data/", timeout=10).status_code == 503
    )
    Rest(salesforce).lead(LastName="Lee")
    tab.goto("/")
    expect(tab.get_by_role("row").filter(has_text="Lee")).to_be_visible()
    context.close()
