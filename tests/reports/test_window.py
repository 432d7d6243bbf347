"""What no index tells is looked for among the newest, which the screen says and lifts."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Page

from tests.site.models import LandingPage
from wagtail_salesforce_leads.models import LeadSubmission
from wagtail_salesforce_leads.reports import window

from .test_bulk_actions import bulk
from .test_views import text_of

INDEX = reverse("wagtail_salesforce_leads_reports:index")
SAID = "Only the newest 3 submissions were searched"


@pytest.fixture
def days(submit, monkeypatch):
    """Five submissions, one a day, of which three are looked through: Day 0 is today's."""
    monkeypatch.setattr(window, "SIZE", 3)
    made = [submit(last=f"Day {day}") for day in range(5)]
    for day, submission in enumerate(made):
        LeadSubmission.objects.filter(pk=submission.pk).update(
            submitted_at=timezone.now() - timedelta(days=day)
        )
    return made


def shown(html: str) -> list[int]:
    return [day for day in range(5) if f"Day {day} v" in html]


@pytest.mark.parametrize(
    "query", ["q=Day", "page=Spring", "q=Day&result=done", "q=Day&campaign=fair"]
)
def test_search_takes_the_newest_and_says_so(admin, days, query):
    html = text_of(admin.get(f"{INDEX}?{query}"))
    assert shown(html) == [0, 1, 2]
    assert SAID in html


def test_search_that_finds_nothing_says_where_it_looked(admin, days):
    html = text_of(admin.get(f"{INDEX}?q=Day+4"))
    assert "No submission matches." in html
    assert SAID in html


def test_search_of_all_is_one_click_away(admin, days):
    query = "q=Day+4&page=Spring"
    html = text_of(admin.get(f"{INDEX}?{query}&p=2"))
    assert f'href="{INDEX}?q=Day+4&amp;page=Spring&amp;all=1"' in html
    html = text_of(admin.get(f"{INDEX}?{query}&all=1"))
    assert shown(html) == [4]
    assert "Only the newest" not in html


def test_search_before_a_date_begins_there(admin, days):
    before = timezone.localdate() - timedelta(days=2)
    html = text_of(admin.get(f"{INDEX}?q=Day&submitted_at_to={before}"))
    assert shown(html) == [2, 3, 4]
    assert "Only the newest" not in html


def test_search_in_a_form_counts_its_own_only(admin, days, version):
    LeadSubmission.objects.exclude(pk__in=[days[1].pk, days[4].pk]).update(form=None)
    html = text_of(admin.get(f"{INDEX}?q=Day&form={version.form.pk}"))
    assert shown(html) == [1, 4]
    assert "Only the newest" not in html


def test_search_of_an_editor_counts_their_pages_only(editor_of, page, days):
    other = Page.get_first_root_node().add_child(instance=LandingPage(title="Other", slug="o"))
    LeadSubmission.objects.filter(pk__in=[one.pk for one in days[:3]]).update(source_id=other.pk)
    html = text_of(editor_of(page).get(f"{INDEX}?q=Day"))
    assert shown(html) == [3, 4]
    assert "Only the newest" not in html


@pytest.mark.parametrize("query", ["", "result=done", "campaign=fair", "result=none"])
def test_list_that_indexes_tell_leaves_nothing_out(admin, days, unsynced, query):
    if query == "result=none":
        LeadSubmission.objects.update(version=unsynced)
    html = text_of(admin.get(f"{INDEX}?{query}"))
    assert shown(html) == [0, 1, 2, 3, 4]
    assert "Only the newest" not in html


def test_search_where_all_fit_says_nothing(admin, days, monkeypatch):
    monkeypatch.setattr(window, "SIZE", 5)
    html = text_of(admin.get(f"{INDEX}?q=Day"))
    assert shown(html) == [0, 1, 2, 3, 4]
    assert "Only the newest" not in html


@pytest.mark.parametrize(("query", "found"), [("q=Day", 3), ("q=Day&all=1", 5), ("", 5)])
def test_exports_hold_what_the_screen_shows(admin, days, query, found):
    assert len(shown(text_of(admin.get(f"{INDEX}?{query}&export=csv")))) == found
    xlsx = b"".join(admin.get(f"{INDEX}?{query}&export=xlsx").streaming_content)
    assert load_workbook(BytesIO(xlsx)).active.max_row == found + 1


@pytest.mark.parametrize(("query", "left"), [("q=Day", 2), ("q=Day&all=1", 0), ("", 0)])
def test_bulk_action_on_all_takes_what_the_screen_shows(admin, days, query, left):
    assert bulk(admin, "delete", f"{query}&id=all").status_code == 302
    assert LeadSubmission.objects.count() == left
