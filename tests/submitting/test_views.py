"""What a visitor's browser gets, and what is in the database afterwards."""

from __future__ import annotations

import json
import logging
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import override_script_prefix
from django.utils import timezone
from django.utils.log import AdminEmailHandler
from wagtail.models import Page, PageViewRestriction, Site

from wagtail_salesforce_leads.models import Delivery, LeadFormVersion, LeadSubmission

from . import live

pytestmark = pytest.mark.django_db


def test_submit_valid_answers_keeps_them_with_a_due_delivery(client, page, version):
    response = live.post(client, version)
    assert response.status_code == 303
    assert response["Location"].startswith(f"/landing/?lead-form={version.form.key}#lead-form-")
    submission = LeadSubmission.objects.get()
    assert submission.answers == live.ANSWERS
    assert submission.version == version
    assert (submission.who, submission.page_title) == ("Lee ann@example.com", "Landing")
    assert (submission.source_model, submission.source_id) == (
        "test_site.landingpage",
        str(page.pk),
    )
    delivery = submission.deliveries.get()
    assert delivery.state == Delivery.State.DUE
    assert delivery.lead == {"LastName": "Lee", "Email": "ann@example.com"}


def test_submit_then_follow_shows_the_message_instead_of_the_form(client, version):
    response = client.get(live.post(client, version)["Location"])
    content = response.content.decode()
    assert "Thank you so much." in content
    assert "<form" not in content


def test_submit_with_thank_you_page_goes_there(client, page, org):
    thanks = live.make_page("thanks")
    version = live.publish(page, thank_you_page=thanks.pk)
    assert live.post(client, version)["Location"] == "/thanks/"
    thanks.unpublish()
    assert live.post(client, version)["Location"].startswith("/landing/?lead-form=")


def test_submit_of_a_page_that_was_moved_to_another_site_goes_there(client, page, version):
    elsewhere = Page.get_first_root_node().add_child(instance=Page(title="Elsewhere"))
    Site.objects.create(hostname="elsewhere.example", root_page=elsewhere)
    Site.objects.filter(is_default_site=True).update(hostname="testserver")
    Site.clear_site_root_paths_cache()
    assert live.post(client, version)["Location"].startswith("/landing/?lead-form=")
    page.move(elsewhere, "last-child")
    address = live.post(client, version)["Location"]
    assert address.startswith("http://elsewhere.example/landing/?lead-form=")
    assert live.post(client, version, {"name": "Lee"}).status_code == 422


def test_submit_invalid_answers_shows_the_page_again_with_them(client, version):
    response = live.post(client, version, {"name": "Lee & Co", "mail": "nobody"})
    content = response.content.decode()
    assert response.status_code == 422
    assert "no-store" in response["Cache-Control"]
    assert "<h1>Landing</h1>" in content
    assert 'value="Lee &amp; Co"' in content
    assert 'aria-invalid="true"' in content
    assert not LeadSubmission.objects.exists()


def test_submit_again_from_the_page_with_errors_remembers_where_it_began(client, version):
    began = "http://testserver/landing/?utm_source=mail"
    content = live.post(client, version, {"name": "Lee"}, HTTP_REFERER=began).content.decode()
    assert 'name="wsl-from" value="/landing/?utm_source=mail"' in content
    here = f"http://testserver{live.action(version)}"
    said = {"wsl-from": "/landing/?utm_source=mail", "wsl-context": json.dumps({"page_url": here})}
    live.post(client, version, {**live.ANSWERS, **said}, HTTP_REFERER=here)
    context = LeadSubmission.objects.get().context
    assert (context["page_url"], context["utm_source"]) == (began, "mail")


def test_submit_answer_its_property_cannot_hold_tells_the_visitor(client, version):
    response = live.post(client, version, {"name": "x" * 81, "mail": "ann@例え.jp"})
    content = response.content.decode()
    assert "at most 80 characters" in content
    assert "such as name@example.com" in content
    assert not LeadSubmission.objects.exists()


def test_submit_what_only_an_editor_can_repair_turns_nobody_away(client, page, org):
    fields = [*live.FIELDS, live.field("size", "dropdown", choices=live.choices("S", "M"))]
    mapping = [live.row("size", "Size__c", "picklist", restricted=True)]
    version = live.publish(page, fields=fields, mapping=mapping, org=org, sync=True)
    assert live.post(client, version, {**live.ANSWERS, "size": "m"}).status_code == 303
    delivery = LeadSubmission.objects.get().deliveries.get()
    assert (delivery.state, delivery.cause, delivery.cause_fields) == (
        Delivery.State.FAILED,
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        ["Size__c"],
    )


def test_submit_in_place_answers_json(client, version):
    good = live.post(client, version, **live.SCRIPT)
    assert (good.status_code, good.json()) == (200, {"redirect": ""})
    bad = live.post(client, version, {"name": "Lee"}, **live.SCRIPT)
    assert bad.status_code == 422
    assert bad.json() == {"errors": {"mail": ["This field is required."]}, "message": ""}


