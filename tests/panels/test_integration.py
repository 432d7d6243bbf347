"""Classic form pages: what visitors send, and what is stored of it."""

from __future__ import annotations

import json

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError
from django.views.debug import SafeExceptionReporterFilter
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Page

from tests.site.models import ContactField, ContactPage
from wagtail_salesforce_leads.exceptions import PublishBlocked
from wagtail_salesforce_leads.models import Delivery, LeadForm, LeadSubmission
from wagtail_salesforce_leads.panels import integration as panel

from .conftest import contact, integration, row

ANSWERS = {"your_name": "山田 花子", "mail": "hanako@example.jp", "notes": "Hello"}

pytestmark = pytest.mark.django_db


def form_of(page: Page) -> LeadForm:
    return LeadForm.objects.of_source(page).get()


def test_publish_compiles_the_page_as_one_form(home, org):
    page = contact(home, integration(org))
    form = form_of(page)
    assert (form.block_id, form.is_open, form.title) == ("", True, "Contact")
    fields = form.current_version.fields
    assert [(f["key"], f["type"]) for f in fields] == [
        ("your_name", "single_line"),
        ("mail", "email"),
        ("notes", "multi_line"),
    ]
    assert fields[0]["limits"] == {"max_length": 80}


def test_submit_stores_both_submissions_and_the_delivery(client, home, org):
    page = contact(home, integration(org))
    response = client.post(page.url + "?utm_source=mail", ANSWERS)
    assert response.status_code == 200
    theirs, ours = FormSubmission.objects.get(), LeadSubmission.objects.get()
    assert theirs.form_data == ANSWERS
    assert (ours.form_submission_id, ours.answers) == (theirs.pk, ANSWERS)
    assert (ours.source_model, ours.source_id) == ("test_site.contactpage", str(page.pk))
    assert (ours.page_title, ours.form_title) == ("Contact", "Contact")
    assert Delivery.objects.get().lead == {
        "LastName": "山田 花子",
        "Email": "hanako@example.jp",
        "Company": "Acme",
    }


def test_submit_knows_where_the_visitor_came_from(client, home, org):
    page = contact(home, integration(org))
    client.post(page.url, ANSWERS, headers={"Referer": "http://testserver/contact/?utm_term=x"})
    context = LeadSubmission.objects.get().context
    assert context["page_url"] == "http://testserver/contact/?utm_term=x"
    assert (context["page_title"], context["utm_term"]) == ("Contact", "x")


def test_submit_knows_what_the_script_remembered(client, home, org):
    page = contact(home, integration(org))
    said = {"utm_source": "mail", "first_utm_source": "fair", "variant": "b", "unknown": "x"}
    client.post(page.url, {**ANSWERS, "wsl-context": json.dumps(said)})
    context = LeadSubmission.objects.get().context
    assert (context["utm_source"], context["first_utm_source"]) == ("mail", "fair")
    assert (context["variant"], "unknown" in context) == ("b", False)
    assert FormSubmission.objects.get().form_data == ANSWERS


def test_submit_leaves_no_answer_for_error_reports(client, home, org):
    page = contact(home, integration(org))
    request = client.post(page.url, ANSWERS).wsgi_request
    shown = SafeExceptionReporterFilter().get_post_parameters(request)
    assert set(shown) == set(ANSWERS)
    assert not set(shown.values()) & set(ANSWERS.values())


def test_submit_with_sync_off_is_left_to_wagtail(client, home, org):
    page = contact(home, integration(org, sync=False))
    client.post(page.url, ANSWERS)
    assert FormSubmission.objects.count() == 1
    assert not LeadSubmission.objects.exists()


def test_page_without_integration_works_as_before(client, home):
    page = contact(home, "[]")
    assert client.post(page.url, ANSWERS).status_code == 200
    assert FormSubmission.objects.count() == 1
    assert not LeadSubmission.objects.exists()


def test_invalid_answers_store_nothing(client, home, org):
    page = contact(home, integration(org))
    client.post(page.url, {**ANSWERS, "mail": "no address"})
    assert not FormSubmission.objects.exists()
    assert not LeadSubmission.objects.exists()


def test_answer_that_salesforce_would_refuse_is_told_to_the_visitor(client, home, org):
    page = contact(home, integration(org))
    response = client.post(page.url, {**ANSWERS, "your_name": "x" * 81, "mail": "é@example.jp"})
    errors = response.context["form"].errors
    assert errors["your_name"] == ["Enter a shorter text: at most 80 characters."]
    assert "mail" in errors
    assert not FormSubmission.objects.exists()


def test_answer_that_no_visitor_can_change_turns_nobody_away(client, home, org):
    """A hidden field's text is not what the property takes: the delivery says so, to the editor."""
    hidden = ContactField(label="Mail", field_type="hidden", required=False, sort_order=1)
    name = ContactField(label="Your name", field_type="singleline", sort_order=0)
    page = contact(home, integration(org), name, hidden)
    client.post(page.url, {"your_name": "Ann", "mail": "no address"})
    assert FormSubmission.objects.count() == LeadSubmission.objects.count() == 1


