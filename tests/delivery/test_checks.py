from __future__ import annotations

import pytest

from wagtail_salesforce_leads.delivery import checks
from wagtail_salesforce_leads.delivery.upkeep import heartbeats


def ids(found) -> list[str]:
    return [one.id.rsplit(".", 1)[1] for one in found]


def cluster(**changes) -> dict:
    return {**checks.RECOMMENDED, "orm": "default", **changes}


def test_recommended_cluster_is_quiet(settings):
    settings.Q_CLUSTER = cluster()
    assert checks.check_django_q(None) == []


def test_cluster_of_the_tests_is_quiet():
    assert ids(checks.check_django_q(None)) in ([], ["W057"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"timeout": None}, ["W052"]),
        ({"timeout": 30}, ["W052"]),
        ({"timeout": 300}, ["W052"]),
        ({"timeout": 100}, ["W053"]),
        ({"retry": 120}, ["W054"]),
        ({"ack_failures": False}, ["W055"]),
        ({"catch_up": True}, ["W056"]),
        ({"redis": "redis://127.0.0.1/1"}, ["W057"]),
        ({"redis": "redis://127.0.0.1/1?socket_timeout=2"}, []),
        ({"redis": {"host": "127.0.0.1"}}, ["W057"]),
        ({"redis": {"host": "127.0.0.1", "socket_timeout": 2}}, []),
    ],
)
def test_cluster_with_a_trap_is_named(settings, changes, expected):
    settings.Q_CLUSTER = cluster(**changes)
    assert ids(checks.check_django_q(None)) == expected


def test_no_cluster_is_named(settings):
    settings.Q_CLUSTER = {}
    assert ids(checks.check_django_q(None)) == ["W051"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["W060", "W061"]),
        ({"transaction_mode": "IMMEDIATE"}, ["W061"]),
        (
            {"transaction_mode": "immediate", "init_command": "PRAGMA journal_mode = WAL;"},
            [],
        ),
    ],
)
def test_sqlite_needs_early_locks_and_wal(options, expected):
    assert ids(checks._of_sqlite(options)) == expected


def test_short_look_up_is_named(settings):
    assert checks.check_times(None) == []
    settings.WAGTAIL_SALESFORCE_LEADS = {"LOOK_UP_AFTER": 60.0}
    assert ids(checks.check_times(None)) == ["W062"]


def test_connected_org_without_a_sweep_is_named(org):
    assert ids(checks.check_cluster_runs(None, databases=["default"])) == ["W058"]
    heartbeats.beat(heartbeats.SWEEP)
    assert checks.check_cluster_runs(None, databases=["default"]) == []


def test_site_without_orgs_needs_no_cluster(db):
    assert checks.check_cluster_runs(None, databases=["default"]) == []
