"""A real django-q2 cluster in processes of its own, on the test's database."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Cluster:
    """``start()``, ``stop()`` as an administrator would, ``kill()`` as a power cut would."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen | None = None

    def start(self) -> Cluster:
        leads = settings.WAGTAIL_SALESFORCE_LEADS
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.site.cluster",
            "TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "TEST_LEADS": json.dumps(leads),
        }
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "django", "qcluster"],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
