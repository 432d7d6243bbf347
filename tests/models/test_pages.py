"""Which model is the base of a site's pages."""

from __future__ import annotations

import pytest
from wagtail.models import Page, Site

from tests.site.models import LandingPage
from wagtail_salesforce_leads.models.pages import is_page, page_model


def test_base_page_is_wagtails_unless_the_site_names_another(settings):
    assert page_model() is Page
    settings.WAGTAIL_PAGE_MODEL = "test_site.LandingPage"
    assert page_model() is LandingPage


@pytest.mark.parametrize(
    ("source", "expected"), [(LandingPage, True), (Site(), False), (None, False)]
)
def test_page_is_known_by_its_place_in_the_tree(source, expected):
    assert is_page(source) is expected
