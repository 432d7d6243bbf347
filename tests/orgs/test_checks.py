from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.db import connection

from wagtail_salesforce_leads.orgs import checks

LONG = "k" * 32
SETTINGS_APP = "wagtail.contrib.settings"


@pytest.fixture
def ids(settings):
    """Runs the checks of a deployment with these settings; which of ours complain."""
    settings.WAGTAILADMIN_BASE_URL = "https://site.example"

    def run(deploy: bool = True, **names) -> set[str]:
        sound = {"ENCRYPTION_KEYS": [LONG], "INSTALLATION": "production"}
        settings.WAGTAIL_SALESFORCE_LEADS = {**sound, **names}
        found = {check.id for check in run_checks(include_deployment_checks=deploy)}
        ours = {check for check in found if check.startswith("wagtail_salesforce_leads.")}
        return {check[-4:] for check in ours if check[-3:] < "020"}

    return run


def test_checks_of_a_sound_deployment_say_nothing(ids):
    assert ids() == set()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"NO_SUCH_NAME": 1}, "W001"),
        ({"ENCRYPTION_KEYS": []}, "W002"),
        ({"ENCRYPTION_KEYS": ["short"]}, "W003"),
        ({"ENCRYPTION_KEYS": LONG}, "E004"),
        ({"EXTRA_HOSTS": "http://127.0.0.1:8900"}, "E004"),
        ({"SCOPES": "api"}, "E004"),
        ({"DIGEST_RECIPIENTS": "crm@example.com"}, "E004"),
        ({"EXTRA_HOSTS": ["http://127.0.0.1:8900"]}, "W005"),
        ({"REDIRECT_URI": "http://site.example/callback/"}, "W007"),
        ({"LOGIN_URL": "https://login.salesforce.com.example"}, "E008"),
        ({"CLIENT_ID": "key"}, "E009"),
        ({"INSTALLATION": ""}, "W011"),
        ({"PROXY": "https://proxy.example"}, "E012"),
        ({"PROXY": "http://proxy.example:8080", "PROXY_PASSWORD": "secret"}, "E012"),
        ({"PROXY": "http://user:password@proxy.example:8080"}, "E012"),
    ],
)
def test_checks_name_the_setting_that_is_wrong(ids, names, expected):
    assert expected in ids(**names)


def test_checks_name_the_settings_app_that_is_missing(monkeypatch):
    assert checks.check_settings_app(None) == []
    monkeypatch.setattr(checks.apps, "is_installed", lambda name: name != SETTINGS_APP)
    assert [found.id[-4:] for found in checks.check_settings_app(None)] == ["E013"]


def test_checks_without_an_address_say_that_no_org_can_be_connected(ids, settings):
    del settings.WAGTAILADMIN_BASE_URL
    assert ids() == {"W006"}


def test_checks_on_a_developers_machine_leave_http_and_extra_hosts_alone(ids, settings):
    settings.DEBUG = True
    settings.WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
    assert ids(deploy=False, EXTRA_HOSTS=["http://127.0.0.1:8900"], ENCRYPTION_KEYS=[]) == set()


def test_checks_without_time_zones_say_that_leases_need_them(ids, settings):
    settings.USE_TZ = False
    assert ids() == {"E010"}


def test_checks_with_a_named_database_host_can_tell_a_copy(ids, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "db.internal.example")
    assert ids(INSTALLATION="") == set()


@pytest.mark.parametrize(
    "address", ["http://proxy:3128", "http://10.0.0.1:80/", "http://user@proxy.example:8080"]
)
def test_checks_take_the_address_of_a_proxy(ids, address):
    assert ids(PROXY=address) == set()
