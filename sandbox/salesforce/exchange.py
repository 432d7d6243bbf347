"""One HTTP exchange: which org it is with, and what its log keeps."""

from __future__ import annotations

from aiohttp import web

from .call_log import KEPT_BYTES, LoggedCall
from .org import Org
from .world import World

WORLD: web.AppKey[World] = web.AppKey("world", World)
PORTS: web.AppKey[list] = web.AppKey("ports", list)
SHOWN_HEADERS = (
    "Content-Type",
    "Sforce-Duplicate-Rule-Header",
    "Sforce-Auto-Assign",
    "Sforce-Query-Options",
    "Sforce-Call-Options",
    "If-Modified-Since",
    "User-Agent",
)


class Exchange:
    """A request on its way. `started` is the loop's clock when it arrived."""

    def __init__(self, request: web.Request, body: bytes, started: float) -> None:
        self.request = request
        self.body = body
        self.started = started
        self.world: World = request.app[WORLD]
        self.org = org_of(request)
        self.logged = self._log()

    @property
    def host(self) -> str:
        """The origin that the caller sees."""
        return f"{self.request.scheme}://{self.request.host}"

    @property
    def bearer(self) -> str:
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() in {"bearer", "oauth"} else ""

    def _log(self) -> LoggedCall:
        request = self.request
        logged = self.org.log.open(self.org.now_text(), request.method, request.path_qs)
        logged.request = self.body[:KEPT_BYTES]
        headers = request.headers
        logged.headers = {name: headers[name] for name in SHOWN_HEADERS if name in headers}
        return logged


def org_of(request: web.Request) -> Org:
    """By the My Domain in the Host header, else by the port that the call came to."""
    world = request.app[WORLD]
    name = request.host.partition(":")[0].lower()
    for org in world.orgs:
        if org.domain == name:
            return org
    port = request.transport.get_extra_info("sockname")[1] if request.transport else 0
    ports = request.app[PORTS]
    return world.orgs[ports.index(port)] if port in ports else world.orgs[0]


def orgs_that_log_in_at(exchange: Exchange) -> list[Org]:
    """The general login host, which shares the first port, knows every org's users."""
    name = exchange.request.host.partition(":")[0].lower()
    is_general = exchange.org is exchange.world.orgs[0] and name != exchange.org.domain
    return exchange.world.orgs if is_general else [exchange.org]
