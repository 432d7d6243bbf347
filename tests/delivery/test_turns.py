"""Whose turn it is: the oldest first, no org behind another, and never into the reserve."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django_q.brokers import get_broker

from wagtail_salesforce_leads.delivery import claims, nudges
from wagtail_salesforce_leads.delivery.tasks import deliver, sweep
from wagtail_salesforce_leads.models import Delivery, OrgLane
from wagtail_salesforce_leads.models.leases import from_now
from wagtail_salesforce_leads.signals import lead_delivered, lead_failed

State = Delivery.State


def test_oldest_are_claimed_first(org, submit):
    newest, oldest, middle = (submit(org) for _number in range(3))
    for delivery, minutes in ((oldest, 30), (middle, 20), (newest, 10)):
        long_ago = F("created_at") - timedelta(minutes=minutes)
        Delivery.objects.filter(pk=delivery.pk).update(due_at=long_ago)
    claim = claims.claim_due(org, 2)
    assert claim.deliveries == [oldest, middle]


def test_hanging_org_with_two_workers_delays_another_by_nothing(
    salesforce, org, connect, submit, settings
):
    settings.WAGTAIL_SALESFORCE_LEADS |= {"CALL_DEADLINE": 8.0}
    other = connect(2)
    submit(org)
    salesforce.fault("hang_before", path="/composite$", times=1, seconds=20)
    hanging = threading.Thread(target=in_a_worker, args=[org.pk])
    hanging.start()
    while not Delivery.objects.exclude(sent_at=None).exists():
        time.sleep(0.05)
    delivery = submit(other)
    for _nudge in range(5):
        deliver(org.pk)
    deliver(other.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert hanging.is_alive()
    hanging.join()


def in_a_worker(org_pk: int) -> None:
    try:
        deliver(org_pk)
    finally:
        connection.close()


def test_backlog_stops_at_the_reserve(salesforce, org, submit, settings):
    """A batch is two calls: what is left of the day is known from the answer before."""
    settings.WAGTAIL_SALESFORCE_LEADS |= {"BATCH_SIZE": 20}
    campaign = salesforce.campaign("Spring fair 2027")
    for number in range(60):
        submit(org, campaign, "Registered", LastName=f"Visitor {number}")
    reserve = 115_000 // 10
    salesforce.control("POST", "orgs/1/use", {"calls": 115_000 - reserve - 4})
    deliver(org.pk)
    assert Delivery.objects.filter(state=State.DONE).count() == 40
    assert Delivery.objects.filter(state=State.HELD, cause="reserve").count() == 20
    lane = OrgLane.objects.get(org=org)
    assert lane.api_used <= lane.api_limit - reserve


@pytest.mark.skipif(nudges.queue_is_in_our_database(), reason="the queue is in our database")
def test_flushed_redis_loses_no_lead(salesforce, org, submit):
    submit(org)
    broker = get_broker()
    broker.delete_queue()
    nudges.nudge(org.pk)
    assert broker.queue_size() == 1
    broker.delete_queue()
    OrgLane.objects.update(nudged_at=from_now(-nudges.NUDGE_LIFE - 1))
    sweep()
    assert broker.queue_size() == 1
    broker.delete_queue()


def test_signals_tell_what_became_of_each_lead(salesforce, org, submit):
    heard = []

    def listen(signal, delivery, **kwargs) -> None:
        heard.append((signal, delivery.pk, delivery.state))

    def break_down(**kwargs) -> None:
        raise RuntimeError("a site's own code")

    good, bad = submit(org), submit(org, LastName="x" * 81)
    for signal in (lead_delivered, lead_failed):
        signal.connect(break_down)
        signal.connect(listen)
    try:
        deliver(org.pk)
    finally:
        for signal in (lead_delivered, lead_failed):
            signal.disconnect(break_down)
            signal.disconnect(listen)
    assert sorted(heard, key=lambda one: one[1]) == [
        (lead_delivered, good.pk, State.DONE),
        (lead_failed, bad.pk, State.FAILED),
    ]
