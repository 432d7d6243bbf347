from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

import pytest
from django.db import connection

from wagtail_salesforce_leads.models import OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import DatabaseNow, LeasedQuerySet, from_now

SESSION_ZONES = {
    "postgresql": "SET TIME ZONE '{0}'",
    "mysql": "SET time_zone = '{0}'",
}


@pytest.fixture(params=["+00:00", "+09:00", "-03:30"])
def session_zone(request, transactional_db):
    """A session in another time zone than Django set it to, as an init_command leaves it."""
    statement = SESSION_ZONES.get(connection.vendor)
    if statement:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(statement.format(request.param))
    yield request.param
    connection.close()


@pytest.fixture
def lanes(session_zone):
    org = SalesforceOrg.objects.create(org_id="00D000000000001EAA", name="Lease test")
    OrgLane.objects.create(org=org)
    return LeasedQuerySet(OrgLane).filter(org=org)


def test_database_now_in_any_session_zone_is_the_clock(lanes):
    lanes.update(lease_until=DatabaseNow())
    written = lanes.get().lease_until
    assert abs(written - datetime.now(timezone.utc)) < timedelta(seconds=5)
    assert lanes.filter(lease_until__lte=DatabaseNow()).exists()


def test_claim_in_any_session_zone_lasts_as_long_as_asked(lanes):
    before = datetime.now(timezone.utc)
    assert lanes.claim(uuid.uuid4(), 90) == 1
    until = lanes.get().lease_until
    assert timedelta(seconds=85) < until - before < timedelta(seconds=95)


def test_claim_while_another_holds_it_takes_nothing(lanes):
    first, second = uuid.uuid4(), uuid.uuid4()
    assert lanes.claim(first, 60) == 1
    assert lanes.claim(second, 60) == 0
    assert lanes.held_by(first).exists()
    assert not lanes.held_by(second).exists()


def test_claim_after_the_lease_ran_out_takes_it(lanes):
    first, second = uuid.uuid4(), uuid.uuid4()
    lanes.claim(first, 60)
    lanes.update(lease_until=from_now(-0.01))
    assert not lanes.held_by(first).exists()
    assert lanes.lapsed().exists()
    assert lanes.claim(second, 60, pause_code="taken over") == 1
    assert lanes.get().pause_code == "taken over"


def test_give_back_by_the_holder_frees_it_and_by_others_does_nothing(lanes):
    holder = uuid.uuid4()
    lanes.claim(holder, 60)
    assert lanes.give_back(uuid.uuid4()) == 0
    assert lanes.give_back(holder) == 1
    assert lanes.get().claim_token is None
    assert not lanes.lapsed().exists()
