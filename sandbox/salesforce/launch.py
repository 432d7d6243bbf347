"""Starting the simulator from Python, as tests, the demo and benchmarks do."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from .browser import Browser
from .options import NAMES

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 10


class Simulator:
    """A running simulator. `start()` it, or use it in a `with` statement.

    Keyword arguments are the environment of `python -m sandbox.salesforce`, in lower case:
    `Simulator(port=0, tls=1, latency_ms=150)`. Port 0 takes free ones.
    """

    def __init__(self, **environment: object) -> None:
        self.environment = {"port": 0, **environment}
        self.process: subprocess.Popen[str] | None = None
        self.greeting: dict[str, Any] = {}
        self.tls: ssl.SSLContext | None = None

    def start(self) -> Simulator:
        """Raises RuntimeError if the process ends before it serves."""
        own = {name.upper(): str(value) for name, value in self.environment.items()}
        others = {k: v for k, v in os.environ.items() if k not in NAMES.split()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.salesforce"],
            cwd=ROOT,
            env={**others, **own},
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        if not line:
            self.process.stdout.close()
            raise RuntimeError(f"the simulator ended with {self.process.wait()}")
        self.greeting = json.loads(line)
        if self.greeting["ca_file"]:
            self.tls = ssl.create_default_context(cafile=self.greeting["ca_file"])
        return self

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process = None

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def login_url(self) -> str:
        return self.greeting["login_url"]

    @property
    def client_id(self) -> str:
        return self.greeting["client_id"]

    @property
    def client_secret(self) -> str:
        return self.greeting["client_secret"]

    def instance_url(self, org: int = 1) -> str:
        return self.greeting["instances"][org - 1]["url"]

    def control(self, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
        """A call to the control API, `path` below `/control/`.

        Raises urllib.error.HTTPError, whose body says what was wrong.
        """
        request = urllib.request.Request(
            self.greeting["control_url"] + path,
            data=None if data is None else json.dumps(data).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, context=self.tls, timeout=30) as answer:
            return json.load(answer)

    def reset(self, seed: int = 1) -> None:
        self.control("POST", "reset", {"seed": seed})

    def grant(self, org: int = 1, user: str = "admin", **more: str) -> dict[str, Any]:
        """A token answer, as login and consent would give; `user` may be the name's beginning."""
        return self.control("POST", f"orgs/{org}/grant", {"user": user, **more})

    def authorize(self, url: str, username: str = "admin@acme.example", **more: str) -> str:
        """Click through Salesforce's pages at `url`; the address the browser ends at."""
        return Browser(self.tls).authorize(url, username, **more)

    def switch(self, org: int = 1, **switches: object) -> None:
        self.control("POST", f"orgs/{org}/switches", switches)

    def fault(self, fault: str, org: int = 1, **more: object) -> dict[str, Any]:
        return self.control("POST", f"orgs/{org}/faults", {"fault": fault, **more})

    def rules(self, org: int = 1, **rules: object) -> None:
        self.control("POST", f"orgs/{org}/rules", rules)

    def schema(self, act: str, field: object, org: int = 1, **more: object) -> dict[str, Any]:
        data = {"act": act, "field": field, **more}
        return self.control("POST", f"orgs/{org}/schema", data)

    def records(self, object_name: str, org: int = 1) -> list[dict[str, Any]]:
        return self.control("GET", f"orgs/{org}/records/{object_name}")

    def leads(self, org: int = 1) -> list[dict[str, Any]]:
        return self.records("Lead", org)

    def members(self, org: int = 1) -> list[dict[str, Any]]:
        return self.records("CampaignMember", org)

    def campaign(self, name: str, org: int = 1) -> str:
        """The id of the campaign with this name. Raises StopIteration if there is none."""
        return next(c["Id"] for c in self.records("Campaign", org) if c["Name"] == name)

    def calls(self, org: int = 1, since: int = 0) -> list[dict[str, Any]]:
        return self.control("GET", f"orgs/{org}/calls?since={since}")
