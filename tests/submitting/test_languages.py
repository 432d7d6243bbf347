"""Visitors are spoken to in the language of the page they read, whatever their browser prefers."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from django import forms
from django.utils import translation
from wagtail.models import Locale, PageViewRestriction

from tests.site.models import Notice
from wagtail_salesforce_leads.models import LeadSubmission
from wagtail_salesforce_leads.submitting.languages import page_language

from . import live

pytestmark = pytest.mark.django_db

ENGLISH, JAPANESE = {"HTTP_ACCEPT_LANGUAGE": "en"}, {"HTTP_ACCEPT_LANGUAGE": "ja"}
REQUIRED = forms.Field.default_error_messages["required"]
LANGUAGE_IN_ADDRESSES = pytest.mark.urls("tests.publishing.i18n_urls")


@pytest.fixture
def in_several_languages(settings):
    settings.WAGTAIL_I18N_ENABLED = True
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES


@pytest.fixture
def japanese_page(in_several_languages):
    return live.make_page("haru", locale=Locale.objects.create(language_code="ja"))


@pytest.fixture
def japanese(japanese_page):
    return live.publish(japanese_page)


def shown(client, path: str, **headers) -> str:
    return client.get(path, **headers).content.decode()


def required() -> str:
    """In Django's words."""
    with translation.override("ja"):
        return str(REQUIRED)


def stated(content: str) -> str:
    return re.search(r'name="wsl-language" value="([^"]*)"', content)[1]


def test_form_speaks_its_pages_language(client, japanese):
    content = shown(client, "/haru/", **ENGLISH)
    assert "必須" in content
    assert "required)" not in content
    assert stated(content) == "ja"


def test_form_speaks_the_requests_language_where_pages_have_none(client, version):
    assert stated(shown(client, "/landing/", **JAPANESE)) == "ja"
    assert stated(shown(client, "/landing/", **ENGLISH)) == "en"


def test_wrong_answers_are_told_in_the_pages_language(client, japanese):
    answer = live.post(client, japanese, {"name": "山田"}, **live.SCRIPT)
    assert answer.json()["errors"] == {"mail": [required()]}
    content = live.post(client, japanese, {"name": "山田"}).content.decode()
    assert required() in content
    assert "<h1>Haru</h1>" in content


def test_form_on_an_english_page_answers_a_japanese_browser_in_english(client, page, version):
    content = shown(client, "/landing/", **ENGLISH)
    answers = {"name": "山田", "wsl-language": stated(content)}
    answer = live.post(client, version, answers, **{**live.SCRIPT, **JAPANESE})
    assert answer.json()["errors"] == {"mail": ["This field is required."]}


def test_form_of_a_snippet_speaks_the_language_of_the_page_it_stands_on(client, japanese_page):
    block = {"type": "lead_form", "id": "b", "value": {"form_key": str(uuid.uuid4())}}
    japanese_page.notice = Notice.objects.create(name="N", body=json.dumps([block]))
    japanese_page.save()
    version = live.publish(japanese_page.notice)
    assert live.action(version) in shown(client, "/haru/", **ENGLISH)
    for page in ({"wsl-language": "ja"}, {"wsl-page": japanese_page.pk}):
        answer = live.post(client, version, {"name": "Lee", **page}, **live.SCRIPT)
        assert answer.json()["errors"] == {"mail": [required()]}


def test_closed_form_says_so_in_the_language_it_was_read_in(client, japanese_page, japanese):
    japanese_page.unpublish()
    assert '<html lang="ja">' in live.post(client, japanese).content.decode()
    japanese_page.delete()
    response = live.post(client, japanese, {"wsl-language": "ja"})
    assert response.status_code == 410
    assert '<html lang="ja">' in response.content.decode()


def test_answers_too_long_and_private_page_say_so_in_the_pages_language(
    client, japanese_page, japanese, settings
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    too_long = live.post(client, japanese, {"name": "x" * 2000})
    PageViewRestriction.objects.create(page=japanese_page, restriction_type="login")
    private = live.post(client, japanese)
    assert (too_long.status_code, private.status_code) == (413, 403)
    for response in (too_long, private):
        assert '<html lang="ja">' in response.content.decode()


@LANGUAGE_IN_ADDRESSES
@pytest.mark.parametrize(
    "told", [{"wsl-language": "ja"}, {"HTTP_REFERER": "http://testserver/ja/landing/"}]
)
def test_visitor_stays_at_the_address_of_the_language_they_read(client, page, version, told):
    """One page at an address for each language, as wagtail-modeltranslation has it."""
    assert stated(shown(client, "/ja/landing/", **ENGLISH)) == "ja"
    headers = {name: value for name, value in told.items() if name.startswith("HTTP")}
    said = {name: value for name, value in told.items() if name not in headers}
    response = live.post(client, version, {**live.ANSWERS, **said}, **headers)
    assert response["Location"].startswith("/ja/landing/?lead-form=")
    content = live.post(client, version, {"name": "Lee", **said}, **headers).content.decode()
    assert required() in content
    assert stated(content) == "ja"


@LANGUAGE_IN_ADDRESSES
def test_wrong_answers_show_a_page_whose_address_is_of_another_language(client, japanese):
    """It stands in the English tree."""
    assert stated(shown(client, "/en/haru/")) == "ja"
    content = live.post(client, japanese, {"name": "Lee", "wsl-language": "ja"}).content.decode()
    assert "<h1>Haru</h1>" in content
    assert required() in content


@pytest.mark.parametrize("said", ["xx", "", "x" * 5000, "../ja"])
def test_language_that_the_site_does_not_speak_is_not_believed(client, japanese, said):
    live.post(client, japanese, {**live.ANSWERS, "wsl-language": said})
    assert LeadSubmission.objects.get().answers == live.ANSWERS
    answer = live.post(client, japanese, {"wsl-language": said}, **live.SCRIPT)
    assert answer.json()["errors"]["mail"] == [required()]


def test_page_language_is_the_variant_that_the_request_has(page, in_several_languages, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("en-gb", "British English")]
    for active, found in {"en-gb": "en-gb", "ja": "en", "en": "en"}.items():
        with translation.override(active):
            assert page_language(page) == found
    assert page_language(object()) == page_language(None) == ""
