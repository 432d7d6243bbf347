"""API calls used in the last 24 hours, and how many run at this moment (contract 9)."""

from __future__ import annotations

import time

MINUTES_A_DAY = 24 * 60


class ApiUse:
    def __init__(self) -> None:
        self.by_minute: dict[int, int] = {}
        self.total = 0
        self.by_app: dict[str, int] = {}

    def count(self, calls: int, app: str = "") -> None:
        minute = int(time.time() // 60)
        if minute not in self.by_minute:
            self._forget_before(minute - MINUTES_A_DAY)
        self.by_minute[minute] = self.by_minute.get(minute, 0) + calls
        self.total += calls
        self.by_app[app] = self.by_app.get(app, 0) + calls

    def set(self, calls: int) -> None:
        """Pretend that this many calls were made just now."""
        self.by_minute = {int(time.time() // 60): calls}
        self.total = calls

    def _forget_before(self, minute: int) -> None:
        for old in [each for each in self.by_minute if each <= minute]:
            self.total -= self.by_minute.pop(old)


class Running:
    """Start times of the calls in flight; only long ones count against the limit."""

    def __init__(self) -> None:
        self.started: dict[int, float] = {}

    def long(self, seconds: float) -> int:
        now = time.monotonic()
        return sum(now - started >= seconds for started in self.started.values())
