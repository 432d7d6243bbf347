"""One HTTP exchange: which org, faults, timing, the log, and the bytes of the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

from aiohttp import web

from . import wire
from .call_log import KEPT_BYTES, LoggedCall
from .errors import Refusal
from .faults import Fault
from .org import Org
from .rest.calls import Answer
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


Work = Callable[[Exchange], Awaitable[Answer]]


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


async def serve(request: web.Request, work: Work) -> web.StreamResponse:
    """Run the work under the org's faults and at its nominal speed."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    exchange = Exchange(request, await request.read(), started)
    org, logged = exchange.org, exchange.logged
    org.running.started[logged.number] = started
    try:
        fault = org.faults.pick(request.method, request.path)
        logged.fault = fault.fault if fault else ""
        answer = await worked(exchange, work, fault)
        logged.status, logged.records = answer.status, answer.records
        await sleep_until(started + nominal_seconds(org, answer))
        return await deliver(exchange, answer, fault)
    finally:
        logged.ms = round((loop.time() - started) * 1000, 1)
        org.running.started.pop(logged.number, None)


async def worked(exchange: Exchange, work: Work, fault: Fault | None) -> Answer:
    """The answer as Salesforce made it; without the work where the fault comes before it."""
    if fault is None:
        return await attempt(exchange, work)
    if fault.fault == "late_commit":
        await asyncio.sleep(fault.seconds)
    if fault.saves_first:
        return await attempt(exchange, work)
    return wire.answer_instead(exchange, fault)


async def attempt(exchange: Exchange, work: Work) -> Answer:
    """Records that are made meanwhile are this call's: work on records never waits."""
    log = exchange.org.log
    log.working = exchange.logged.number
    try:
        return await work(exchange)
    except Refusal as refusal:
        return Answer.of(refusal)
    finally:
        log.working = None


def nominal_seconds(org: Org, answer: Answer) -> float:
    switches = org.switches
    return (switches.latency_ms + switches.per_record_ms * answer.records) / 1000


async def sleep_until(moment: float) -> None:
    rest = moment - asyncio.get_running_loop().time()
    if rest > 0:
        await asyncio.sleep(rest)


async def deliver(exchange: Exchange, answer: Answer, fault: Fault | None) -> web.StreamResponse:
    body = encoded(answer.body)
    exchange.logged.answer = body[:KEPT_BYTES]
    headers = {"Date": formatdate(exchange.org.now().timestamp(), usegmt=True), **answer.headers}
    if answer.body is not None and "Content-Type" not in headers:
        headers["Content-Type"] = "application/json;charset=UTF-8"
    response = web.Response(status=answer.status, body=body or None, headers=headers)
    if fault is None or (not fault.saves_first and not wire.breaks(fault)):
        return response
    return await wire.deliver(exchange, response, fault)


def encoded(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, (bytes, str)):
        return body if isinstance(body, bytes) else body.encode()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(
        errors="backslashreplace"
    )
