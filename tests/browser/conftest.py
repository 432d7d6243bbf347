"""A real Chromium against the test site over real HTTP."""

from __future__ import annotations

import os
import shutil
from functools import partial

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, expect, sync_playwright
from wagtail.models import Locale, Page, Site

from tests.simulator.conftest import salesforce, salesforce_process  # noqa: F401

#: Room for a machine that does other things meanwhile.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

#: Playwright's event loop runs in the test's thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def launch():
    """Starts Chromium: ``launch()``, with more of what Playwright takes."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        yield partial(playwright.chromium.launch, executable_path=path, args=["--no-sandbox"])


@pytest.fixture(scope="session")
def chromium(launch):
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def profile(chromium, live_server):
    """One for all tests, which keeps Wagtail's many scripts; relative addresses are the site's."""
    context = chromium.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def tab(profile):
    """A tab of somebody who was never here."""
    tab = profile.new_page()
    yield tab
    if tab.url.startswith("http"):
        tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    profile.clear_cookies()
    for page in profile.pages:
        page.close()


@pytest.fixture
def plain_tab(chromium, live_server):
    """JavaScript is off."""
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def admin(tab, wagtail_site, live_server):
    """A tab in which an administrator is signed in."""
    sign_in(tab.context, live_server.url, User.objects.create_superuser("ada"))
    return tab


def sign_in(context: BrowserContext, url: str, user: User) -> None:
    """The session of ``user`` for a browser profile; the demo's test goes through the form."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


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
