from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from wagtail_salesforce_leads.chart import HEIGHT, Chart, last_midnights


def test_chart_shows_the_fewest_leads_and_the_most():
    bars = Chart((0, 1, 1000)).bars
    assert [bar.height for bar in bars] == [0, 1, HEIGHT]
    assert [bar.top for bar in bars] == [HEIGHT, HEIGHT - 1, 0]


def test_chart_of_no_leads_is_flat():
    assert {bar.height for bar in Chart((0,) * 7).bars} == {0}


def test_chart_is_as_wide_as_its_days():
    assert Chart((0,) * 7).width == 54


def test_last_midnights_are_those_of_the_clock_in_use(monkeypatch):
    """One of them is in summer time, which ended on 1 November."""
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 2))
    with timezone.override("America/Chicago"):
        days = last_midnights(2)
    assert days == [
        datetime(2026, 11, 1, 5, tzinfo=ZoneInfo("UTC")),
        datetime(2026, 11, 2, 6, tzinfo=ZoneInfo("UTC")),
    ]
