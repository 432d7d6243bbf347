from __future__ import annotations

import sys
import types

import pytest
from django.test.utils import override_script_prefix
from django.urls import clear_url_caches, include, path, re_path

from wagtail_salesforce_leads.submitting.checks import check_cache, check_hooks, check_urls

OURS = path("salesforce/", include("wagtail_salesforce_leads.urls"))
CATCH_ALL = re_path(r"^.*$", lambda request: None)


@pytest.fixture
def urls(settings, monkeypatch):
    """Makes these the project's patterns."""

    def use(*patterns):
        module = types.ModuleType("urls_of_a_site")
        module.urlpatterns = list(patterns)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.ROOT_URLCONF = module.__name__
        clear_url_caches()

    yield use
    clear_url_caches()


def ids(messages) -> list[str]:
    return [message.id.rpartition(".")[2] for message in messages]


def test_urls_before_wagtails_are_right(urls):
    urls(OURS, CATCH_ALL)
    assert ids(check_urls(None)) == []


def test_urls_under_a_script_name_are_right(urls):
    """FORCE_SCRIPT_NAME, or a server that mounts the project under a path."""
    urls(OURS, CATCH_ALL)
    with override_script_prefix("/shop/"):
        assert ids(check_urls(None)) == []


def test_urls_that_are_missing_are_an_error(urls):
    urls(CATCH_ALL)
    assert ids(check_urls(None)) == ["E040"]


def test_urls_after_a_catch_all_are_an_error(urls):
    urls(CATCH_ALL, OURS)
    assert ids(check_urls(None)) == ["E041"]


@pytest.mark.parametrize("code", ["gone.module.f", "tests.submitting.site_code.gone", "word"])
def test_hook_that_cannot_be_called_is_an_error(site_settings, code):
    site_settings(SPAM_CHECK=code, VARIANT="tests.submitting.site_code.variant")
    (message,) = check_hooks(None)
    assert message.id.endswith("E042")
    assert "SPAM_CHECK" in message.msg


def test_cache_of_one_process_is_a_warning_in_production(settings, site_settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert ids(check_cache(None)) == ["W043"]
    site_settings(RATE_LIMIT=0, FORM_CEILING=0)
    assert ids(check_cache(None)) == []


def test_shared_cache_is_right(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}
    assert ids(check_cache(None)) == []
