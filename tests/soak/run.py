"""One soak: a site, its clusters, its visitors, and what befalls them."""

from __future__ import annotations

import argparse
import random
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import setup_test_environment

from sandbox.salesforce.launch import Simulator
from tests.submitting import live
from wagtail_salesforce_leads.delivery.upkeep import heartbeats
from wagtail_salesforce_leads.models import Delivery, Heartbeat, OrgLane, SalesforceGrant
from wagtail_salesforce_leads.models.leases import from_now

from . import connecting
from .chaos import Chaos
from .cluster import Cluster
from .verdict import compare

State = Delivery.State
FORM = "application/x-www-form-urlencoded"
STATUS = "Registered"
ORGS = 2
#: Seconds between two looks at the clusters, and without a sweep after which one counts as hung.
TICK = 0.4
HUNG_AFTER = 90
#: Seconds between two acts of chaos. In a short soak much befalls the first minute and the rest is
#: delivered after it; in a long one there has to be time for work between two kills.
HECTIC, LASTING = 0.4, 2.5
LONG = 20_000
#: Seconds that the submissions are spread over at least, so that enough befalls a short soak.
LEAST = 60


class Run:
    def __init__(
        self,
        salesforce: Simulator,
        environment: dict[str, str],
        directory: Path,
        numbers: random.Random,
        options: argparse.Namespace,
    ) -> None:
        self.salesforce, self.options, self.random = salesforce, options, numbers
        count = options.clusters or (1 if connection.vendor == "sqlite" else 2)
        self.clusters = [
            Cluster(directory / f"cluster{number}.log", environment) for number in range(count)
        ]
        every = LASTING if options.submissions >= LONG else HECTIC
        self.chaos = Chaos(salesforce, self.clusters, numbers, every)
        self.submitted: list[str] = []
        self.reconnected = self.hung = 0
        self.peak = 0
        self.acted = time.monotonic()

    def go(self, started: float) -> int:
        setup_test_environment()
        call_command("migrate", verbosity=0, interactive=False)
        addresses = self._publish()
        for cluster in self.clusters:
            cluster.start()
        heartbeats.beat(heartbeats.SWEEP)
        try:
            self._submit(addresses)
            self.chaos.end()
            self._wait_for_the_rest()
        finally:
            for cluster in self.clusters:
                cluster.kill()
        return self._report(time.monotonic() - started)

    def _publish(self) -> list[tuple[str, dict[str, object]]]:
        """One form an org, with a campaign."""
        forms = []
        for number in range(1, ORGS + 1):
            org = connecting.connect(
                self.salesforce, number, with_field=not self.options.without_id
            )
            version = live.publish(
                live.make_page(f"form-{number}"),
                org=org,
                sync=True,
                mapping=[*live.MAPPING, live.row("Acme", "Company", source="constant")],
                campaign_id=self.salesforce.campaign("Spring fair 2027", number),
                member_status=STATUS,
            )
            forms.append((live.action(version), {"wsl-version": version.number}))
        return forms

    def _submit(self, forms) -> None:
        """Through the form's own address; only what was answered counts."""
        client, began = Client(), time.monotonic()
        for number in range(self.options.submissions):
            planned = began + LEAST * number / self.options.submissions
            time.sleep(max(planned - time.monotonic(), 0))
            address, hidden = self.random.choice(forms)
            mail = f"visitor{number}@example.jp"
            data = urlencode({**hidden, "name": f"山田 {number}", "mail": mail})
            with suppress(OperationalError):  # the visitor is told, and nothing is stored
                answer = client.post(address, data, content_type=FORM, **live.BROWSER)
                if answer.status_code == 303:
                    self.submitted.append(mail)
            self._tick(chaos=not self.options.calm)

    def _wait_for_the_rest(self) -> None:
        ends = time.monotonic() + self.options.patience
        while time.monotonic() < ends and self._moving():
            time.sleep(0.2)
            self._tick(chaos=False)

    def _moving(self) -> bool:
        """Whether anything will still go on by itself."""
        unsettled = Delivery.objects.unsettled()
        return unsettled.exclude(state=State.UNKNOWN, cause="no_proof").exists()

    def _tick(self, *, chaos: bool) -> None:
        if time.monotonic() - self.acted < TICK:
            return
        self.acted = time.monotonic()
        if chaos:
            self.chaos.act()
        for cluster in self.clusters:
            cluster.restart_if_ended()
            self.peak = max(self.peak, cluster.peak_memory())
        with suppress(OperationalError):  # on SQLite, where a writer was frozen
            self.reconnected += connecting.reconnect_dead(self.salesforce)
            self._shorten_pauses()
            self._restart_if_hung()

    def _shorten_pauses(self) -> None:
        """What waits minutes for Salesforce to recover waits a second here."""
        soon = from_now(1)
        SalesforceGrant.objects.filter(retry_at__gt=from_now(2)).update(retry_at=soon)
        OrgLane.objects.filter(paused_until__gt=from_now(2)).update(paused_until=soon)

    def _restart_if_hung(self) -> None:
        """django-q2 hangs when an idle worker dies holding its queue's lock."""
        if not self._is_hung():
            return
        self.hung += 1
        for cluster in self.clusters:
            cluster.kill()
            cluster.start()
        heartbeats.beat(heartbeats.SWEEP)

    def _is_hung(self) -> bool:
        last = Heartbeat.objects.filter(name=heartbeats.SWEEP)
        return last.exists() and not last.filter(beat_at__gt=from_now(-HUNG_AFTER)).exists()

    def _report(self, seconds: float) -> int:
        found = compare(self.salesforce, self.submitted, ORGS, STATUS)
        chaos = self.chaos
        print(  # noqa: T201
            f"seed={self.options.seed} submitted={found.submitted} seconds={seconds:.0f} "
            f"kills={chaos.kills} cluster_kills={chaos.cluster_kills} freezes={chaos.freezes} "
            f"token_kills={len(chaos.killed_token_calls)} reconnected={self.reconnected} "
            f"faults={chaos.faults} hung={self.hung} "
            f"peak_memory_mb={self.peak / 1024:.0f} database={connection.vendor}"
        )
        print(found)  # noqa: T201
        return 0 if found.holds else 1
