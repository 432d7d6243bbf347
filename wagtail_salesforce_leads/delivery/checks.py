"""System checks of what delivery needs from a site's settings, each with its one-line fix."""

from __future__ import annotations

import re

from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections, router

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import Delivery, Heartbeat, SalesforceOrg

from .upkeep import heartbeats

#: What the sandbox runs with; the checks compare a site's own with it.
RECOMMENDED = {
    "workers": 2,
    "queue_limit": 2,
    "bulk": 1,
    "timeout": 120,
    "retry": 600,
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 250,
}
#: Seconds; django-q2's own default.
DEFAULT_RETRY = 60
#: Seconds a call may run at Salesforce (App Limits Cheatsheet v67).
LONGEST_CALL = 600
WAL = re.compile(r"journal_mode\s*=\s*wal", re.IGNORECASE)


@register(Tags.compatibility)
def check_django_q(app_configs, **kwargs):
    if not apps.is_installed("django_q"):
        return [
            Error(
                "django-q2 is not installed as an app, so nothing is sent in the background.",
                hint='Add "django_q" to INSTALLED_APPS and run migrate.',
                id="wagtail_salesforce_leads.E050",
            )
        ]
    if not getattr(django_settings, "Q_CLUSTER", None):
        return [
            Warning(
                "Q_CLUSTER is not set, so no cluster can send leads.",
                hint=f'Set Q_CLUSTER = {{**{RECOMMENDED!r}, "orm": "default"}}, or run '
                "manage.py salesforce_deliver by cron.",
                id="wagtail_salesforce_leads.W051",
            )
        ]
    return list(_of_cluster(django_settings.Q_CLUSTER))


def _of_cluster(cluster):
    yield from _timeout(cluster.get("timeout"))
    if cluster.get("retry", DEFAULT_RETRY) <= settings.LEASE:
        yield _warning(
            "W054",
            "Q_CLUSTER's retry is not longer than a lease, so a task may run twice at once.",
            'Set "retry": 600.',
        )
    if not cluster.get("ack_failures"):
        yield _warning(
            "W055",
            "Q_CLUSTER does not acknowledge failures, so a failed task is tried for ever.",
            'Set "ack_failures": True and "max_attempts": 3.',
        )
    if cluster.get("catch_up", True):
        yield _warning(
            "W056",
            "Q_CLUSTER catches up: after a stop every missed sweep runs at once.",
            'Set "catch_up": False.',
        )
    if "socket_timeout" not in (cluster.get("redis") or "socket_timeout"):
        yield _warning(
            "W057",
            "A Redis that hangs would hold up visitors: its sockets have no timeout.",
            'Give Q_CLUSTER["redis"] a socket_timeout and a socket_connect_timeout of 2 seconds.',
        )


def _timeout(seconds):
    if not seconds or not settings.CALL_DEADLINE_MAX < seconds < settings.LEASE:
        yield _warning(
            "W052",
            f"Q_CLUSTER's timeout is {seconds}. It has to lie between the longest call "
            f"({settings.CALL_DEADLINE_MAX:g} s) and the lease ({settings.LEASE:g} s).",
            'Set "timeout": 120.',
        )
    elif seconds < settings.TASK_TIMEOUT:
        yield _warning(
            "W053",
            f"Q_CLUSTER's timeout is {seconds}, but tasks plan with {settings.TASK_TIMEOUT:g} s.",
            f'Set the setting TASK_TIMEOUT to {seconds}, or "timeout": 120.',
        )


@register(Tags.database)
def check_sqlite(app_configs, databases=None, **kwargs):
    alias = router.db_for_write(Delivery)
    if alias not in (databases or ()) or connections[alias].vendor != "sqlite":
        return []
    options = connections[alias].settings_dict.get("OPTIONS", {})
    return list(_of_sqlite(options))


def _of_sqlite(options):
    if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
        yield _warning(
            "W060",
            "SQLite locks late, so writers fail with “database is locked”.",
            'Add "transaction_mode": "IMMEDIATE" to the OPTIONS of the database.',
        )
    if not WAL.search(options.get("init_command") or ""):
        yield _warning(
            "W061",
            "SQLite's readers and writers block each other.",
            'Add "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" to the '
            "OPTIONS of the database.",
        )


@register(Tags.database)
def check_cluster_runs(app_configs, databases=None, **kwargs):
    """By our own heartbeat: django-q2's statistics need a cache that all processes share."""
    alias = router.db_for_write(Heartbeat)
    if alias not in (databases or ()) or not _stands_still(alias):
        return []
    return [
        _warning(
            "W058",
            "Orgs are connected, but nothing has looked for leads to send in the last minutes.",
            "Run manage.py qcluster under a supervisor, or manage.py salesforce_deliver by cron.",
        )
    ]


def _stands_still(alias: str) -> bool:
    if Heartbeat._meta.db_table not in connections[alias].introspection.table_names():
        return False
    return heartbeats.is_silent() and SalesforceOrg.objects.connected().exists()


@register(Tags.compatibility)
def check_times(app_configs, **kwargs):
    if settings.LOOK_UP_AFTER >= LONGEST_CALL:
        return []
    return [
        _warning(
            "W062",
            f"LOOK_UP_AFTER is {settings.LOOK_UP_AFTER:g} s, but a call may run for 10 minutes at "
            "Salesforce: without a submission id field a lead could be made twice.",
            "Leave LOOK_UP_AFTER at 600 or more.",
        )
    ]


def _warning(number: str, text: str, hint: str) -> Warning:
    return Warning(text, hint=hint, id=f"wagtail_salesforce_leads.{number}")
