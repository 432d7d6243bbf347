from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils import timezone

from wagtail_salesforce_leads.models import LeadSubmission
from wagtail_salesforce_leads.submitting.limits import (
    is_over_ceiling,
    is_too_fast,
    visitor_address,
)

pytestmark = pytest.mark.django_db


def request(peer: str = "93.184.216.34", **headers):
    return RequestFactory().post("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("93.184.216.34", "", "93.184.216.34"),
        ("93.184.216.34", "198.51.100.1", "93.184.216.34"),
        ("10.0.0.2", "198.51.100.7, 198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "unknown", ""),
        ("", "", ""),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_visitor_address_is_never_the_proxys(peer, forwarded, address):
    assert visitor_address(request(peer, HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_visitor_address_of_the_sites_code_wins(site_settings):
    site_settings(CLIENT_ADDRESS="tests.submitting.site_code.address")
    assert visitor_address(request(HTTP_X_REAL_IP="198.51.100.1")) == "198.51.100.1"


def test_too_fast_counts_by_address_and_form(version, site_settings):
    site_settings(RATE_LIMIT=2)
    form = version.form
    assert [is_too_fast(request(), form) for _ in range(3)] == [False, False, True]
    assert not is_too_fast(request("198.51.100.1"), form)


def test_too_fast_with_a_broken_cache_turns_nobody_away(version, site_settings, settings):
    site_settings(RATE_LIMIT=1)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert not any(is_too_fast(request(), version.form) for _ in range(3))


def test_ceiling_counts_what_the_last_hour_brought(version, site_settings):
    site_settings(FORM_CEILING=2)
    for _ in range(2):
        LeadSubmission.objects.create(form=version.form, submitted_at=timezone.now())
    assert is_over_ceiling(version.form)


def test_ceiling_counts_on_between_two_looks_at_the_database(version, site_settings):
    site_settings(FORM_CEILING=2)
    assert [is_over_ceiling(version.form) for _ in range(3)] == [False, False, True]


def test_limits_of_nought_are_none(version, site_settings):
    site_settings(FORM_CEILING=0, RATE_LIMIT=0)
    assert not is_over_ceiling(version.form)
    assert not is_too_fast(request(), version.form)
