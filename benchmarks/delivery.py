"""Leads per second, calls per lead and latency, with a real cluster against the simulator.

    python -m benchmarks.delivery KIND LATENCY_MS PER_RECORD_MS COUNT

KIND is ``plain`` (the hook one writes without this package), ``ours`` (a backlog) or ``latency``
(one at a time, the queue idle). Prints one JSON object. On SQLite and its ORM broker, the default.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.salesforce.launch import Simulator
from tests.soak.cluster import Cluster

CAMPAIGN = "Spring fair 2027"
STATUS = "Registered"
#: Seconds after which a benchmark that makes no progress is given up.
PATIENCE = 3600
#: Seconds that the wall clock, which the rows' times are of, may be set by meanwhile.
MOST_DRIFT = 0.1
#: Exit status: measure again.
CLOCK_WAS_SET = 75
#: Clock ticks a second, of /proc/PID/stat.
TICKS = os.sysconf("SC_CLK_TCK")
DATABASE = "bench.sqlite3"


def migrate(database: Path) -> None:
    """Migrated once for all benchmarks of a run, and copied; BENCH_TEMPLATE says where it is."""
    from django.core.management import call_command

    if template := os.environ.get("BENCH_TEMPLATE"):
        shutil.copy(template, database)
    else:
        call_command("migrate", verbosity=0, interactive=False)


class Bench:
    """A simulator, a database and a cluster of one worker."""

    def __init__(self, salesforce: Simulator, directory: Path, workers: int = 1) -> None:
        self.salesforce = salesforce
        token = salesforce.grant()
        keys = {
            "CLIENT_ID": salesforce.client_id,
            "CLIENT_SECRET": salesforce.client_secret,
            "EXTRA_HOSTS": [salesforce.instance_url(1)],
        }
        os.environ.update(
            DJANGO_SETTINGS_MODULE="benchmarks.settings",
            BENCH_SQLITE=str(directory / DATABASE),
            BENCH_SALESFORCE=json.dumps(keys),
            BENCH_WORKERS=str(workers),
            BENCH_TOKEN=token["access_token"],
            BENCH_INSTANCE=token["instance_url"],
            BENCH_CAMPAIGN=salesforce.campaign(CAMPAIGN),
        )
        import django

        django.setup()
        migrate(directory / DATABASE)
        self.cluster = Cluster(directory / "cluster.log", dict(os.environ))

    def run(self, is_done: Callable[[], bool]) -> None:
        began, ends = time.time() - time.monotonic(), time.monotonic() + PATIENCE
        while not is_done():
            if time.monotonic() > ends:
                raise SystemExit("The benchmark makes no progress.")
            time.sleep(0.1)
        if abs(time.time() - time.monotonic() - began) > MOST_DRIFT:
            sys.exit(CLOCK_WAS_SET)

    def cpu(self) -> float:
        """Seconds of processor time of all the cluster's processes."""
        total = 0
        for pid in self.cluster.workers():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS


def plain(bench: Bench, count: int) -> dict[str, float]:
    """Leads a second at a steady rate: from the first call to the last."""
    from django.db.models import Max, Min
    from django_q.models import Task
    from django_q.tasks import async_task

    for number in range(count):
        async_task("benchmarks.plain_hook.send_lead", number)
    bench.cluster.start()
    bench.run(lambda: Task.objects.count() == count)
    ended = Task.objects.aggregate(first=Min("stopped"), last=Max("stopped"))
    # The first one's start is not recorded, so it only starts the clock.
    return _rate(bench, count, (ended["last"] - ended["first"]).total_seconds(), timed=count - 1)