def test_submit_with_sync_off_keeps_answers_without_delivery(client, page, org):
    live.post(client, live.publish(page, org=org, sync=False))
    assert LeadSubmission.objects.get().answers == live.ANSWERS
    assert not Delivery.objects.exists()


def test_submit_unstorable_characters_are_taken_off_at_the_door(client, version):
    live.post(client, version, {"name": "Le\x00e\x1f", "mail": "ann@example.com"})
    assert LeadSubmission.objects.get().answers["name"] == "Lee"


def test_submit_twice_with_one_token_is_one_submission(client, version):
    answers = {**live.ANSWERS, "wsl-token": str(uuid.uuid4())}
    first, second = live.post(client, version, answers), live.post(client, version, answers)
    assert first["Location"] == second["Location"]
    assert LeadSubmission.objects.count() == Delivery.objects.count() == 1


def test_submit_other_answers_with_a_used_token_is_another_submission(client, version):
    token = {"wsl-token": str(uuid.uuid4())}
    live.post(client, version, {**live.ANSWERS, **token})
    live.post(client, version, {**live.ANSWERS, **token, "name": "Kim"})
    assert LeadSubmission.objects.count() == Delivery.objects.count() == 2


def test_submit_to_unknown_form_is_not_found(client):
    assert client.post(f"/salesforce/forms/{uuid.uuid4()}/", **live.BROWSER).status_code == 404


def test_submit_after_unpublish_says_the_form_is_closed(client, page, version):
    page.unpublish()
    response = live.post(client, version)
    assert response.status_code == 410
    assert "This form is closed." in response.content.decode()
    assert not LeadSubmission.objects.exists()


def test_submit_to_form_taken_off_the_page_says_it_is_closed(client, version):
    version.form.is_open = False
    version.form.save()
    response = live.post(client, version, **live.SCRIPT)
    assert (response.status_code, response.json()) == (410, {"message": "This form is closed."})


def test_get_of_the_address_goes_to_the_page(client, version):
    response = client.get(live.action(version), HTTP_SEC_FETCH_SITE="cross-site")
    assert response.status_code == 303
    assert response["Location"].startswith("/landing/#lead-form-")


def supersede(version: LeadFormVersion, days: float) -> LeadFormVersion:
    """A newer version takes its place, with another required field."""
    page = version.form.source.specific
    newer = live.publish(page, fields=[*live.FIELDS, live.field("firm", required=True)])
    LeadFormVersion.objects.filter(pk=version.pk).update(
        superseded_at=timezone.now() - timedelta(days=days)
    )
    return newer


def test_submit_from_cached_page_is_kept_as_the_version_it_shows(client, version):
    supersede(version, days=6)
    assert live.post(client, version).status_code == 303
    submission = LeadSubmission.objects.get()
    assert submission.version == version
    assert submission.deliveries.get().lead["LastName"] == "Lee"


@pytest.mark.parametrize(("days", "answers"), [(8, live.ANSWERS), (6, {"name": "Lee"})])
def test_submit_from_old_page_without_script_gets_todays_form_filled(
    client, version, days, answers
):
    newer = supersede(version, days)
    response = live.post(client, version, answers)
    content = response.content.decode()
    assert response.status_code == 422
    assert "This form has changed" in content
    assert 'value="Lee"' in content
    assert f'name="wsl-version" value="{newer.number}"' in content
    assert not LeadSubmission.objects.exists()


def test_submit_from_old_page_with_script_asks_it_to_post_for_a_page(client, version):
    supersede(version, days=8)
    response = live.post(client, version, **live.SCRIPT)
    assert (response.status_code, response.json()) == (409, {"reload": True})


def test_submit_from_own_template_without_version_means_todays(client, version):
    response = client.post(live.action(version), live.ANSWERS, **live.BROWSER)
    assert response.status_code == 303


def restrict(page, type_: str = PageViewRestriction.LOGIN) -> PageViewRestriction:
    return PageViewRestriction.objects.create(page=page, restriction_type=type_, password="open")


def test_submit_on_private_page_needs_what_the_page_needs(client, page, version, admin_user):
    restrict(page)
    refused = live.post(client, version, **live.SCRIPT)
    assert (refused.status_code, "private" in refused.json()["message"]) == (403, True)
    client.force_login(admin_user)
    assert live.post(client, version).status_code == 303


