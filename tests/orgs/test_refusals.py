from __future__ import annotations

import pytest

from tests.orgs.journey import come_back, set_out
from tests.orgs.salesforce_side import ACME, LOGIN
from wagtail_salesforce_leads.models import (
    SalesforceOrg,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "Connect again and choose Allow"),
        ("OAUTH_APPROVAL_ERROR_GENERIC", "an API-only or integration user cannot"),
        ("OAUTH_EC_APP_NOT_FOUND", "The app is not installed in this Salesforce org."),
        ("redirect_uri_mismatch", "Copy the callback URL from the set-up guide"),
        ("invalid_scope", "Select the scopes api, refresh_token and id"),
        ("Something_New", "ended the sign-in with the error Something_New."),
        ("<script>alert(1)</script>", "ended the sign-in with the error ?."),
    ],
)
def test_come_back_with_an_error_says_it_in_words_with_the_repair(
    browser, site, side, error, words
):
    shown = come_back(browser, set_out(browser, site), error=error, error_description="evil")

    assert words in shown
    assert "evil" not in shown
    assert not SalesforceOrg.objects.exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("invalid_client", "Salesforce does not know the consumer key"),
        ("redirect_uri_mismatch", "The callback address is not the one registered"),
        ("invalid_grant", "did not accept its own authorisation code"),
        ("invalid_app_access", "This user is not approved for the app."),
    ],
)
def test_code_refused_says_it_in_words(browser, site, side, error, words):
    side.refuses_code(error)

    assert words in come_back(browser, set_out(browser, site))


def test_login_down_says_try_again(browser, site, side):
    side.fails("POST", f"{LOGIN}/services/oauth2/token")

    assert "Try again in a few minutes" in come_back(browser, set_out(browser, site))


def test_answer_signed_with_another_secret_is_not_believed(browser, site, side):
    side.grants(ACME, secret="somebody else's")

    shown = come_back(browser, set_out(browser, site))

    assert "not signed with this app&#x27;s secret" in shown
    assert not SalesforceOrg.objects.exists()


@pytest.mark.parametrize(
    "instance_url",
    ["https://acme.my.salesforce.com.evil.example", "http://acme.my.salesforce.com", "https://x@y"],
)
def test_instance_url_that_is_not_salesforces_is_refused(browser, site, side, instance_url):
    side.grants(ACME, instance_url=instance_url)

    shown = come_back(browser, set_out(browser, site))

    assert "address is not one of Salesforce&#x27;s" in shown
    assert not SalesforceOrg.objects.exists()


def test_answer_without_a_refresh_token_is_refused_and_revoked(browser, site, side):
    side.grants(ACME, refresh_token=None, scope="api id")

    shown = come_back(browser, set_out(browser, site))

    assert "Select the scope refresh_token" in shown
    assert not SalesforceOrg.objects.exists()
    assert side.revoked == [f"access-of-{ACME.org_id}"]
