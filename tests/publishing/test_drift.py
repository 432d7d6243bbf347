"""The org changes under a form that is published: somebody is told before leads are refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tests.site.models import Offer
from wagtail_salesforce_leads.delivery.upkeep import digest
from wagtail_salesforce_leads.delivery.upkeep.digest import send_digests
from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion, OrgSchema, SalesforceOrg
from wagtail_salesforce_leads.publishing.drift import drifted

from .conftest import body, form_of, landing, synced_form
from .test_problems import known, text  # noqa: F401

pytestmark = pytest.mark.django_db

GONE = "Salesforce does not offer Company"


@pytest.fixture
def page(home, known):  # noqa: F811
    return landing(home, body(synced_form(known)))


def reread(org: SalesforceOrg, *fields: dict) -> None:
    """The daily check reads an org that has changed."""
    later = timezone.now() + timedelta(days=1)
    OrgSchema.objects.filter(org=org).update(read_at=later, lead={"fields": list(fields)})


def lose_company(org: SalesforceOrg) -> None:
    reread(org, text("LastName", required=True), text("Email", type="email"))


def test_queries_do_not_grow_with_the_forms(home, page, known, django_assert_num_queries):  # noqa: F811
    for number in range(3):
        landing(home, body(synced_form(known)), f"landing-{number}")
    with django_assert_num_queries(2):
        assert drifted(LeadForm.objects.all()) == []
    lose_company(known)
    with django_assert_num_queries(2):
        told = [f"{form} {form.current_version.org}" for form, _ in drifted(LeadForm.objects.all())]
    assert len(told) == 4


def test_campaign_that_ended_is_no_drift(page, known):  # noqa: F811
    campaign = {"name": "", "read_at": timezone.now().isoformat()}
    LeadFormVersion.objects.update(campaign_id="701000000000001AAA", campaign_name="Spring fair")
    OrgSchema.objects.update(campaigns={"701000000000001AAA": campaign})
    assert drifted(LeadForm.objects.all()) == []


def test_property_that_is_gone_is_told_with_the_form(page, known):  # noqa: F811
    lose_company(known)
    ((form, problem),) = drifted(LeadForm.objects.all())
    assert (form, problem.code) == (form_of(page), "property_gone")


def test_new_required_property_is_told(page, known):  # noqa: F811
    fields = OrgSchema.objects.get(org=known).lead["fields"]
    reread(known, *fields, text("Branch__c", required=True))
    ((_, problem),) = drifted(LeadForm.objects.all())
    assert "Branch__c is required in Salesforce" in problem.message


@pytest.mark.parametrize("end", ["repaired", "unpublished", "disconnected", "restored"])
def test_drift_is_over_once_it_is(page, known, end):  # noqa: F811
    fields = OrgSchema.objects.get(org=known).lead["fields"]
    lose_company(known)
    assert drifted(LeadForm.objects.all())
    if end == "repaired":
        form = synced_form(known)
        del form["salesforce"]["mapping"][2]
        page.body = body(form)
        page.save_revision().publish()
    elif end == "unpublished":
        page.unpublish()
    elif end == "disconnected":
        SalesforceOrg.objects.update(state=SalesforceOrg.State.DISCONNECTED)
    else:
        reread(known, *fields)
    assert drifted(LeadForm.objects.all()) == []


def test_home_names_form_and_what_is_wrong_and_leads_to_its_editor(editor, page, known):  # noqa: F811
    lose_company(known)
    html = editor.get("/admin/").content.decode()
    link = f'<a href="/admin/pages/{page.pk}/edit/">“Contact” no longer fits Acme (production)</a>'
    assert link in html
    assert GONE in html


def test_home_counts_what_it_does_not_name(editor, home, page, known, monkeypatch):  # noqa: F811
    monkeypatch.setattr("wagtail_salesforce_leads.panels.home.MOST_FORMS", 1)
    for number in range(2):
        landing(home, body(synced_form(known)), f"landing-{number}")
    lose_company(known)
    html = editor.get("/admin/").content.decode()
    assert html.count("“Contact” no longer fits") == 1
    assert "2 more published forms no longer fit</a>" in html


def test_digest_names_forms_of_the_site(editor, page, known):  # noqa: F811
    lose_company(known)
    send_digests()
    (sent,) = mail.outbox
    assert sent.to == [editor.user.email]
    assert sent.subject == "1 published form no longer fits Salesforce"
    assert f"Contact → Acme (production)\n{GONE}" in sent.body


def test_digest_of_a_site_names_the_snippets_whose_account_is_the_sites(known):  # noqa: F811
    Offer.objects.create(name="Offer", body=body(synced_form(known)))
    lose_company(known)
    assert [form.site for form, _ in drifted(digest._forms(known.site))] == [None]
    assert drifted(digest._forms(None)) == []


def test_digest_says_how_many_it_does_not_name_and_where_they_are(editor, page, known, monkeypatch):  # noqa: F811
    monkeypatch.setattr(digest, "MOST_FORMS", 0)
    lose_company(known)
    send_digests()
    (sent,) = mail.outbox
    assert "… and 1 more form." in sent.body
    assert "/admin/" in sent.body
