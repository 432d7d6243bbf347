"""Each refusal from the side of an honest visitor, and of a forger."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from wagtail.models import Site

from wagtail_salesforce_leads.submitting.origin import is_cross_site, is_same_origin, own_path

pytestmark = pytest.mark.django_db


def request(**headers):
    headers = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return RequestFactory().post("/", **{"HTTP_HOST": "www.example.jp", **headers})


HONEST = {
    "https, any browser of today": {"sec_fetch_site": "same-origin"},
    "from another subdomain": {"sec_fetch_site": "same-site"},
    "typed or bookmarked": {"sec_fetch_site": "none"},
    "plain http": {"origin": "http://www.example.jp"},
    "TLS ends at the proxy": {"origin": "https://www.example.jp"},
    "another port": {"origin": "http://www.example.jp:8000"},
    "no referrer policy": {"origin": "null"},
    "headers dropped by a proxy": {},
    "host rewritten by a proxy, old browser": {"host": "app:8000", "origin": "https://shop.jp"},
    "host rewritten by a proxy": {"host": "app:8000", "sec_fetch_site": "same-origin"},
    "a trusted origin": {"origin": "https://forms.example.com"},
}
FORGED = {
    "other site": {"sec_fetch_site": "cross-site", "origin": "https://evil.example"},
    "other site, says it is ours": {
        "sec_fetch_site": "cross-site",
        "origin": "https://www.example.jp",
    },
    "other site, old browser": {"origin": "https://evil.example"},
    "our name as its subdomain": {"origin": "https://www.example.jp.evil.example"},
    "nonsense": {"origin": "https://[evil"},
}


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://forms.example.com"]
    Site.objects.update(hostname="shop.jp")
    Site.clear_site_root_paths_cache()


@pytest.mark.parametrize("case", HONEST)
def test_honest_submission_is_not_cross_site(case):
    assert not is_cross_site(request(**HONEST[case]))


@pytest.mark.parametrize("case", FORGED)
def test_forged_submission_is_cross_site(case):
    assert is_cross_site(request(**FORGED[case]))


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "same-site", "origin": "http://www.example.jp"}, False),
        ({"origin": "https://www.example.jp"}, True),
        ({"referer": "https://www.example.jp/page/"}, True),
        ({"origin": "null"}, False),
        ({"origin": "https://forms.example.com"}, False),
        ({}, False),
    ],
)
def test_private_page_needs_evidence_of_the_same_origin(headers, same):
    assert is_same_origin(request(**headers)) is same


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://www.example.jp/a/?b=c#d", "/a/?b=c"),
        ("https://www.example.jp", "/"),
        ("https://www.example.jp//evil.example/", "/evil.example/"),
        ("https://www.example.jp/\\evil.example/", "/evil.example/"),
        ("https://evil.example/a/", ""),
        ("javascript:alert(1)", ""),
        ("//www.example.jp/a/", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_own_path_is_a_path_of_this_host_or_nothing(address, path):
    assert own_path(request(), address) == path
