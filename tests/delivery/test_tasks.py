from __future__ import annotations

import datetime

import pytest
from django.db import connection, transaction
from django_q.models import OrmQ, Schedule

from wagtail_salesforce_leads.delivery import claims, nudges, outbox, tasks
from wagtail_salesforce_leads.delivery.upkeep import heartbeats, schedules, sweeping
from wagtail_salesforce_leads.models import Delivery, Heartbeat, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import from_now

State = Delivery.State
on_orm_broker = pytest.mark.skipif(
    not nudges.queue_is_in_our_database(), reason="the queue is in Redis"
)


@on_orm_broker
def test_nudges_coalesce_until_a_worker_has_come(org):
    for _time in range(5):
        nudges.nudge(org.pk)
    assert OrmQ.objects.count() == 1
    nudges.taken(org.pk)
    nudges.nudge(org.pk)
    assert OrmQ.objects.count() == 2


@on_orm_broker
def test_nudge_is_a_row_of_the_callers_transaction(org):
    with transaction.atomic():
        nudges.nudge(org.pk)
        transaction.set_rollback(True)
    assert OrmQ.objects.count() == 0
    nudges.nudge(org.pk)
    assert OrmQ.objects.count() == 1


@on_orm_broker
def test_task_arguments_are_integers_only(org):
    nudges.nudge(org.pk)
    (queued,) = OrmQ.objects.all()
    assert queued.args() == (org.pk,)
    assert queued.kwargs() == {}


def test_lost_nudge_is_found_by_the_sweep(salesforce, org, submit):
    delivery = submit(org)
    OrgLane.objects.update(nudged_at=from_now(-61))
    assert sweeping.sweep() == [org.pk]
    tasks.deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    assert sweeping.sweep() == []


def test_sweep_opens_a_lane_for_an_org_that_has_none(org, submit):
    submit(org)
    OrgLane.objects.all().delete()
    assert sweeping.sweep() == [org.pk]


def test_sweep_gives_leads_of_a_removed_org_to_a_person(org, submit, told):
    delivery = submit(org)
    SalesforceOrg.objects.all().delete()
    sweeping.sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.FAILED, "org_gone")
    assert delivery.org_name == "Acme 1"
    sweeping.sweep()
    assert told == [(delivery.pk, "org_gone")]


def test_task_never_raises(org, submit, monkeypatch):
    submit(org)
    monkeypatch.setattr(tasks.rota, "take_turns", lambda **kwargs: 1 / 0)
    assert tasks.deliver(org.pk) is None


def test_task_does_nothing_inside_a_transaction(salesforce, org, submit):
    delivery = submit(org)
    with transaction.atomic():
        tasks.deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DUE
    assert salesforce.calls(1) == []


def test_sweep_leaves_a_sign_of_life(org):
    assert heartbeats.is_silent()
    tasks.sweep()
    assert not heartbeats.is_silent()
    Heartbeat.objects.update(beat_at=from_now(-600))
    assert heartbeats.is_silent()


def test_schedules_are_made_once_and_left_as_a_site_changes_them(transactional_db):
    schedules.ensure(using="default")
    assert Schedule.objects.filter(func__startswith=schedules.TASKS).count() == len(schedules.JOBS)
    sweep = Schedule.objects.get(func=schedules.TASKS + "sweep")
    assert (sweep.schedule_type, sweep.minutes, sweep.repeats) == (Schedule.MINUTES, 1, -1)
    Schedule.objects.filter(pk=sweep.pk).update(minutes=5)
    schedules.ensure(using="default")
    sweep.refresh_from_db()
    assert sweep.minutes == 5


def test_every_job_is_a_task():
    assert all(callable(getattr(tasks, job.task)) for job in schedules.JOBS)


def test_claim_takes_few_queries_for_many(org, submit, django_assert_max_num_queries):
    for number in range(50):
        submit(org, LastName=f"Visitor {number}")
    with django_assert_max_num_queries(8):
        assert len(claims.claim_due(org, 200).deliveries) == 50


def test_lead_of_another_sites_org_is_held_at_claim(salesforce, org, submit):
    delivery = submit(org)
    SalesforceOrg.objects.update(site=None)
    tasks.deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == (State.HELD, outbox.ORG_OF_ANOTHER_SITE)
    assert salesforce.leads(1) == []


@pytest.mark.parametrize("minutes", [-10, 10])
def test_host_clock_ten_minutes_off_delays_nothing(salesforce, org, submit, time_machine, minutes):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's clock is the host's")
    time_machine.move_to(datetime.datetime.now() + datetime.timedelta(minutes=minutes))
    delivery = submit(org)
    tasks.deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE


def test_session_of_another_time_zone_delays_nothing(salesforce, org, submit):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no time zones")
    name = (
        "SET time_zone = '+09:00'" if connection.vendor == "mysql" else "SET TIME ZONE 'Asia/Tokyo'"
    )
    with connection.cursor() as cursor:
        cursor.execute(name)
    delivery = submit(org)
    tasks.deliver(org.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.DONE
    connection.close()