def ours(bench: Bench, count: int) -> dict[str, float]:
    from django.db.models import Max, Min

    from wagtail_salesforce_leads.delivery.nudges import nudge
    from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt

    version = _version(bench)
    _backlog(version, count)
    nudge(version.org_id)
    bench.cluster.start()
    left = Delivery.objects.exclude(state=Delivery.State.DONE)
    bench.run(lambda: not left.exists())
    first = DeliveryAttempt.objects.aggregate(sent=Min("sent_at"))["sent"]
    last = Delivery.objects.aggregate(settled=Max("settled_at"))["settled"]
    return {
        **_rate(bench, count, (last - first).total_seconds(), timed=count),
        "cpu_s_per_1000": round(bench.cpu() / count * 1000, 2),
        "peak_memory_mb": round(bench.cluster.peak_memory() / 1024),
    }


def latency(bench: Bench, count: int) -> dict[str, float]:
    """Seconds from a visitor's submit until its Lead is in Salesforce and written down."""
    from wagtail_salesforce_leads.models import Delivery
    from wagtail_salesforce_leads.submitting.store import store

    version = _version(bench)
    bench.cluster.start()
    numbers = random.Random(1)
    for number in range(-2, count):
        submission = store(version, {"name": f"Visitor {number}", "mail": f"v{number}@a.jp"}, {})
        found = Delivery.objects.filter(submission=submission, state=Delivery.State.DONE)
        bench.run(found.exists)
        time.sleep(numbers.uniform(0.3, 1.0))
    times = sorted(
        (one.settled_at - one.created_at).total_seconds()
        for one in Delivery.objects.order_by("pk")[2:]
    )
    return {"p50_s": round(times[count // 2], 2), "p95_s": round(times[int(count * 0.95)], 2)}


def _rate(bench: Bench, count: int, seconds: float, *, timed: int) -> dict[str, float]:
    """``timed``: how many of the leads fell into these seconds."""
    calls = bench.salesforce.calls(1)[-1]["number"]
    return {
        "count": count,
        "seconds": round(seconds, 3),
        "leads_per_s": round(timed / seconds, 2),
        "calls": calls,
        "calls_per_lead": round(calls / count, 4),
    }


def _version(bench: Bench):
    from tests.soak import connecting
    from tests.submitting import live

    org = connecting.connect(bench.salesforce, 1, with_field=True)
    return live.publish(
        live.make_page(),
        org=org,
        sync=True,
        mapping=[*live.MAPPING, live.row("Acme KK", "Company", source="constant")],
        campaign_id=os.environ["BENCH_CAMPAIGN"],
        campaign_name=CAMPAIGN,
        member_status=STATUS,
    )


def _backlog(version, count: int) -> None:
    """As an outage leaves it behind."""
    from django.utils import timezone

    from wagtail_salesforce_leads.models import Delivery, LeadSubmission

    now, org = timezone.now(), version.org
    submissions = LeadSubmission.objects.bulk_create(
        LeadSubmission(
            form=version.form, version=version, site=org.site, submitted_at=now, form_title="x"
        )
        for _number in range(count)
    )
    Delivery.objects.bulk_create(
        Delivery(
            submission=submission,
            version=version,
            org=org,
            org_name=org.name,
            salesforce_org_id=org.org_id,
            lead={
                "LastName": f"Visitor {number}",
                "FirstName": "Hanako",
                "Company": "Acme KK",
                "Email": f"visitor{number}@example.jp",
                "Description": "Please send me the catalogue. " * 5,
            },
            campaign_id=version.campaign_id,
            campaign_name=version.campaign_name,
            member_status=STATUS,
            created_at=now,
            due_at=now,
        )
        for number, submission in enumerate(submissions)
    )


KINDS = {"plain": plain, "ours": ours, "latency": latency}


def main() -> None:
    kind, latency_ms, per_record_ms, count = sys.argv[1], *map(int, sys.argv[2:5])
    # So that an end from outside takes the cluster with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    speed = {"latency_ms": latency_ms, "per_record_ms": per_record_ms}
    with tempfile.TemporaryDirectory() as directory, Simulator(**speed) as salesforce:
        bench = Bench(salesforce, Path(directory), workers=2 if kind == "latency" else 1)
        try:
            print(json.dumps(KINDS[kind](bench, count)))
        finally:
            bench.cluster.kill()


if __name__ == "__main__":
    main()
