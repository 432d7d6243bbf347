from __future__ import annotations

import hashlib
import sys
import threading
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.signals import got_request_exception
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.views.debug import ExceptionReporter

from tests.orgs.journey import CALLBACK, come_back, query_of, set_out
from tests.orgs.salesforce_side import ACME, LOGIN, UAT
from tests.orgs.screens import browser_of
from wagtail_salesforce_leads.models import (
    PendingConnection,
    SalesforceOrg,
)
from wagtail_salesforce_leads.orgs.tokens import decrypt

pytestmark = pytest.mark.django_db(transaction=True)


def test_set_out_sends_to_salesforce_with_pkce_and_a_login_prompt(browser, site):
    response = browser.post(
        reverse("wagtail_salesforce_leads_orgs:connect", args=[site.pk]), {"login": LOGIN}
    )

    asked = query_of(response)
    assert response.url.startswith(f"{LOGIN}/services/oauth2/authorize?")
    assert asked["redirect_uri"] == f"http://testserver{CALLBACK}"
    assert asked["scope"] == "api refresh_token id"
    assert asked["prompt"] == "login"
    assert asked["code_challenge_method"] == "S256"


def test_set_out_keeps_the_callback_from_the_settings_whatever_the_host_header(
    browser, site, settings
):
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "REDIRECT_URI": "https://cms.example/admin/salesforce/callback/",
    }
    url = reverse("wagtail_salesforce_leads_orgs:connect", args=[site.pk])

    asked = query_of(browser.post(url, {"login": LOGIN}, headers={"host": "evil.example"}))

    assert asked["redirect_uri"] == "https://cms.example/admin/salesforce/callback/"


def test_set_out_stores_no_readable_state_verifier_or_secret(browser, site):
    asked = set_out(browser, site, consumer_key="own-key", consumer_secret="own-secret")

    row = PendingConnection.objects.values().get()
    stored = " ".join(str(value) for value in row.values())
    assert asked["state"] not in stored
    assert "own-secret" not in stored
    challenge = urlsafe_b64encode(hashlib.sha256(decrypt(row["verifier"]).encode()).digest())
    assert challenge.decode().rstrip("=") == asked["code_challenge"]


def test_set_out_to_a_login_address_that_is_not_salesforces_goes_nowhere(browser, acme):
    SalesforceOrg.objects.update(login_origin="https://login.salesforce.com.evil.example")

    response = browser.post(reverse("wagtail_salesforce_leads_orgs:reconnect", args=[acme.pk]))

    assert response.url.startswith("/admin/salesforce/connect/")
    assert not PendingConnection.objects.exists()


def test_crash_while_setting_out_reports_no_secret(browser, site, monkeypatch):
    reports = []

    def crash(*args, **kwargs):
        raise RuntimeError("no such luck")

    def report(sender, request, **kwargs):
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    monkeypatch.setattr("wagtail_salesforce_leads.salesforce.oauth.authorization_url", crash)
    browser.raise_request_exception = False
    got_request_exception.connect(report)
    url = reverse("wagtail_salesforce_leads_orgs:connect", args=[site.pk])
    form = {"login": LOGIN, "consumer_key": "own-key", "consumer_secret": "planted-secret"}

    response = browser.post(url, form)

    got_request_exception.disconnect(report)
    assert response.status_code == 500
    assert "no such luck" in reports[0]
    assert "planted-secret" not in reports[0]


def test_two_tabs_add_two_orgs_and_both_are_served(browser, site, side):
    first, second = set_out(browser, site), set_out(browser, site)
    side.grants(UAT)
    come_back(browser, second)
    side.grants(ACME)
    come_back(browser, first)

    assert SalesforceOrg.objects.count() == 2


def test_come_back_twice_is_refused_and_the_code_not_used_again(browser, site, side):
    side.grants(ACME)
    asked = set_out(browser, site)
    come_back(browser, asked)

    shown = come_back(browser, asked)

    assert "was used already" in shown
    assert len(side.asked("/services/oauth2/token")) == 1


def test_come_back_twice_at_once_uses_the_code_once(browser, site, side):
    side.grants(ACME)
    asked = set_out(browser, site)
    start = threading.Barrier(2)

    def reply() -> str:
        again = Client()
        again.cookies = browser.cookies
        start.wait(5)
        try:
            return come_back(again, asked)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        shown = [future.result(30) for future in [threads.submit(reply) for _ in range(2)]]

    assert len(side.asked("/services/oauth2/token")) == 1
    assert sum("was used already" in text for text in shown) == 1


def test_come_back_in_another_browser_is_refused_and_left_to_the_first(browser, site, side):
    side.grants(ACME)
    asked = set_out(browser, site)

    shown = come_back(browser_of("ada"), asked)

    assert "started in another browser" in shown
    come_back(browser, asked)
    assert SalesforceOrg.objects.count() == 1


def test_come_back_without_the_cookie_signs_in_and_is_told_to_start_again(browser, site, side):
    """As with SameSite=Strict, or a session that ended at Salesforce's login."""
    asked = set_out(browser, site)
    lost = Client()
    reply = {"state": asked["state"], "code": "the-code"}

    response = lost.get(CALLBACK, reply)

    assert response.url.startswith("/admin/login/?next=/admin/salesforce/callback/")
    lost.force_login(User.objects.get(username="ada"))
    assert "started in another browser, or you have signed out since" in come_back(lost, asked)
    assert side.asked("/services/oauth2/token") == []


def test_come_back_with_somebody_elses_reply_is_refused(browser, site, side):
    side.grants(ACME)
    asked = set_out(browser, site)

    shown = come_back(browser_of("mallory"), asked)

    assert "started by another person" in shown
    assert not SalesforceOrg.objects.exists()


def test_come_back_late_is_refused(browser, site, side):
    asked = set_out(browser, site)
    PendingConnection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    shown = come_back(browser, asked)

    assert "took longer than ten minutes" in shown
    assert side.asked("/services/oauth2/token") == []


def test_come_back_without_the_permission_any_more_is_refused(site, side):
    user = User.objects.create_user("eve", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=["access_admin", "connect_salesforceorg", "change_salesforcesettings"]
        )
    )
    eve = browser_of("eve")
    asked = set_out(eve, site)
    user.user_permissions.remove(Permission.objects.get(codename="connect_salesforceorg"))

    shown = come_back(eve, asked)

    assert "You may no longer connect Salesforce accounts for this site." in shown
    assert side.asked("/services/oauth2/token") == []
    assert not SalesforceOrg.objects.exists()
