"""Starting and stopping: the first line, the environment, and a state that survives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from sandbox.salesforce.launch import Simulator

from .conftest import Rest, error

LEAD = {"LastName": "Yamada", "Company": "Acme"}


def test_first_line_tells_how_to_connect(salesforce: Simulator) -> None:
    greeting = salesforce.greeting
    assert {
        "login_url", "client_id", "client_secret", "redirect_uris", "users", "control_url",
        "instances",
    } <= set(greeting)  # fmt: skip
    assert {"name", "password", "may"} <= set(greeting["users"][0])
    urls = [instance["url"] for instance in greeting["instances"]]
    assert len(set(urls)) == 2
    assert urls[0] == greeting["login_url"]


def test_environment_sets_speed_rotation_orgs_and_campaigns() -> None:
    with Simulator(latency_ms=5, per_record_ms=1, rotation=1, orgs=3, campaigns=20) as started:
        first, *_, third = started.control("GET", "state")["orgs"]
    assert first["switches"]["latency_ms"] == 5
    assert first["switches"]["per_record_ms"] == 1
    assert first["switches"]["rotation"] is True
    assert third["records"]["Campaign"] == 30


def test_instance_urls_may_be_announced_as_salesforce_has_them() -> None:
    announced = ["https://acme.my.salesforce.com", "https://acme--uat.sandbox.my.salesforce.com"]
    with Simulator(instance_urls=" ".join(announced)) as started:
        assert [started.instance_url(org) for org in (1, 2)] == announced
        assert started.grant(2)["instance_url"] == announced[1]
        assert started.login_url.startswith("http://127.0.0.1:")


def test_state_survives_a_restart(tmp_path: Path) -> None:
    state_file = tmp_path / "var" / "salesforce.json"
    with Simulator(state_file=state_file) as first:
        rest = Rest(first)
        lead_id = rest.lead(Wagtail_Submission_Id__c="x", Email="a@b.co")
        first.schema("add", {"name": "New__c", "label": "New", "type": "string", "length": 5})
        first.switch(private_sharing=True)
        first.fault("html_503", path="/never$", times=0)
        token = rest.token
    assert json.loads(state_file.read_text())["format"] == 1
    with Simulator(state_file=state_file) as second:
        (lead,) = second.leads()
        state = second.control("GET", "state")["orgs"][0]
        rest = Rest(second)
        again = rest.create({**LEAD, "Wagtail_Submission_Id__c": "X"})
        refreshed = requests.post(
            f"{second.login_url}/services/oauth2/token",
            data={
                "grant_type": "refresh_token",
                "refresh_token": token["refresh_token"],
                "client_id": second.client_id,
                "client_secret": second.client_secret,
            },
            timeout=10,
        )
        other = rest.lead(New__c="hello")
    assert lead["Id"] == lead_id
    assert other != lead_id
    assert error(again)["errorCode"] == "DUPLICATE_VALUE"
    assert state["switches"]["private_sharing"] is True
    assert state["faults"][0]["path"] == "/never$"
    assert refreshed.status_code == 200


def test_unreadable_state_is_put_aside(tmp_path: Path) -> None:
    state_file = tmp_path / "salesforce.json"
    state_file.write_text('{"format": 99}')
    with Simulator(state_file=state_file) as started:
        assert started.leads() == []
    assert (tmp_path / "salesforce.unreadable").exists()


def test_simulator_that_cannot_start_says_so(salesforce: Simulator) -> None:
    taken = salesforce.login_url.rpartition(":")[2]
    with pytest.raises(RuntimeError, match="ended with"):
        Simulator(port=taken).start()


def test_started_from_python_it_ignores_the_shells_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LATENCY_MS", "5000")
    monkeypatch.setenv("STATE_FILE", "/nonexistent/state.json")
    with Simulator() as started:
        state = started.control("GET", "state")["orgs"][0]
    assert state["switches"]["latency_ms"] == 0
