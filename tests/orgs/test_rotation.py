"""Many workers, short sessions, rotating refresh tokens, and workers that are killed at random."""

from __future__ import annotations

import mmap
import os
import random
import signal
import sys
import time
from contextlib import contextmanager, suppress

import pytest

from tests.orgs.interrupted import kill_inside_the_token_call, reconnect
from tests.orgs.processes import Worker, eventually
from wagtail_salesforce_leads.models import OrgLane, SalesforceGrant
from wagtail_salesforce_leads.orgs import access, refresh, unavailable
from wagtail_salesforce_leads.salesforce.client import SalesforceClient

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

WORKERS = 8


@pytest.fixture
def org(connect, salesforce, settings, monkeypatch):
    settings.WAGTAIL_SALESFORCE_LEADS["CALL_DEADLINE"] = 4.0
    monkeypatch.setattr(refresh, "LEASE_MARGIN", 1.0)
    monkeypatch.setattr(access, "SESSION_REFUSED_PAUSE", 0.1)
    org = connect()
    salesforce.switch(rotation=True)
    return org


class Crew:
    """Workers that call an org until told to stop; one place of shared memory each."""

    def __init__(self, org) -> None:
        self.org = org
        self.inside = mmap.mmap(-1, WORKERS)
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        self.calls = 0
        self.workers = [self._hire(place) for place in range(WORKERS)]

    def _hire(self, place: int) -> Worker:
        self.inside[place] = 0
        return Worker(lambda: self._work(place))

    def _work(self, place: int) -> None:
        deferred = refresh.deferred_signals

        @contextmanager
        def noted():
            self.inside[place] = 1
            with deferred():
                yield
            self.inside[place] = 0

        refresh.deferred_signals = noted
        while True:
            try:
                access.call(self.org, SalesforceClient.probe)
                os.write(self.write_end, b".")
            except unavailable.TokenOutage:
                time.sleep(0.2)

    def count(self) -> int:
        with suppress(BlockingIOError):
            self.calls += len(os.read(self.read_end, 65536))
        return self.calls

    def kill_one_outside_its_token_call(self, chance: random.Random) -> bool:
        place = chance.randrange(WORKERS)
        worker = self.workers[place]
        worker.kill(signal.SIGSTOP)
        if self.inside[place]:
            worker.kill(signal.SIGCONT)
            return False
        worker.kill()
        assert worker.wait() == -signal.SIGKILL
        self.workers[place] = self._hire(place)
        return True

    def stop(self) -> None:
        for place, worker in enumerate(self.workers):
            while self.inside[place]:
                time.sleep(0.01)
            worker.kill()
            worker.wait()
        os.close(self.read_end)
        os.close(self.write_end)


def run(org, salesforce, calls: int, session_seconds: float, times: int) -> None:
    """Until so many calls were made, and the grant refreshed and a worker killed so often."""
    chance, killed, refreshed, ended = random.Random(1), 0, set(), time.monotonic()
    begun = ended
    crew = Crew(org)
    try:
        while crew.count() < calls or min(killed, len(refreshed)) < times:
            assert time.monotonic() - begun < 60 + calls / 5, f"only {crew.calls} calls"
            killed += crew.kill_one_outside_its_token_call(chance)
            grant = SalesforceGrant.objects.get()
            assert grant.dead_code == ""
            refreshed.add(grant.refreshed_at)
            if time.monotonic() - ended > session_seconds:
                ended = time.monotonic()
                salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
            time.sleep(0.2)
    finally:
        crew.stop()
    access.try_now(org)
    eventually(lambda: _answers(org))
    seconds = time.monotonic() - begun
    figures = f"calls={crew.calls} killed={killed} refreshes={len(refreshed)} seconds={seconds:.0f}"
    sys.stdout.write(f"{figures}\n")


def _answers(org) -> bool:
    try:
        access.call(org, SalesforceClient.probe)
    except unavailable.TokenOutage:
        return False
    return True


def test_rotation_with_workers_killed_outside_the_token_call_never_costs_the_grant(org, salesforce):
    run(org, salesforce, calls=300, session_seconds=0.5, times=6)


@pytest.mark.soak
def test_rotation_over_ten_thousand_calls_never_costs_the_grant(org, salesforce):
    calls = int(os.environ.get("SALESFORCE_CALLS", "10000"))
    run(org, salesforce, calls, session_seconds=5, times=20)


def test_rotation_with_a_worker_killed_inside_the_token_call_is_healed_by_reconnecting(
    org, salesforce
):
    kill_inside_the_token_call(salesforce, lambda: access.call(org, SalesforceClient.probe))
    SalesforceGrant.objects.update(lease_until=None)
    with pytest.raises(unavailable.GrantDead) as raised:
        access.call(org, SalesforceClient.probe)
    assert raised.value.code == "interrupted"
    assert raised.value.hold_reason == "reconnect"
    assert OrgLane.objects.get().health == OrgLane.Health.RECONNECT

    reconnect(salesforce, org)
    access.call(org, SalesforceClient.probe)
    assert OrgLane.objects.get().health == OrgLane.Health.HEALTHY
