from __future__ import annotations

import json

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from wagtail_salesforce_leads.submitting.context import FIRST_UTM, UTM, context_of
from wagtail_salesforce_leads.submitting.sources import source_of
from wagtail_salesforce_leads.submitting.visits import Visit

from . import live

pytestmark = pytest.mark.django_db

SITE_CODE = "tests.submitting.site_code"


@pytest.fixture
def context(version):
    """The context of a post with these things said by the script, and these headers."""

    def of(said=None, **headers):
        headers = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        post = QueryDict(mutable=True)
        if said is not None:
            post["wsl-context"] = said if isinstance(said, str) else json.dumps(said)
        request = RequestFactory().post(live.action(version), **headers)
        return context_of(Visit(request, version.form, source_of(version.form), post))

    return of


def test_context_without_script_comes_from_the_referrer(context):
    found = context(referer="http://testserver/landing/?utm_source=mail&utm_term=a%00b&x=1")
    assert found == {
        "page_url": "http://testserver/landing/?utm_source=mail&utm_term=a%00b&x=1",
        "page_title": "Landing",
        "language": "en",
        "utm_source": "mail",
        "utm_term": "ab",
    }


def test_context_without_anything_is_the_pages_own(context):
    assert context() == {
        "page_url": "http://testserver/landing/",
        "page_title": "Landing",
        "language": "en",
    }


@pytest.mark.parametrize("foreign", ["https://evil.example/a/", "javascript:alert(1)", "x"])
def test_context_address_of_another_host_is_not_believed(context, foreign):
    found = context({"page_url": foreign}, referer=foreign)
    assert found["page_url"] == "http://testserver/landing/"


@pytest.mark.parametrize("said", ["not json", "[1]", '"text"', "{" * 2000, '{"utm_source": 1}'])
def test_context_nonsense_counts_as_nothing(context, said):
    assert "utm_source" not in context(said)


def test_context_texts_are_cleaned_and_cut(context):
    found = context({"utm_source": " a\x00\nb" + "x" * 500, "referrer": "y" * 3000})
    assert found["utm_source"].startswith("a bx")
    assert (len(found["utm_source"]), len(found["referrer"])) == (255, 2000)


def test_context_variant_of_the_sites_code_wins(context, site_settings):
    assert context({"variant": "a"})["variant"] == "a"
    site_settings(VARIANT=f"{SITE_CODE}.variant")
    assert context({"variant": "a"})["variant"] == "b"


def test_context_language_is_the_pages_where_pages_have_one(context, settings):
    assert context({"language": "ja"})["language"] == "ja"
    settings.WAGTAIL_I18N_ENABLED = True
    assert context({"language": "ja"})["language"] == "en"


@pytest.mark.parametrize("hook", ["no", "raise_with_answer"])
def test_context_without_consent_has_no_attribution(context, site_settings, hook):
    site_settings(ATTRIBUTION_CONSENT=f"{SITE_CODE}.{hook}")
    said = dict.fromkeys((*UTM, *FIRST_UTM, "referrer"), "x")
    assert set(context(said)) == {"page_url", "page_title", "language"}
