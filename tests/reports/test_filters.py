from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from tests.site.models import LandingPage, Notice
from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion, SalesforceOrg
from wagtail_salesforce_leads.reports import filters
from wagtail_salesforce_leads.reports.filters import SubmissionFilterSet
from wagtail_salesforce_leads.reports.visible import submissions_for

INDEX = reverse("wagtail_salesforce_leads_reports:index")


@pytest.fixture
def form_of(db):
    """A published form of any object, which sends to an org of its own: ``form_of(page)``."""

    def make(source) -> LeadForm:
        form = LeadForm.objects.create(
            content_type=ContentType.objects.get_for_model(source),
            object_id=str(source.pk),
            title=f"Form of {source}",
            site=Site.objects.get(),
        )
        org = SalesforceOrg.objects.create(
            site=form.site, org_id=f"00D{form.pk}", name=f"Org of {source}"
        )
        LeadFormVersion.objects.create(form=form, number=1, digest="d", definition={}, org=org)
        return form

    return make


@pytest.fixture
def elsewhere(form_of):
    """Forms that an editor of the landing page has no part in, one of them on a snippet."""
    other = Page.get_first_root_node().add_child(instance=LandingPage(title="Other", slug="other"))
    return [form_of(other), form_of(Notice.objects.create(name="Notice"))]


def offered(user, query: str = "") -> dict[str, list[str]]:
    """What a person can choose, by filter."""
    request = RequestFactory().get(f"/?{query}")
    request.user = user
    chosen = SubmissionFilterSet(request.GET, submissions_for(user), request=request)
    fields = chosen.form.fields
    return {name: [str(row) for row in fields[name].queryset] for name in ("form", "account")}


@pytest.fixture
def editor(editor_of, page, django_user_model):
    editor_of(page)
    return django_user_model.objects.get(username="editor")


def test_choices_of_an_editor_are_the_forms_and_orgs_of_their_pages(editor, version, elsewhere):
    assert offered(editor) == {"form": [str(version.form)], "account": [str(version.org)]}


def test_choices_of_somebody_who_may_see_all_submissions_are_all(editor, version, elsewhere):
    editor.user_permissions.add(
        Permission.objects.get(
            codename="view_leadsubmission", content_type__app_label="wagtail_salesforce_leads"
        )
    )
    editor = type(editor).objects.get(pk=editor.pk)

    choices = offered(editor)

    assert len(choices["form"]) == len(choices["account"]) == 3


def test_choices_of_somebody_without_pages_are_none(version, django_user_model):
    assert offered(django_user_model.objects.create_user("eve")) == {"form": [], "account": []}


def test_choices_keep_an_account_a_form_sent_to_before(editor, version):
    today = SalesforceOrg.objects.create(site=version.org.site, org_id="00D9", name="Zeta")
    LeadFormVersion.objects.create(
        form=version.form, number=8, digest="d8", definition={}, org=today
    )

    assert offered(editor)["account"] == [str(version.org), str(today)]


def test_filter_by_a_form_of_somebody_else_is_refused(editor, version, elsewhere):
    request = RequestFactory().get("/", {"form": elsewhere[0].pk})
    request.user = editor

    chosen = SubmissionFilterSet(request.GET, submissions_for(editor), request=request)

    assert not chosen.is_valid()


def test_filter_in_salesforce_goes_by_the_current_delivery(admin, submit):
    """One that failed and was sent again is in Salesforce; one that is sent again is not yet."""
    made = {name: submit("done", last=name).deliveries.get() for name in ("there", "leaving")}
    for name, (old, new) in {"there": ("failed", "done"), "leaving": ("done", "due")}.items():
        submission = made[name].submission
        submission.deliveries.update(is_current=False, state=old)
        submission.deliveries.create(state=new, created_at=timezone.now(), due_at=timezone.now())
    html = admin.get(f"{INDEX}?result=done").content.decode()
    assert "there v1@" in html
    assert "leaving v2@" not in html


def test_filter_by_campaign_finds_what_an_earlier_version_sent_there(admin, submit, version):
    submit(last="Fair")
    LeadFormVersion.objects.create(
        form=version.form, number=8, digest="d8", definition=version.definition, campaign_id="701X"
    )
    assert "Fair v1@" in admin.get(f"{INDEX}?campaign=spring").content.decode()
    assert "Fair v1@" not in admin.get(f"{INDEX}?campaign=autumn").content.decode()


@pytest.mark.parametrize("many", [1, 10_000])
def test_filter_by_account_finds_its_leads_be_they_many_or_few(
    admin, submit, version, monkeypatch, many
):
    monkeypatch.setattr(filters, "MANY", many)
    another = SalesforceOrg.objects.create(site=version.org.site, org_id="00D9", name="Zeta")
    for name in ("mine", "mine too", "moved", "not sent"):
        submission = submit(None if name == "not sent" else "done", last=name)
        if name == "moved":
            submission.deliveries.update(org=another)
    html = admin.get(f"{INDEX}?account={version.org.pk}").content.decode()
    assert [name for name in ("mine v", "mine too v", "moved v", "not sent v") if name in html] == [
        "mine v",
        "mine too v",
    ]
