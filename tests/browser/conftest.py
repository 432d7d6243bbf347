"""A real Chromium against the test site over real HTTP."""

from __future__ import annotations

import os
import shutil

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from playwright.sync_api import sync_playwright
from wagtail.models import Locale, Page, Site

#: Playwright's event loop runs in the test's thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium, live_server):
    """A page of a fresh browser profile; its relative addresses are the test site's."""
    context = chromium.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def wagtail_site(live_server):
    """The root page and site of Wagtail's migrations, which tests with a live server flush."""
    cache.clear()
    ContentType.objects.clear_cache()
    Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    home = root.get_children().first() or root.add_child(title="Home", slug="home")
    site, _ = Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
    )
    return site
