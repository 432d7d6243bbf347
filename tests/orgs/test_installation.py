from __future__ import annotations

import pytest
from django.db import connection

from wagtail_salesforce_leads.orgs.installation import installation_id


@pytest.fixture
def unnamed(settings):
    settings.WAGTAIL_SALESFORCE_LEADS = {}


def test_installation_id_follows_the_setting_wherever_the_database_is(settings, monkeypatch):
    settings.WAGTAIL_SALESFORCE_LEADS = {"INSTALLATION": "production"}
    named = installation_id()
    monkeypatch.setitem(connection.settings_dict, "HOST", "moved.example")
    assert installation_id() == named
    settings.WAGTAIL_SALESFORCE_LEADS = {"INSTALLATION": "staging"}
    assert installation_id() != named


@pytest.mark.parametrize("key", ["HOST", "PORT", "NAME"])
def test_installation_id_without_the_setting_tells_databases_apart(unnamed, monkeypatch, key):
    before = installation_id()
    monkeypatch.setitem(connection.settings_dict, key, "elsewhere")
    assert installation_id() != before


def test_installation_id_fits_its_column_and_tells_nothing(unnamed):
    assert len(installation_id()) == 64
    assert str(connection.settings_dict["NAME"]) not in installation_id()
