"""A visitor whose page was fetched, by them or by a cache, before the form was published anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.publishing.conftest import body, form_of, landing, raw_field, synced_form
from wagtail_salesforce_leads.models import LeadSubmission, OrgLane, SalesforceOrg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def org(wagtail_site) -> SalesforceOrg:
    org = SalesforceOrg.objects.create(site=wagtail_site, org_id="00D000000000001EAA", name="Acme")
    OrgLane.objects.create(org=org)
    return org


@pytest.fixture
def page(wagtail_site, org):
    return landing(wagtail_site.root_page, body(synced_form(org)))


@pytest.fixture(params=["with script", "without script"])
def visitor(request, page):
    """Has filled in the page as it was; meanwhile its form lost a field and got another."""
    tab = request.getfixturevalue("tab" if request.param == "with script" else "plain_tab")
    tab.goto("/landing/")
    tab.get_by_label("Name").fill("山田")
    tab.get_by_label("Mail").fill("hanako@example.jp")
    page.body = body(changed(page))
    page.save_revision().publish()
    return tab


def changed(page) -> dict:
    form = page.body.raw_data[0]["value"]
    firm = raw_field("firm", required=True)
    rows = form["salesforce"]["mapping"]
    mapping = [{**rows[2], "source": "field", "value": "firm"}, *rows[:2]]
    fields = [*form["fields"], firm]
    return {**form, "fields": fields, "salesforce": {**form["salesforce"], "mapping": mapping}}


def age(page, days: int) -> None:
    """The first version was replaced so long ago."""
    ago = timezone.now() - timedelta(days=days)
    form_of(page).versions.filter(number=1).update(superseded_at=ago)


def submitted() -> LeadSubmission:
    return LeadSubmission.objects.get()


def send(visitor) -> None:
    visitor.get_by_role("button", name="Send").click()


def thanks(visitor):
    return visitor.locator(".lead-form__success")


def test_page_of_six_days_ago_delivers_as_what_it_shows(visitor, page):
    age(page, days=6)
    send(visitor)
    expect(thanks(visitor)).to_be_visible()
    assert submitted().version.number == 1
    assert submitted().deliveries.get().lead == {
        "LastName": "山田",
        "Email": "hanako@example.jp",
        "Company": "Acme",
    }


def test_older_page_gets_todays_form_with_what_was_typed(visitor, page):
    age(page, days=8)
    send(visitor)
    expect(visitor.get_by_role("alert")).to_contain_text("This form has changed")
    expect(visitor.get_by_label("Name")).to_have_value("山田")
    visitor.get_by_label("Firm").fill("日本支社")
    send(visitor)
    expect(thanks(visitor)).to_be_visible()
    assert submitted().version.number == 2
    assert submitted().deliveries.get().lead["Company"] == "日本支社"
