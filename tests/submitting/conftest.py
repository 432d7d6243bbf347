from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from wagtail_salesforce_leads.conf import SETTING

from . import live


@pytest.fixture(autouse=True)
def _fresh_cache():
    """Counts of the rate limit live there."""
    cache.clear()


@pytest.fixture
def client():
    """One that would be refused without ``csrf_exempt``."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def site_settings(settings):
    """Sets one of the package's settings: ``site_settings(RATE_LIMIT=1)``."""

    def change(**values):
        setattr(settings, SETTING, {**getattr(settings, SETTING), **values})

    return change


@pytest.fixture
def page(db):
    return live.make_page()


@pytest.fixture
def org(db):
    return live.make_org()


@pytest.fixture
def version(page, org):
    """A live form with Lead sync on."""
    return live.publish(page, org=org, sync=True)
