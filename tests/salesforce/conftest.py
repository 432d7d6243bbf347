"""Real HTTP for the folder that speaks it: a server whose every answer a test dictates."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings

from wagtail_salesforce_leads.salesforce.client import SalesforceClient

DATA = Path(__file__).parent / "data"
Behaviour = Callable[[socket.socket], bool]

# A busy machine is no failure.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


def recorded(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def answer(
    body: Any = None, *, status: str = "200 OK", headers: dict[str, str] | None = None
) -> Behaviour:
    """A whole HTTP answer, after which the connection stays open. ``body``: JSON, or bytes."""
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(payload)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return sends("\r\n".join([*lines, "", ""]).encode() + payload, keep_open=True)


def sends(data: bytes, *, keep_open: bool = False) -> Behaviour:
    def behave(connection: socket.socket) -> bool:
        connection.sendall(data)
        return keep_open

    return behave


def client_of(origin: str, **options: Any) -> SalesforceClient:
    """A client of an origin that is Salesforce for this test."""
    return SalesforceClient(
        origin, "00Dxx!token", **{"deadline": 5, "extra_hosts": (origin,), **options}
    )


class Wire:
    """A server on the loopback. Give it one behaviour a request; it keeps what it was sent."""

    def __init__(self, wrap: Callable[[socket.socket], socket.socket] | None = None) -> None:
        self.behaviours: list[Behaviour] = []
        self.requests: list[bytes] = []
        #: For each request, the number of the connection it came on.
        self.connections: list[int] = []
        self._wrap = wrap or (lambda connection: connection)
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> SalesforceClient:
        return client_of(self.origin, **options)

    def will(self, *behaviours: Behaviour) -> None:
        self.behaviours += behaviours

    def close(self) -> None:
        """Nobody listens from here on."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()
        self._thread.join(2)

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            number += 1
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            connection = self._wrap(connection)
            self._open.append(connection)
            with connection:
                while request := _read_request(connection):
                    self.requests.append(request)
                    self.connections.append(number)
                    if not self.behaviours.pop(0)(connection):
                        return
        except OSError:
            return


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture(autouse=True)
def migrated_data() -> None:
    """Nothing in this folder asks a database."""


@pytest.fixture
def wire() -> Iterator[Wire]:
    server = Wire()
    yield server
    server.close()


@pytest.fixture
def our_settings(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set names of WAGTAIL_SALESFORCE_LEADS for one test."""

    def change(**values: Any) -> None:
        monkeypatch.setattr(django_settings, "WAGTAIL_SALESFORCE_LEADS", values, raising=False)

    return change
