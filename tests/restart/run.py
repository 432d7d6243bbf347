"""The backlog, its cluster, and what befalls their database."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import Error, connection

from sandbox.salesforce.launch import Simulator
from tests.soak import connecting
from tests.soak.cluster import Cluster
from tests.soak.verdict import compare
from tests.submitting import live
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.submitting.store import store

from .servers import Server

STATUS = "Registered"
#: Seconds that the server is away, and for all to arrive after the last crash.
AWAY = 4
PATIENCE = 240


def go(server: Server, salesforce: Simulator, directory: Path, count: int, crashes: int) -> int:
    submitted = backlog(salesforce, count)
    cluster = Cluster(directory / "cluster.log", dict(os.environ))
    cluster.start()
    try:
        for crash in range(crashes):
            wanted = (crash + 1) * count // (crashes + 2)
            until(cluster, lambda wanted=wanted: len(salesforce.leads(1)) > wanted)
            server.crash()
            time.sleep(AWAY)
            server.start()
        until(cluster, all_settled)
    finally:
        cluster.kill()
    found = compare(salesforce, submitted, 1, STATUS)
    if not found.holds:
        print(cluster.log.read_text()[-6000:], file=sys.stderr)  # noqa: T201
    print(found)  # noqa: T201
    return 0 if found.holds else 1


def backlog(salesforce: Simulator, count: int) -> list[str]:
    """Submissions as visitors leave them. Returns their e-mail addresses."""
    call_command("migrate", verbosity=0, interactive=False)
    version = live.publish(
        live.make_page(),
        org=connecting.connect(salesforce, 1, with_field=True),
        sync=True,
        mapping=[*live.MAPPING, live.row("Acme", "Company", source="constant")],
        campaign_id=salesforce.campaign("Spring fair 2027"),
        member_status=STATUS,
    )
    mails = [f"visitor{number}@example.jp" for number in range(count)]
    for mail in mails:
        store(version, {"name": "山田", "mail": mail}, {})
    return mails


def until(cluster: Cluster, is_so: Callable[[], bool]) -> None:
    """With a supervisor: django-q2 may end with its database."""
    ends = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < ends:
        cluster.restart_if_ended()
        time.sleep(0.2)


def all_settled() -> bool:
    try:
        return not Delivery.objects.unsettled().exists()
    except Error:
        connection.close()
        return False
