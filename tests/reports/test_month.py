"""The last thirty days above the report."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from tests.site.models import LandingPage
from wagtail_salesforce_leads.models import LeadForm, LeadSubmission
from wagtail_salesforce_leads.reports import month
from wagtail_salesforce_leads.reports.month import DAYS, last_days

from .test_views import text_of

pytestmark = pytest.mark.django_db

INDEX = reverse("wagtail_salesforce_leads_reports:index")


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def boss(django_user_model):
    return django_user_model.objects.create_superuser("boss", "b@example.com", "x")


def test_report_needs_no_cache(boss, submit, monkeypatch):
    """Sessions and the site's own pages may live without it."""
    submit()

    def down(*args, **kwargs):
        raise ConnectionError("redis")

    monkeypatch.setattr(month, "cache", SimpleNamespace(get=down, set=down))
    assert last_days(boss).submitted == "1"


def at(submission: LeadSubmission, moment: datetime) -> None:
    LeadSubmission.objects.filter(pk=submission.pk).update(submitted_at=moment)


def test_month_tells_what_was_submitted_and_what_is_in_salesforce(admin, submit):
    for state in ("done", "done", "failed", "due", None):
        submit(state)
    for state in ("done", "failed", None):
        at(submit(state), timezone.now() - timezone.timedelta(days=31))
    assert "30 days: 5 submitted, 2 in Salesforce" in text_of(admin.get(INDEX))


def test_month_of_a_lead_sent_again_counts_it_once(admin, submit):
    again = submit("done").deliveries.get()
    again.submission.deliveries.update(is_current=False, state="failed")
    again.pk, again.external_id, again.is_current = (
        None,
        "6f1e7d70-0000-4000-8000-000000000000",
        True,
    )
    again.lead_id = "00Q5g00000ZZZZZEA4"
    again.save(force_insert=True)
    assert "30 days: 1 submitted, 1 in Salesforce" in text_of(admin.get(INDEX))


def test_month_of_nothing_is_not_shown(admin):
    html = text_of(admin.get(INDEX))
    assert "30 days" not in html
    assert "wsl-bars" not in html


def test_month_shows_a_bar_for_each_day_hidden_from_readers(admin, submit):
    submit()
    html = text_of(admin.get(INDEX))
    assert html.count("wsl-bars__base") == DAYS
    assert '<svg class="wsl-bars" viewBox="0 0 238 20" aria-hidden="true"' in html


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Chicago", "UTC"])
def test_month_counts_by_the_days_of_the_clock_in_use(boss, submit, zone):
    clock = ZoneInfo(zone)
    today = datetime.now(clock).replace(hour=0, minute=0, second=0, microsecond=0)
    at(submit(), today)
    at(submit(), today - timezone.timedelta(microseconds=1))
    with timezone.override(clock):
        assert last_days(boss).submitted_by_day[-3:] == (0, 1, 1)


def test_month_with_a_day_of_twenty_five_hours_counts_it_as_one(boss, submit, monkeypatch):
    clock = ZoneInfo("America/Chicago")
    monkeypatch.setattr(timezone, "localdate", lambda: datetime(2026, 11, 2).date())
    first, last = (datetime(2026, 11, 1, hour, 30, tzinfo=clock) for hour in (0, 23))
    at(submit(), first)
    at(submit(), last)
    with timezone.override(clock):
        assert last_days(boss).submitted_by_day[-2:] == (2, 0)


def test_month_of_an_editor_is_that_of_their_pages(editor_of, submit, page, version):
    other = Page.get_first_root_node().add_child(instance=LandingPage(title="Other", slug="o"))
    theirs = LeadForm.objects.create(content_type=version.form.content_type, object_id=other.pk)
    unsynced = theirs.versions.create(number=1, digest="d", definition=version.definition)
    for state in ("done", "failed", None):
        submit(state)
        elsewhere = LeadSubmission.objects.filter(pk=submit(state).pk)
        elsewhere.update(source_id=str(other.pk), form=theirs, version=unsynced)
    assert "30 days: 3 submitted, 1 in Salesforce" in text_of(editor_of(page).get(INDEX))


def test_month_takes_as_many_queries_however_much_there_is(boss, submit):
    queries = []
    for _round in range(2):
        cache.clear()
        submit()
        with CaptureQueriesContext(connection) as captured:
            last_days(boss)
        queries.append(len(captured))
    assert queries == [4, 4]
