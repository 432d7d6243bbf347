from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from wagtail_salesforce_leads.submitting.spam import is_suspected

SITE_CODE = "tests.submitting.site_code"
BROWSER = {"HTTP_ACCEPT_LANGUAGE": "ja", "HTTP_ORIGIN": "null"}


def suspected(post: str = "", **headers) -> bool:
    request = RequestFactory().post("/", **headers)
    return is_suspected(request, QueryDict(post), None, {})


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ACCEPT_LANGUAGE": "ja"},
        {"HTTP_REFERER": "http://testserver/"},
        {"HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_ORIGIN": "http://testserver"},
    ],
)
def test_one_sign_of_a_browser_is_enough(headers):
    assert not suspected(**headers)


def test_no_sign_of_a_browser_is_suspected():
    assert suspected()


def test_filled_honeypot_is_suspected():
    assert suspected("wsl-website=x", **BROWSER)
    assert not suspected("wsl-website=", **BROWSER)


def test_sites_own_check_is_asked(site_settings):
    site_settings(SPAM_CHECK=f"{SITE_CODE}.yes")
    assert suspected(**BROWSER)


def test_sites_own_check_that_fails_suspects_nobody_and_logs_no_answer(site_settings, caplog):
    site_settings(SPAM_CHECK=f"{SITE_CODE}.raise_with_answer")
    assert not suspected(**BROWSER)
    assert "SPAM_CHECK raised RuntimeError" in caplog.text
    assert "example.com" not in caplog.text
