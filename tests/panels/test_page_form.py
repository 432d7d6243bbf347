"""The editor of a classic form page: its mapping follows fields that are not saved yet."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests.site.models import ContactPage
from wagtail_salesforce_leads.models import LeadForm

from .conftest import MAPPING, contact, integration, row

pytestmark = pytest.mark.django_db


def fields_of(page: ContactPage, *more: dict) -> dict:
    saved = [
        {
            "id": field.pk,
            "label": field.label,
            "field_type": field.field_type,
            "required": "on" if field.required else "",
        }
        for field in page.form_fields.all()
    ]
    return inline_formset([*saved, *more], initial=len(saved))


def post_of(page: ContactPage, org, fields: dict, mapping: list[dict], action: str) -> dict:
    value = {"sync": "on", "account": str(org.pk), "mapping": json.dumps(mapping)}
    stream = {
        "count": "1",
        "0": {"type": "integration", "id": "i1", "order": "0", "deleted": "", "value": value},
    }
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "form_fields": fields,
            "salesforce": stream,
            "to_address": "",
            "from_address": "",
            "subject": "",
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 1000},
            action: "1",
        }
    )


def edit(editor, page, *args):
    return editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), post_of(page, *args))


NEW = {"id": "", "label": "Phone number", "field_type": "singleline"}


@pytest.fixture
def page(home, org) -> ContactPage:
    return contact(home, integration(org))


def mapped(integration_stream) -> dict[str, str]:
    rows = integration_stream[0].value["mapping"]
    return {row["property"]: row["value"] for row in rows}


def test_publish_maps_a_new_field_by_its_prefix(editor, page, org):
    mapping = [*MAPPING[:2], row("field", "form_fields-3", "Company")]
    response = edit(
        editor, page, org, fields_of(page, {**NEW, "required": "on"}), mapping, "action-publish"
    )
    assert response.status_code == 302, response.context["form"].errors
    version = LeadForm.objects.of_source(page).get().current_version
    assert {row["property"]: row["value"] for row in version.mapping}["Company"] == "phone_number"
    assert version.fields[3]["limits"] == {"max_length": 255}


def test_draft_keeps_the_mapping_of_a_new_field_until_it_is_published(editor, page, org):
    mapping = [*MAPPING[:2], row("field", "form_fields-3", "Company")]
    edit(editor, page, org, fields_of(page, NEW), mapping, "action-save")
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    assert mapped(draft.salesforce)["Company"] == "phone_number"
    screen = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert mapped(screen.context["form"].initial["salesforce"])["Company"] == "form_fields-3"
    draft.get_latest_revision().publish()
    form = LeadForm.objects.of_source(page).get()
    assert form.current_version.mapping[2]["value"] == "phone_number"


def test_publish_with_required_property_unfilled_shows_error_at_the_mapping(editor, page, org):
    response = edit(editor, page, org, fields_of(page), MAPPING[:2], "action-publish")
    assert response.status_code == 200
    assert "Company is required in Salesforce and nothing fills it." in response.content.decode()


def test_publish_with_field_that_was_deleted_names_the_row(editor, page, org):
    fields = fields_of(page)
    fields["1"]["DELETE"] = "1"
    response = edit(editor, page, org, fields, MAPPING, "action-publish")
    assert response.status_code == 200
    assert "This form field no longer exists." in response.content.decode()


def test_draft_saves_in_any_state(editor, page, org):
    response = edit(editor, page, org, fields_of(page), [], "action-save")
    assert response.status_code == 302


def test_optional_field_for_required_property_is_no_error(editor, page, org):
    mapping = [*MAPPING[:2], row("field", "notes", "Company")]
    response = edit(editor, page, org, fields_of(page), mapping, "action-publish")
    # Company is a text and notes are multi-line: a misfit, which is one; the warning is none.
    assert "another type" in response.content.decode()
    assert "Company is required in Salesforce, but visitors" not in response.content.decode()


def test_screen_tells_the_names_of_saved_fields(editor, page):
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    names = {str(field.pk): field.clean_name for field in page.form_fields.all()}
    assert json.dumps(names).replace('"', "&quot;") in html
    assert str(LeadForm.objects.get().key) in html
    assert "inline_fields" in html


def test_new_page_screen_opens(editor, home):
    address = reverse("wagtailadmin_pages:add", args=["test_site", "contactpage", home.pk])
    assert editor.get(address).status_code == 200


def test_publish_tells_that_an_optional_field_may_leave_a_required_property_empty(
    editor, page, org
):
    firm = {**NEW, "label": "Firm"}
    mapping = [*MAPPING[:2], row("field", "form_fields-3", "Company")]
    data = post_of(page, org, fields_of(page, firm), mapping, "action-publish")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = editor.post(address, data, follow=True)
    said = " ".join(str(message) for message in response.context["messages"])
    assert "Company is required in Salesforce, but visitors may leave it empty" in said
