"""A classic page's submission is stored twice, and deleted twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.forms.models import FormSubmission

from tests.site.models import ContactPage
from wagtail_salesforce_leads.delivery.upkeep import purging
from wagtail_salesforce_leads.models import Delivery, LeadSubmission

from .conftest import contact, integration

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home, org) -> ContactPage:
    return contact(home, integration(org))


def submit(client, page, name: str) -> tuple[FormSubmission, LeadSubmission]:
    client.post(page.url, {"your_name": name, "mail": f"{name}@example.com"})
    return FormSubmission.objects.latest("pk"), LeadSubmission.objects.latest("pk")


def names() -> tuple[list[str], list[str]]:
    """Whose answers are still there: in Wagtail's submissions, and in ours."""
    theirs = FormSubmission.objects.order_by("pk").values_list("form_data__your_name", flat=True)
    ours = LeadSubmission.objects.order_by("pk").values_list("answers__your_name", flat=True)
    return list(theirs), list(ours)


def test_delete_in_wagtails_list_deletes_lead_submissions_with_their_deliveries(editor, page):
    chosen = [submit(editor, page, name)[0].pk for name in ("ann", "bob")]
    submit(editor, page, "kim")
    Delivery.objects.update(state=Delivery.State.DONE)
    address = reverse("wagtailforms:delete_submissions", args=[page.pk])
    query = "&".join(f"selected-submissions={pk}" for pk in chosen)
    assert editor.post(f"{address}?{query}").status_code == 302
    assert names() == (["kim"], ["kim"])
    assert Delivery.objects.get().submission.answers["your_name"] == "kim"


@pytest.mark.parametrize("state", ["due", "sending", "waiting", "held", "unknown"])
def test_delete_in_wagtails_list_stops_no_lead_that_is_on_its_way(client, page, state):
    theirs, _ = submit(client, page, "ann")
    Delivery.objects.update(state=state)
    theirs.delete()
    assert names() == ([], ["ann"])


def test_delete_in_the_lead_list_deletes_wagtails_submission(editor, page):
    _, ann = submit(editor, page, "ann")
    submit(editor, page, "kim")
    editor.post(reverse("wagtail_salesforce_leads_reports:delete", args=[ann.pk]))
    assert names() == (["kim"], ["kim"])


def test_bulk_delete_in_the_lead_list_deletes_wagtails_submissions(editor, page):
    ann, bob = (submit(editor, page, name)[1].pk for name in ("ann", "bob"))
    submit(editor, page, "kim")
    action = ["wagtail_salesforce_leads", "leadsubmission", "delete"]
    address = reverse("wagtail_bulk_action", args=action)
    editor.post(f"{address}?id={ann}&id={bob}&next=/", {})
    assert names() == (["kim"], ["kim"])


def test_purge_deletes_wagtails_submissions_too(client, page, settings):
    submit(client, page, "ann")
    Delivery.objects.update(state=Delivery.State.DONE)
    LeadSubmission.objects.update(submitted_at=timezone.now() - timedelta(days=31))
    submit(client, page, "kim")
    kept = {**settings.WAGTAIL_SALESFORCE_LEADS, "RETENTION_DAYS": 30}
    settings.WAGTAIL_SALESFORCE_LEADS = kept
    assert purging.purge() == 1
    assert names() == (["kim"], ["kim"])


def test_delete_of_another_pages_submission_of_the_same_number_is_no_matter(client, home, page):
    theirs, ours = submit(client, page, "ann")
    ours.source_id = "0"
    ours.save()
    theirs.delete()
    assert names() == ([], ["ann"])


def test_deleting_the_page_keeps_its_leads(client, page):
    submit(client, page, "ann")
    page.delete()
    assert names() == ([], ["ann"])
    assert Delivery.objects.get().state == Delivery.State.DUE
    LeadSubmission.objects.all().delete()


def test_submission_of_a_page_type_that_is_gone_can_be_deleted(client, page):
    submit(client, page, "ann")
    LeadSubmission.objects.update(source_model="gone.page")
    LeadSubmission.objects.get().delete()
    assert names() == (["ann"], [])
