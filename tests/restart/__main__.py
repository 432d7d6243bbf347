"""A backlog goes out while its database server crashes and comes back.

    python -m tests.restart postgresql|mariadb [--submissions 1500] [--crashes 3]

The last line is ``lost=0 doubled=0 wrong_status=0 …``, and the exit status says whether it held.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from sandbox.salesforce.launch import Simulator

from .servers import SERVERS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.restart")
    parser.add_argument("database", choices=SERVERS)
    parser.add_argument("--submissions", type=int, default=1500)
    parser.add_argument("--crashes", type=int, default=3)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="salesforce-restart-") as directory,
        Simulator(latency_ms=150, per_record_ms=5) as salesforce,
    ):
        server = SERVERS[options.database](Path(directory))
        server.start()
        try:
            server.create_database()
            set_up(server.url, salesforce)
            from .run import go

            return go(server, salesforce, Path(directory), options.submissions, options.crashes)
        finally:
            server.crash()


def set_up(url: str, salesforce: Simulator) -> None:
    keys = {"CLIENT_ID": salesforce.client_id, "CLIENT_SECRET": salesforce.client_secret}
    hosts = [salesforce.instance_url(1)]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.soak.settings",
        DATABASE_URL=url,
        SOAK_SALESFORCE=json.dumps({**keys, "EXTRA_HOSTS": hosts}),
    )
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
