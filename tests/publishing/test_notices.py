from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.site.models import Notice, Offer
from wagtail_salesforce_leads.models import OrgSchema

from .conftest import body, landing, synced_form

pytestmark = pytest.mark.django_db

WARNING = "Company is required in Salesforce, but visitors may leave it empty"


@pytest.fixture
def optional(org) -> dict:
    """The org requires Company, and an optional field fills it."""
    text = {"type": "string", "nillable": False, "createable": True, "length": 80}
    fields = [
        {**text, "name": "Company", "label": "Company"},
        {**text, "name": "Email", "label": "Email", "type": "email", "nillable": True},
    ]
    OrgSchema.objects.create(org=org, read_at=timezone.now(), lead={"fields": fields})
    mapping = '[{"source": "field", "value": "mail", "property": "Email", "inverted": false}, '
    mapping += '{"source": "field", "value": "firm", "property": "Company", "inverted": false}]'
    return {
        "title": "Contact",
        "fields": streamfield(
            [
                ("email", {"key": "mail", "label": "Mail", "required": "on"}),
                ("single_line", {"key": "firm", "label": "Firm"}),
            ]
        ),
        "success_message": rich_text(""),
        "salesforce": {"sync": "on", "account": str(org.pk), "mapping": mapping},
    }


def said(client, address: str, data: dict) -> str:
    response = client.post(address, nested_form_data(data), follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def test_publishing_page_tells_warnings_and_publishes(editor, home, optional):
    page = landing(home, "[]")
    data = {
        "title": "Landing",
        "slug": "landing",
        "notice": "",
        "body": streamfield([("lead_form", optional)]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 1000},
    }
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert WARNING not in said(editor, address, {**data, "action-save": "1"})
    assert f"Contact: {WARNING}" in said(editor, address, {**data, "action-publish": "1"})


def test_saving_snippet_without_drafts_tells_warnings(editor, optional):
    address = reverse(Notice.snippet_viewset.get_url_name("add"))
    data = {"name": "N", "body": streamfield([("lead_form", optional)])}
    assert WARNING in said(editor, address, data)


def test_snippet_with_drafts_tells_warnings_on_publish_only(editor, optional):
    offer = Offer.objects.create(name="O", live=False)
    address = reverse(Offer.snippet_viewset.get_url_name("edit"), args=[offer.pk])
    data = {"name": "O", "body": streamfield([("lead_form", optional)])}
    assert WARNING not in said(editor, address, data)
    assert WARNING in said(editor, address, {**data, "action-publish": "1"})


def test_form_without_warnings_is_published_in_silence(editor, home, org):
    offer = Offer.objects.create(name="O", body=body(synced_form(org)), live=False)
    address = reverse(Offer.snippet_viewset.get_url_name("edit"), args=[offer.pk])
    words = said(editor, address, {"name": "O", "body": streamfield([]), "action-publish": "1"})
    assert "Contact:" not in words
