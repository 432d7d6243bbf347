from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from wagtail_salesforce_leads.delivery import outbox
from wagtail_salesforce_leads.delivery.reserve import leaves_enough
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.delivery.upkeep.sweeping import sweep
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import from_now

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
State = Delivery.State


@pytest.mark.parametrize(
    ("used", "minutes_ago", "percent", "lifted", "enough"),
    [
        (0, 1, None, False, True),
        (898, 1, None, False, True),
        (899, 1, None, False, False),
        (999, 1, 0, False, False),
        (998, 1, 0, False, True),
        (499, 1, 50, False, False),
        (999, 61, None, False, True),
        (999, 1, None, True, True),
        (None, 1, None, False, True),
    ],
)
def test_leaves_enough_counts_the_batch_about_to_go(used, minutes_ago, percent, lifted, enough):
    known = OrgLane(
        api_used=used,
        api_limit=1000,
        api_read_at=NOW - timedelta(minutes=minutes_ago),
        reserve_lifted_until=NOW + timedelta(minutes=1) if lifted else None,
    )
    assert leaves_enough(SalesforceOrg(api_reserve_percent=percent), known, NOW) is enough


def test_reserve_reached_holds_and_releases_when_calls_are_back(salesforce, org, submit):
    delivery = submit(org)
    OrgLane.objects.filter(org=org).update(
        api_used=99_999, api_limit=100_000, api_read_at=from_now(-60)
    )
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause, delivery.attempts) == (State.HELD, "reserve", 0)
    assert sweep() == []
    assert salesforce.calls(1) == []

    OrgLane.objects.filter(org=org).update(api_read_at=from_now(-1000))
    assert sweep() == [org.pk]
    deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert [call["path"].rsplit("/", 1)[1] for call in salesforce.calls(1)] == [
        "limits",
        "composite",
    ]


def test_send_anyway_goes_past_the_reserve(salesforce, org, submit):
    delivery = submit(org)
    OrgLane.objects.filter(org=org).update(
        api_used=99_999,
        api_limit=100_000,
        api_read_at=from_now(0),
        reserve_lifted_until=from_now(600),
    )
    outbox.hold_org(org, "reserve")
    deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