def test_submit_on_private_page_demands_its_own_origin(client, page, version, admin_user):
    restrict(page)
    client.force_login(admin_user)
    elsewhere = {"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_ORIGIN": "http://sub.testserver"}
    refused = live.post(client, version, **elsewhere)
    assert refused.status_code == 403
    assert "from its own page" in refused.content.decode()
    silent = {"HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "null"}
    assert live.post(client, version, **silent).status_code == 403
    assert LeadSubmission.objects.count() == 0


def test_submit_with_page_password_passed_in_the_session_is_taken(page, version):
    restriction, client = restrict(page, PageViewRestriction.PASSWORD), Client()
    address = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    client.post(address, {"password": "open", "return_url": "/landing/"})
    assert live.post(client, version).status_code == 303


def test_submit_over_the_rate_limit_keeps_what_was_typed(client, version, site_settings):
    site_settings(RATE_LIMIT=1)
    live.post(client, version)
    response = live.post(client, version, {"name": "Kim", "mail": "kim@example.com"})
    assert response.status_code == 429
    assert "try again in a minute" in response.content.decode()
    assert 'value="Kim"' in response.content.decode()
    assert LeadSubmission.objects.count() == 1


def test_submit_with_filled_honeypot_is_kept_and_held(client, version):
    response = live.post(client, version, {**live.ANSWERS, "wsl-website": "http://spam"})
    assert response.status_code == 303
    submission = LeadSubmission.objects.get()
    assert submission.spam == LeadSubmission.Spam.SUSPECTED
    delivery = submission.deliveries.get()
    assert (delivery.state, delivery.cause) == (Delivery.State.HELD, Delivery.Hold.SPAM)


def test_submit_context_of_the_script_is_kept(client, version):
    said = {
        "page_url": "http://testserver/landing/?utm_source=mail",
        "referrer": "https://search.example/",
        "utm_source": "mail",
        "first_utm_source": "fair",
        "variant": "b",
        "unknown": "x",
    }
    live.post(client, version, {**live.ANSWERS, "wsl-context": json.dumps(said)})
    kept = LeadSubmission.objects.get().context
    del said["unknown"]
    assert kept == {**said, "page_title": "Landing", "language": "en"}


def test_submit_makes_few_queries(client, version, django_assert_max_num_queries):
    live.post(client, version)
    with django_assert_max_num_queries(12) as queries:
        live.post(client, version)
    assert not [query for query in queries.captured_queries if "definition" in query["sql"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wsl-version", "9" * 5000),
        ("wsl-version", "٣"),
        ("wsl-page", "9" * 5000),
        ("wsl-page", "1' OR 1"),
        ("wsl-from", "http://["),
        ("wsl-from", "/[//["),
        ("wsl-token", "x" * 5000),
        ("wsl-context", '{"page_url": "http://["}'),
        ("wsl-context", "[" * 50_000),
        ("wsl-context", '{"page_url": {"a": 1}, "variant": null}'),
    ],
)
def test_submit_with_hidden_inputs_of_a_stranger_is_kept_all_the_same(client, version, name, value):
    assert live.post(client, version, {**live.ANSWERS, name: value}).status_code == 303
    assert LeadSubmission.objects.get().answers == live.ANSWERS


def test_submit_from_an_address_with_very_many_parameters_is_kept(client, version):
    referrer = "http://testserver/landing/?" + "&".join(f"p{n}=1" for n in range(300))
    assert live.post(client, version, HTTP_REFERER=referrer).status_code == 303


def test_submit_too_fast_in_place_says_so_once(client, version, site_settings):
    site_settings(RATE_LIMIT=1)
    live.post(client, version)
    answer = live.post(client, version, **live.SCRIPT)
    assert answer.status_code == 429
    assert answer.json()["errors"] == {}
    assert "try again in a minute" in answer.json()["message"]


def test_submit_many_fields_and_large_texts(client, page):
    fields = [live.field(f"f{n}", "multi_line") for n in range(50)]
    answers = {f"f{n}": "あ" * 15_000 for n in range(50)}
    version = live.publish(page, fields=fields, mapping=[])
    assert live.post(client, version, answers).status_code == 303
    assert LeadSubmission.objects.get().answers == answers


def test_submit_more_than_the_server_reads_says_so(client, version, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = live.post(client, version, {**live.ANSWERS, "name": "x" * 2000})
    assert response.status_code == 413
    assert "too long" in response.content.decode()


def test_submit_invalid_answers_of_a_page_with_a_japanese_slug_shows_it_again(client, org):
    version = live.publish(live.make_page("日本"), org=org, sync=True)
    content = live.post(client, version, {"name": "Lee"}).content.decode()
    assert "<h1>日本</h1>" in content
    assert 'value="Lee"' in content


def test_submit_invalid_answers_under_a_script_name_shows_the_page_again(client, version):
    with override_script_prefix("/shop/"):
        response = live.post(client, version, {"name": "Lee"}, SCRIPT_NAME="/shop")
    content = response.content.decode()
    assert "<h1>Landing</h1>" in content
    assert f'action="/shop{live.action(version)}"' in content
    assert 'value="Lee"' in content


class Mails(AdminEmailHandler):
    """Keeps what Django would mail to ADMINS."""

    def __init__(self):
        super().__init__(include_html=True)
        self.sent = []

    def send_mail(self, subject, message, *args, html_message, **kwargs):
        self.sent += [message, html_message]


def test_submit_that_breaks_mails_no_answer_to_admins(client, version):
    mails, django_logger = Mails(), logging.getLogger("django")
    client.raise_request_exception = False
    LeadFormVersion.objects.update(mapping=[{}])
    django_logger.addHandler(mails)
    try:
        assert live.post(client, version).status_code == 500
    finally:
        django_logger.removeHandler(mails)
    for text in mails.sent:
        assert "KeyError" in text
        assert "ann@example.com" not in text
    assert len(mails.sent) == 2
