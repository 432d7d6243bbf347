"""The public form in pages, snippets, previews, with a site's own fields and templates."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from django import forms
from django.db import OperationalError
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import PageViewRestriction

from tests.site.models import Notice
from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion, LeadSubmission
from wagtail_salesforce_leads.submitting import fields, rendering
from wagtail_salesforce_leads.submitting.values import FITS, fits

from . import live

pytestmark = pytest.mark.django_db


def html(client, path: str = "/landing/", **headers) -> str:
    response = client.get(path, **headers)
    assert response.status_code == 200
    return response.content.decode()


def preview(page) -> str:
    return page.make_preview_request().render().content.decode()


def test_page_holds_nothing_of_its_visitor_so_that_it_can_be_cached(client, version):
    response = client.get("/landing/")
    content = response.content.decode()
    assert "csrf" not in content
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert f'action="{live.action(version)}"' in content
    assert f'name="wsl-version" value="{version.number}"' in content


def test_numbers_in_the_form_have_no_separators(client, version, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    LeadFormVersion.objects.filter(pk=version.pk).update(number=1234)
    assert 'name="wsl-version" value="1234"' in html(client)


def test_page_shows_the_published_version_with_few_queries(
    client, version, django_assert_max_num_queries
):
    html(client)
    with django_assert_max_num_queries(6):
        assert "Send it" in html(client)


def test_page_with_two_forms_repeats_no_id(client):
    page = live.make_page(count=2)
    live.publish(page, 0), live.publish(page, 1)
    ids = re.findall(r' id="([^"]+)"', html(client))
    assert len(ids) > 6
    assert len(ids) == len(set(ids))


def test_message_shows_for_the_form_that_was_submitted_only(client):
    page = live.make_page(count=2)
    first, second = live.publish(page, 0), live.publish(page, 1)
    content = html(client, f"/landing/?lead-form={second.form.key}")
    assert live.action(first) in content
    assert live.action(second) not in content


@pytest.mark.parametrize("key", ["nonsense", "fe699d3c-4a6c-4aff-bb3a-f0239b4e591a"])
def test_page_address_with_another_key_changes_nothing(client, version, key):
    assert live.action(version) in html(client, f"/landing/?lead-form={key}")


def test_preview_shows_the_draft_without_an_address(page, version):
    content = preview(page)
    assert "action=" not in content
    assert "disabled" in content
    assert "form.js" not in content


def test_block_that_was_never_published_has_no_address(client):
    page = live.make_page()
    LeadForm.objects.all().delete()
    engine = engines["django"]
    template = engine.from_string("{% load wagtailcore_tags %}{% include_block block %}")
    page.body[0].value["form_key"] = ""
    assert "action=" not in template.render({"block": page.body[0]}, RequestFactory().get("/"))


def imported(page):
    """A data migration wrote its row: no form has a key, and no signal was sent."""
    form = {"fields": [], "title": "Imported"}
    body = json.dumps([{"type": "lead_form", "id": "b1", "value": form}])
    type(page).objects.filter(pk=page.pk).update(body=body)
    LeadForm.objects.all().delete()


@pytest.mark.parametrize("tag", ["{{ page.body }}", "{% include_block page.body %}"])
def test_imported_page_that_is_shown_without_its_context_can_be_sent(
    client, page, settings, tmp_path, tag
):
    imported(page)
    bare_template(settings, tmp_path, tag)
    content = html(client)
    form = LeadForm.objects.of_source(page).get()
    assert f'action="/salesforce/forms/{form.key}/"' in content
    assert f'name="wsl-page" value="{page.pk}"' in content


def bare_template(settings, tmp_path, tag: str) -> None:
    """The page's template hands no page on to the block's."""
    folder = tmp_path / "test_site"
    folder.mkdir()
    (folder / "landing_page.html").write_text("{% load wagtailcore_tags %}" + tag)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]


@pytest.fixture
def keyless(notice):
    """A data migration wrote its form, without a key."""
    Notice.objects.update(body=json.dumps([{"type": "lead_form", "value": {"fields": []}}]))
    LeadForm.objects.of_source(notice).delete()
    return notice


def test_imported_snippet_can_be_sent_from_the_first_view_on(client, keyless):
    for _ in range(2):
        content = html(client)
        assert f'action="/salesforce/forms/{LeadForm.objects.of_source(keyless).get().key}/"' in (
            content
        )


def test_page_is_shown_where_the_database_takes_no_form(client, keyless, monkeypatch, caplog):
    def locked(value, page) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(rendering, "form_for", locked)
    assert "disabled" in html(client)
    assert "could not be compiled: OperationalError" in caplog.text


def test_form_that_cannot_be_sent_is_told_to_the_developer_once(
    client, page, keyless, monkeypatch, caplog
):
    monkeypatch.setattr(rendering, "keyless_form", lambda value: None)
    for _ in range(2):
        assert "disabled" in html(client)
    told = [record.getMessage() for record in caplog.records if "cannot send" in record.message]
    assert len(told) == 1
    assert "Visitors of /landing/ meet" in told[0]
    assert "salesforce_compile_forms" in told[0]


def test_preview_tells_the_developer_nothing(page, caplog):
    preview(page)
    assert "cannot send" not in caplog.text


def test_labels_and_choices_are_escaped(client, page):
    evil = "<script>alert(1)</script>"
    choices = [{"value": evil, "label": evil}]
    live.publish(
        page,
        fields=[
            live.field("a", label=evil, help_text=evil, placeholder=evil, default=evil),
            live.field("b", "radio", label=evil, choices=choices),
            live.field("c", "dropdown", choices=choices),
        ],
        mapping=[],
    )
    content = html(client)
    assert evil not in content
    assert content.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 8


def test_fields_tell_the_browser_what_the_property_takes(client, page):
    limits = {"max_length": 80}
    live.publish(page, fields=[live.field("a", limits=limits, autocomplete="name")], mapping=[])
    content = html(client)
    assert 'maxlength="80"' in content
    assert 'autocomplete="name"' in content


def test_page_in_japanese_speaks_japanese_around_the_form(client, page, version):
    with translation.override("ja"):
        content = html(client, HTTP_ACCEPT_LANGUAGE="ja")
    assert "必須" in content


@pytest.fixture
def notice(page, org):
    """A snippet with a form, shown on the page."""
    block = {
        "type": "lead_form",
        "id": str(uuid.uuid4()),
        "value": {"form_key": str(uuid.uuid4())},
    }
    notice = Notice.objects.create(name="Notice", body=json.dumps([block]))
    page.notice = notice
    page.save()
    return notice


def test_form_of_a_snippet_is_submitted_from_the_page_it_stands_on(client, notice, org):
    version = live.publish(notice, org=org, sync=True)
    assert live.action(version) in html(client)
    response = live.post(client, version, HTTP_REFERER="http://testserver/landing/?a=b")
    assert response["Location"].startswith(f"/landing/?a=b&lead-form={version.form.key}#")
    submission = LeadSubmission.objects.get()
    assert submission.context["page_url"] == "http://testserver/landing/?a=b"
    assert submission.deliveries.get().state == "due"


def test_message_shows_where_the_template_hands_no_request_on(client, notice):
    version = live.publish(notice)
    content = html(client, f"/landing/?lead-form={version.form.key}")
    assert "Thank you so much." in content
    assert live.action(version) not in content


def test_preview_of_a_snippets_page_has_no_address_either(page, notice):
    live.publish(notice)
    assert "action=" not in preview(page)


def test_snippet_without_a_referrer_is_answered_on_the_page_its_form_names(client, page, notice):
    version = live.publish(notice)
    response = live.post(client, version, {**live.ANSWERS, "wsl-page": page.pk})
    assert response["Location"].startswith("/landing/?lead-form=")
    assert LeadSubmission.objects.get().page_title == "Landing"


@pytest.mark.parametrize("stated", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_snippet_never_sends_visitors_to_another_host(client, notice, stated):
    version = live.publish(notice)
    answers = {**live.ANSWERS, "wsl-from": stated}
    location = live.post(client, version, answers)["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_get_of_a_snippets_address_from_itself_does_not_go_round(client, notice):
    address = live.action(live.publish(notice))
    response = client.get(address, HTTP_REFERER=f"http://testserver{address}")
    assert response["Location"].startswith("/#lead-form-")


def test_snippet_on_a_private_page_asks_what_the_page_asks(client, page, notice):
    version = live.publish(notice)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    answers = {**live.ANSWERS, "wsl-page": page.pk}
    assert live.post(client, version, answers).status_code == 403


def test_wrong_answers_to_a_snippet_show_its_page_again(client, notice):
    version = live.publish(notice)
    response = live.post(
        client, version, {"name": "Lee"}, HTTP_REFERER="http://testserver/landing/"
    )
    content = response.content.decode()
    assert response.status_code == 422
    assert "<h1>Landing</h1>" in content
    assert 'value="Lee"' in content


def test_wrong_answers_without_a_referrer_show_the_form_alone(client, notice):
    response = live.post(client, live.publish(notice), {"name": "Lee"})
    content = response.content.decode()
    assert response.status_code == 422
    assert "<h1>Landing</h1>" not in content
    assert 'value="Lee"' in content


@pytest.fixture
def postcode():
    """The documented example of a site's own field type."""

    def factory(field):
        return forms.RegexField(r"\d{3}-?\d{4}", **fields.common(field))

    fields.register("postcode", factory, fits_like="phone")
    yield
    del fields.FACTORIES["postcode"], FITS["postcode"]


def test_sites_own_field_type_is_shown_checked_and_stored(client, page, postcode):
    version = live.publish(page, fields=[live.field("zip", "postcode")], mapping=[])
    assert "lead-form__field--postcode" in html(client)
    assert live.post(client, version, {"zip": "1"}).status_code == 422
    assert live.post(client, version, {"zip": "100-0001"}).status_code == 303
    assert LeadSubmission.objects.get().answers == {"zip": "100-0001"}
    assert fits("postcode", "phone")


def test_sites_own_template_replaces_that_of_a_field_type(client, page, settings, tmp_path):
    folder = tmp_path / "wagtail_salesforce_leads" / "fields"
    folder.mkdir(parents=True)
    (folder / "phone.html").write_text("<p class='ours'>{{ field }}</p>")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [str(tmp_path), *engine["DIRS"]]}]
    live.publish(page, fields=[live.field("a", "phone")], mapping=[])
    assert "<p class='ours'><input type=\"tel\"" in html(client)
