"""jsforce, Salesforce's usual JavaScript client, unmodified, over TLS.

Needs Node.js and `npm install` in tests/simulator/jsforce.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.salesforce.launch import Simulator

HERE = Path(__file__).parent / "jsforce"
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="Node.js is not installed"),
    pytest.mark.skipif(
        not (HERE / "node_modules/jsforce").is_dir(),
        reason="jsforce is not installed: run `npm install` in tests/simulator/jsforce",
    ),
]


class Script:
    """The running script: one line of JSON out, one line in."""

    def __init__(self, ca_file: str) -> None:
        self.process = subprocess.Popen(
            [NODE, "login.mjs"],
            cwd=HERE,
            env={**os.environ, "NODE_EXTRA_CA_CERTS": ca_file},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)


@pytest.fixture
def tls() -> Iterator[Simulator]:
    with Simulator(tls=1, campaigns=2100) as simulator:
        yield simulator


@pytest.fixture
def script(tls: Simulator) -> Iterator[Script]:
    started = Script(tls.greeting["ca_file"])
    yield started
    started.close()


def test_jsforce_logs_in_and_does_what_an_integration_does(tls: Simulator, script: Script) -> None:
    options = {
        "loginUrl": tls.login_url,
        "clientId": tls.client_id,
        "clientSecret": tls.client_secret,
        "campaignId": tls.campaign("Spring fair 2027"),
    }
    script.tell(json.dumps(options))
    script.tell(tls.authorize(script.hear()["authorize"]))
    assert script.hear() == {"ready": True}
    tls.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    script.tell("go on")
    seen = script.hear()["seen"]
    assert seen["instanceUrl"] == tls.instance_url()
    assert seen["user"]["organizationId"] == tls.greeting["instances"][0]["id"]
    assert seen["identity"] == "admin@acme.example"
    assert seen["fields"] > 54
    assert seen["campaigns"] == 2110
    assert seen["created"]["success"]
    assert seen["updated"]["success"]
    assert seen["read"] == "Boss"
    assert seen["upserts"] == [True, True]
    assert seen["collection"] == 250
    assert seen["composite"] == [201, 201]
    assert seen["error"] == "REQUIRED_FIELD_MISSING"
    assert seen["refreshed"] == 1
