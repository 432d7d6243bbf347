"""Submits leads while everything goes wrong, and counts what arrived.

    python -m tests.soak --submissions 2000 --seed 1 [--without-id] [--clusters 2]

DATABASE_URL and REDIS_URL choose database and broker. The last line is
``lost=0 doubled=0 wrong_status=0 person=… …``, and the exit status says whether it held.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from sandbox.salesforce.launch import Simulator


def main() -> int:
    options = _options()
    # So that an end from outside takes the clusters with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    directory = Path(tempfile.mkdtemp(prefix="salesforce-soak-"))
    with Simulator(rotation=1, seed=options.seed, orgs=2) as salesforce:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
            "SOAK_SQLITE": str(directory / "soak.sqlite3"),
            "SOAK_SALESFORCE": json.dumps(
                {
                    "CLIENT_ID": salesforce.client_id,
                    "CLIENT_SECRET": salesforce.client_secret,
                    "EXTRA_HOSTS": [salesforce.instance_url(1), salesforce.instance_url(2)],
                }
            ),
        }
        os.environ.update(environment)
        import django

        django.setup()
        from .run import Run

        run = Run(salesforce, environment, directory, random.Random(options.seed), options)
        status = run.go(time.monotonic())
    if status:
        print(f"Database and logs are in {directory}.", file=sys.stderr)  # noqa: T201
    else:
        shutil.rmtree(directory, ignore_errors=True)
    return status


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--submissions", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clusters", type=int, default=0, help="0: two, on SQLite one")
    parser.add_argument("--without-id", action="store_true", help="no submission id field")
    parser.add_argument("--calm", action="store_true", help="nothing goes wrong")
    parser.add_argument("--patience", type=float, default=600, help="seconds for the rest")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
