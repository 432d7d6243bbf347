"""What befalls the workers and the calls, at random by a seed."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field

from sandbox.salesforce.launch import Simulator
from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import SalesforceGrant

from .cluster import Cluster

#: Seconds a call may go on at Salesforce when nobody listens any more: LOOK_UP_AFTER covers it.
LATE = 5
#: Seconds between two kills of a cluster, and before the next token call is made slow.
RECOVERY = 30
CALLS = "/composite(/sobjects)?$"
TOKEN_CALL = "/oauth2/token$"
#: What can happen to a call that creates leads or members, with the seconds some of them take.
FAULTS = (
    ("row_lock", {"object": "Lead"}),
    ("row_lock", {"object": "CampaignMember"}),
    ("daily_limit", {}),
    ("concurrent_limit", {}),
    ("session_killed", {}),
    ("server_error", {}),
    ("server_unavailable", {}),
    ("html_503", {}),
    ("bad_gateway", {}),
    ("too_many_requests", {}),
    ("reset_before", {}),
    ("commit_then_503", {}),
    ("commit_then_500", {}),
    ("commit_then_reset", {}),
    ("commit_then_hang", {"seconds": 8}),
    ("late_commit", {"seconds": LATE}),
    ("drip", {"seconds": 8}),
    ("cut", {}),
    ("garbage", {}),
    ("empty", {}),
)


@dataclass
class Chaos:
    """One thing at a time, by its own random numbers."""

    salesforce: Simulator
    clusters: list[Cluster]
    random: random.Random
    #: Seconds between two acts.
    every: float
    acted: float = field(default_factory=time.monotonic)
    frozen: dict[int, float] = field(default_factory=dict)
    kills: int = 0
    cluster_kills: int = 0
    killed_at: float = field(default_factory=time.monotonic)
    killed_token_calls: set[tuple] = field(default_factory=set)
    freezes: int = 0
    faults: int = 0

    def act(self) -> None:
        self._thaw()
        self._kill_in_token_call()
        for cluster in self.clusters:
            cluster.restart_if_ended()
        if time.monotonic() - self.acted < self.every:
            return
        self.acted = time.monotonic()
        roll = self.random.random()
        if roll < 0.08:
            self._kill_worker()
        elif roll < 0.11 and self._has_had_time():
            self._kill_cluster()
        elif roll < 0.15:
            self._freeze([self._victim()], self.random.uniform(0.5, 35))
        elif roll < 0.17 and len(self.clusters) > 1:
            self._freeze_cluster()
        elif roll < 0.45:
            self._fault()
        elif roll < 0.49 and self._has_had_time():
            self._slow_token_call()

    def end(self) -> None:
        """Let everything run again, and nothing go wrong any more."""
        self._thaw(everything=True)
        for number in range(1, len(self.salesforce.greeting["instances"]) + 1):
            self.salesforce.control("DELETE", f"orgs/{number}/faults")

    def _kill_worker(self) -> None:
        if pid := self._victim():
            self.kills += 1
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _has_had_time(self) -> bool:
        """A cluster takes seconds to start; one that never gets to work proves nothing."""
        return time.monotonic() - self.killed_at > RECOVERY

    def _slow_token_call(self) -> None:
        """A refresh whose answer takes so long that a kill can come before it."""
        self.salesforce.fault("session_killed", org=self._org(), path=CALLS, method="POST")
        # The login host, where every org's tokens are refreshed, is played by the first org.
        self.salesforce.fault("slow", org=1, path=TOKEN_CALL, seconds=2)

    def _kill_in_token_call(self) -> None:
        """What no software survives: the rotated token is in an answer that nobody reads."""
        calls = SalesforceGrant.objects.exclude(sent_at=None).values_list("org", "sent_at")
        under_way = set(calls) - self.killed_token_calls
        if under_way:
            self.killed_token_calls |= under_way
            self._kill_cluster()

    def _kill_cluster(self) -> None:
        self.cluster_kills += 1
        self.killed_at = time.monotonic()
        self.random.choice(self.clusters).kill()

    def _freeze_cluster(self) -> None:
        """All of it past its leases, as a machine that was suspended: others take over."""
        cluster = self.random.choice(self.clusters)
        if cluster.process:
            self._freeze([cluster.process.pid, *cluster.workers()], settings.LEASE + 10)

    def _freeze(self, pids: list[int | None], seconds: float) -> None:
        for pid in filter(None, pids):
            self.freezes += 1
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
            self.frozen[pid] = time.monotonic() + seconds

    def _thaw(self, everything: bool = False) -> None:
        for pid, until in list(self.frozen.items()):
            if everything or time.monotonic() > until:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
                del self.frozen[pid]

    def _victim(self) -> int | None:
        workers = [pid for cluster in self.clusters for pid in cluster.workers()]
        return self.random.choice(workers) if workers else None

    def _fault(self) -> None:
        name, more = self.random.choice(FAULTS)
        where = {} if "object" in more else {"path": CALLS, "method": "POST"}
        org, times = self._org(), self.random.randint(1, 3)
        if self._is_armed(org):
            return
        self.faults += 1
        self.salesforce.fault(name, org=org, times=times, **where, **more)

    def _is_armed(self, org: int) -> bool:
        """Faults come one after the other: heaped up, they would let nothing through."""
        faults = self.salesforce.control("GET", f"orgs/{org}/faults")
        return any(fault["struck"] < fault["times"] for fault in faults)

    def _org(self) -> int:
        return self.random.randint(1, len(self.salesforce.greeting["instances"]))
