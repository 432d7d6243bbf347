"""Everything the performance page claims, measured in one run, side by side.

    python -m benchmarks [--quick]

Writes ``benchmarks/results.json`` and, unless it was a quick round, the table in
``docs/explanation/performance.md``.
BENCH_POSTGRES names a PostgreSQL database for the visitor's POST, beside SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .delivery import CLOCK_WAS_SET
from .report import write

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
#: Milliseconds a call, and a record in it.
LATENCIES = ((0, 0), (150, 2), (150, 10))
#: Of one measurement, while somebody sets the clock.
TRIES = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="smaller rounds, under 3 minutes")
    quick = parser.parse_args().quick
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as directory:
        os.environ["BENCH_TEMPLATE"] = template(Path(directory))
        results = {"machine": machine(), "quick": quick, **visitors(quick), **deliveries(quick)}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    if not quick:
        write(results)
    say(json.dumps(results, indent=2))
    return 0


def template(directory: Path) -> str:
    """A migrated database, for all to begin with."""
    database = directory / "template.sqlite3"
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "BENCH_SQLITE": str(database)}
    command = [sys.executable, "-m", "django", "migrate", "--no-input", "-v0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=True)
    return str(database)


def visitors(quick: bool) -> dict[str, Any]:
    say("A visitor's POST against wagtail.contrib.forms …")
    found = run("benchmarks.visitor_post", 40 if quick else 400)
    if url := os.environ.get("BENCH_POSTGRES"):
        on_postgres = run("benchmarks.visitor_post", 40 if quick else 400, DATABASE_URL=url)
        found |= {f"{name}_postgresql": value for name, value in on_postgres.items()}
    return found


def deliveries(quick: bool) -> dict[str, Any]:
    plain_count, backlog = (20, 1000) if quick else (300, 10_000)
    latencies = LATENCIES[1:] if quick else LATENCIES
    results: dict[str, Any] = {}
    for latency_ms, per_record_ms in latencies:
        say(f"Leads at {latency_ms} ms a call and {per_record_ms} ms a record …")
        name = f"{per_record_ms}ms" if latency_ms else "0ms"
        plain = run("benchmarks.delivery", "plain", latency_ms, per_record_ms, plain_count)
        if not quick or not results:
            single = run("benchmarks.delivery", "ours", latency_ms, per_record_ms, 1)
            results["api_calls_per_lead_single"] = single["calls_per_lead"]
            results[f"single_seconds_{name}"] = single["seconds"]
        if not quick:
            hundred = run("benchmarks.delivery", "ours", latency_ms, per_record_ms, 100)
            results[f"hundred_leads_per_s_{name}"] = hundred["leads_per_s"]
        ours = run("benchmarks.delivery", "ours", latency_ms, per_record_ms, backlog)
        nominal = ours["calls"] * latency_ms / 1000 + 2 * backlog * per_record_ms / 1000
        results |= {
            f"plain_leads_per_s_{name}": plain["leads_per_s"],
            f"backlog_leads_per_s_{name}": ours["leads_per_s"],
            f"salesforce_share_{name}": round(nominal / ours["seconds"], 3),
            f"speedup_{name}": round(ours["leads_per_s"] / plain["leads_per_s"], 1),
            "backlog_count": backlog,
            "plain_count": plain_count,
            "api_calls_per_lead_plain": plain["calls_per_lead"],
            "api_calls_per_lead_backlog": ours["calls_per_lead"],
            "cpu_s_per_1000": ours["cpu_s_per_1000"],
            "worker_peak_memory_mb": ours["peak_memory_mb"],
        }
    say("Submit to lead, the queue idle, 300 ms a call …")
    idle = run("benchmarks.delivery", "latency", 300, 0, 12 if quick else 60)
    return {
        **results,
        "submit_to_lead_p50_s": idle["p50_s"],
        "submit_to_lead_p95_s": idle["p95_s"],
    }


def run(module: str, *arguments: object, **environment: str) -> dict[str, Any]:
    """A process of its own each, so that none warms another one's caches."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    environment = {**os.environ, **environment}
    for _try in range(TRIES):
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode != CLOCK_WAS_SET:
            break
        say("The machine's clock was set meanwhile; once more …")
    done.check_returncode()
    return json.loads(done.stdout[done.stdout.index("{") :])


def machine() -> dict[str, str | int | float]:
    names = ("wagtail", "Django", "django-q2", "simple-salesforce")
    return {
        "cpus": os.cpu_count() or 0,
        "load": round(os.getloadavg()[0], 1),
        "platform": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
