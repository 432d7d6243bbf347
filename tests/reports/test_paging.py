from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wagtail_salesforce_leads.reports import views
from wagtail_salesforce_leads.reports.paging import BoundedPaginator
from wagtail_salesforce_leads.reports.views import LeadSubmissionsView

from .test_views import text_of

LISTING = reverse("wagtail_salesforce_leads_reports:index")


@pytest.fixture
def short_pages(monkeypatch):
    """As if ten thousand were three."""
    monkeypatch.setattr(BoundedPaginator, "most", 3)
    monkeypatch.setattr(LeadSubmissionsView, "paginate_by", 2)
    monkeypatch.setattr(views, "last_days", lambda user: None)


def test_list_that_fits_says_how_many_there_are(admin, submit, short_pages):
    for number in range(3):
        submit(last=f"Visitor {number}")
    shown = text_of(admin.get(LISTING))
    assert "3 lead submissions" in shown
    assert "Page 1 of 2" in shown


@pytest.mark.parametrize("query", ["", "q=Visitor", "result=done"])
def test_list_that_goes_on_says_so_and_shows_the_newest(admin, submit, short_pages, query):
    for number in range(5):
        submit(last=f"Visitor {number}")
    shown = text_of(admin.get(f"{LISTING}?{query}&p=99"))
    assert "More than 3: narrow them down by date to see the others" in shown
    assert "matches" not in shown
    assert "Page 2 of 2" in shown
    assert "Visitor 2" in shown
    assert "Visitor 1" not in shown


def test_list_never_counts_all_nor_skips_far(admin, submit, short_pages):
    for number in range(5):
        submit(last=f"Visitor {number}")
    with CaptureQueriesContext(connection) as captured:
        admin.get(f"{LISTING}?p=99")
    counts = [query["sql"] for query in captured if query["sql"].startswith("SELECT COUNT(*)")]
    assert counts
    assert all("LIMIT" in sql for sql in counts)
    assert any("LIMIT 4" in sql for sql in counts)