def test_answer_is_not_checked_with_sync_off(client, home, org):
    page = contact(home, integration(org, sync=False))
    client.post(page.url, {**ANSWERS, "your_name": "x" * 81})
    assert FormSubmission.objects.count() == 1


def test_submit_that_cannot_be_stored_whole_stores_nothing(client, home, org, monkeypatch):
    page = contact(home, integration(org), to_address="sales@example.jp")

    def fail(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(panel, "store", fail)
    with pytest.raises(DatabaseError):
        client.post(page.url, ANSWERS)
    assert not FormSubmission.objects.exists()
    assert mail.outbox == []


def test_mail_waits_for_the_commit(client, home, org, django_capture_on_commit_callbacks):
    page = contact(home, integration(org), to_address="sales@example.jp")
    with django_capture_on_commit_callbacks() as callbacks:
        client.post(page.url, ANSWERS)
    assert mail.outbox == []
    assert LeadSubmission.objects.count() == 1
    for callback in callbacks:
        callback()
    (message,) = mail.outbox
    assert "hanako@example.jp" in message.body


def test_answers_of_every_type_are_stored_as_text_lists_and_truths(client, home, org):
    page = contact(
        home,
        integration(org, [row("field", "mail", "Email")]),
        ContactField(label="Mail", field_type="email", sort_order=0),
        ContactField(label="When", field_type="date", sort_order=1),
        ContactField(label="Staff", field_type="number", sort_order=2),
        ContactField(label="Yes", field_type="checkbox", required=False, sort_order=3),
        ContactField(label="Topics", field_type="checkboxes", choices="a,b,c", sort_order=4),
        ContactField(label="Call at", field_type="datetime", sort_order=5),
        ContactField(label="Blank", field_type="number", required=False, sort_order=6),
    )
    response = client.post(
        page.url,
        {
            "mail": "a@b.jp",
            "when": "2027-01-31",
            "staff": "12.5",
            "topics": ["a", "c"],
            "call_at": "2027-01-31 10:30",
            "blank": "",
        },
    )
    assert response.status_code == 200
    answers = LeadSubmission.objects.get().answers
    assert answers.pop("call_at").startswith("2027-01-31T10:30")
    assert answers == {
        "mail": "a@b.jp",
        "when": "2027-01-31",
        "staff": "12.5",
        "yes": False,
        "topics": ["a", "c"],
        "blank": "",
    }


def test_answers_lose_what_cannot_be_stored(client, home, org):
    page = contact(home, integration(org))
    client.post(page.url, {**ANSWERS, "notes": "one\x08\r\ntwo\uffff"})
    assert LeadSubmission.objects.get().answers["notes"] == "one\ntwo"


def test_page_that_was_never_compiled_is_at_first_submit(client, home, org):
    page = contact(home, integration(org))
    LeadForm.objects.all().delete()
    client.post(page.url, ANSWERS)
    assert Delivery.objects.count() == 1
    assert form_of(page).is_open


def test_draft_that_code_submits_is_left_to_wagtail(home, org):
    page = contact(home, integration(org), live=False)
    form = page.get_form(ANSWERS, page=page, user=None)
    assert form.is_valid()
    page.process_form_submission(form)
    assert FormSubmission.objects.count() == 1
    assert not LeadForm.objects.exists()


def test_draft_mapping_is_not_used(client, home, org):
    page = contact(home, integration(org))
    page.salesforce = integration(org, [row("field", "mail", "LastName")])
    page.save_revision()
    client.post(page.url, ANSWERS)
    assert Delivery.objects.get().lead["LastName"] == "山田 花子"


def test_unpublish_closes_and_copy_has_its_own_form(home, org):
    page = contact(home, integration(org))
    copied = page.copy(update_attrs={"slug": "copy"}, keep_live=True)
    assert form_of(copied).key != form_of(page).key
    assert form_of(copied).current_version == form_of(copied).versions.get(number=1)
    page.unpublish()
    assert not form_of(page).is_open
    assert form_of(copied).is_open


def test_added_field_is_compiled_before_it_is_saved(home, org):
    page = contact(home, integration(org))
    page.form_fields.add(ContactField(label="Tel No", field_type="singleline", sort_order=3))
    page.save_revision().publish()
    keys = [field["key"] for field in form_of(page).current_version.fields]
    assert keys == ["your_name", "mail", "notes", "tel_no"]
    assert ContactField.objects.filter(clean_name="tel_no").exists()


def test_wrong_mapping_is_blocked_by_the_gate(home, org):
    with pytest.raises(PublishBlocked, match="Map a form field"):
        contact(home, integration(org, []))
    page = contact(home, integration(org, []), live=False)
    with pytest.raises(PublishBlocked):
        page.save_revision().publish()


def test_command_compiles_classic_pages(home, org, capsys):
    page = contact(home, integration(org))
    LeadForm.objects.all().delete()
    call_command("salesforce_compile_forms")
    assert form_of(ContactPage.objects.get(pk=page.pk)).is_open
