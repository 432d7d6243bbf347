"""The calls an org got, newest last, with request and answer for the console."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

KEPT = 1000
KEPT_BYTES = 60_000
SECRET = re.compile(
    r"((?:access_token|refresh_token|client_secret|code|code_verifier|token|id_token|password)"
    r"(?:=|\"\s*:\s*\"))([^&\"]+)"
)
REST = "/services/data"


@dataclass
class LoggedCall:
    number: int
    at: str
    method: str
    path: str
    user: str = ""
    request: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    answer: bytes = b""
    ms: float = 0
    records: int = 0
    fault: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            **vars(self),
            "path": self.readable(self.path),
            "request": self.readable(self.request.decode(errors="replace")),
            "answer": self.readable(self.answer.decode(errors="replace")),
        }

    def readable(self, text: str) -> str:
        """Tokens and secrets are outside of REST only, and are not shown."""
        return text if self.path.startswith(REST) else SECRET.sub(r"\1…", text)


class CallLog:
    def __init__(self) -> None:
        self.calls: deque[LoggedCall] = deque(maxlen=KEPT)
        self.number = 0
        #: The call whose work is being done; None for what happens behind the sites' backs.
        self.working: int | None = None

    def open(self, at: str, method: str, path: str) -> LoggedCall:
        self.number += 1
        call = LoggedCall(self.number, at, method, path)
        self.calls.append(call)
        return call

    def since(self, number: int) -> list[LoggedCall]:
        return [call for call in self.calls if call.number > number]

    def get(self, number: int) -> LoggedCall | None:
        return next((call for call in self.calls if call.number == number), None)
