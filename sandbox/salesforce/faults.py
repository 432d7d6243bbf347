"""What can go wrong with a call, scripted: which call, how often, and in what way.

A fault is either a *refusal* (Salesforce says no, nothing is saved), or something that happens
to the answer on its way, before or after the work was done.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from .errors import (
    Refusal,
    concurrent_limit,
    daily_limit,
    row_lock,
    server_error,
    session_expired,
)


def unavailable() -> Refusal:
    return Refusal("SERVER_UNAVAILABLE", "Server is temporarily unavailable", status=503)


def api_disabled_for_now() -> Refusal:
    return Refusal("API_CURRENTLY_DISABLED", "API is temporarily unavailable")


#: Nothing is saved; the answer is Salesforce's error. Also for single records, with `object`.
REFUSALS: dict[str, tuple[Callable[[], Refusal], str]] = {
    "row_lock": (row_lock, "Somebody else is saving the same record: UNABLE_TO_LOCK_ROW."),
    "daily_limit": (daily_limit, "The day's API calls are used up: TotalRequests Limit exceeded."),
    "concurrent_limit": (
        concurrent_limit,
        "Too many long calls run at once: ConcurrentRequests Limit exceeded.",
    ),
    "session_killed": (session_expired, "401 INVALID_SESSION_ID, and the access token is dead."),
    "server_error": (server_error, "500 UNKNOWN_EXCEPTION: Salesforce itself broke."),
    "server_unavailable": (unavailable, "503 SERVER_UNAVAILABLE, told in JSON."),
    "api_currently_disabled": (api_disabled_for_now, "API_CURRENTLY_DISABLED: later, please."),
    "error": (server_error, "The status, code and message that you name."),
    "token_error": (server_error, "The token endpoint answers the error that you name."),
}

#: What happens on the wire: whether the work is done first, and the description.
ON_THE_WIRE: dict[str, tuple[bool, str]] = {
    "html_503": (False, "An HTML 503: the page that tells of maintenance."),
    "bad_gateway": (False, "An HTML 502 of a proxy on the way."),
    "too_many_requests": (False, "429 with Retry-After."),
    "redirect": (False, "302 to another host."),
    "reset_before": (False, "The connection is reset."),
    "hang_before": (False, "No answer for the seconds given, then a reset."),
    "late_commit": (True, "Silence for the seconds given, then the work, whoever still listens."),
    "slow": (True, "The answer takes the seconds given."),
    "commit_then_503": (True, "The work is done, the answer is an HTML 503."),
    "commit_then_500": (True, "The work is done, the answer is 500 UNKNOWN_EXCEPTION."),
    "commit_then_reset": (True, "The work is done, then the connection is reset."),
    "commit_then_hang": (True, "The work is done, then silence for the seconds given."),
    "drip": (True, "The answer comes byte by byte over the seconds given."),
    "cut": (True, "The answer breaks off half way."),
    "garbage": (True, "The work is done, the answer is broken JSON."),
    "empty": (True, "The work is done, the answer is an empty 200."),
}
NAMES = (*REFUSALS, *ON_THE_WIRE)


def words_of(name: str) -> str:
    """What the fault does, in a sentence."""
    return (REFUSALS.get(name) or ON_THE_WIRE[name])[1]


@dataclass
class Fault:
    """A fault and the calls that it hits. With `object` it hits single records instead."""

    fault: str
    #: Regular expressions that the path and the method of the call must contain.
    path: str = ""
    method: str = ""
    object: str = ""
    #: How many times it strikes; 0 is for ever.
    times: int = 1
    #: How many matching calls it lets pass first.
    skip: int = 0
    probability: float = 1.0
    seconds: float = 30.0
    status: int = 400
    code: str = "UNKNOWN_EXCEPTION"
    message: str = "A scripted error"
    id: int = 0
    struck: int = field(default=0)

    def __post_init__(self) -> None:
        if self.fault not in NAMES:
            raise ValueError(f"no fault is called {self.fault!r}; there are {', '.join(NAMES)}")
        if self.object and self.fault not in REFUSALS:
            raise ValueError(f"{self.fault} cannot strike single records")
        re.compile(self.path), re.compile(self.method)

    @property
    def saves_first(self) -> bool:
        return self.fault in ON_THE_WIRE and ON_THE_WIRE[self.fault][0]

    @property
    def is_spent(self) -> bool:
        return bool(self.times) and self.struck >= self.times

    def matches(self, method: str, path: str) -> bool:
        return bool(re.search(self.path, path) and re.search(self.method, method))

    def refusal(self) -> Refusal:
        if self.fault == "error":
            return Refusal(self.code, self.message, status=self.status)
        return REFUSALS[self.fault][0]()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class FaultList:
    def __init__(self, dice: random.Random) -> None:
        self.faults: list[Fault] = []
        self.dice = dice
        self.numbers = itertools.count(1)

    def add(self, fault: Fault) -> Fault:
        fault.id = next(self.numbers)
        self.faults.append(fault)
        return fault

    def remove(self, fault_id: int) -> None:
        self.faults = [fault for fault in self.faults if fault.id != fault_id]

    @property
    def armed(self) -> list[Fault]:
        return [fault for fault in self.faults if not fault.is_spent]

    def clear(self) -> None:
        self.faults.clear()

    def pick(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this call, counted."""
        for fault in self.faults:
            if not fault.object and fault.matches(method, path) and self._strikes(fault):
                return fault
        return None

    def strike_record(self, object_name: str) -> None:
        """Raises Refusal where a fault waits for a record of this object."""
        for fault in self.faults:
            if fault.object == object_name and self._strikes(fault):
                raise fault.refusal()

    def _strikes(self, fault: Fault) -> bool:
        if fault.is_spent:
            return False
        if fault.skip > 0:
            fault.skip -= 1
            return False
        if fault.probability < 1 and self.dice.random() >= fault.probability:
            return False
        fault.struck += 1
        return True
