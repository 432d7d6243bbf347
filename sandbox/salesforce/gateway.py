"""How a call is served: faults, timing, and the bytes of the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

from aiohttp import web

from . import wire
from .call_log import KEPT_BYTES
from .errors import Refusal
from .exchange import Exchange
from .faults import Fault
from .org import Org
from .rest.calls import Answer

Work = Callable[[Exchange], Awaitable[Answer]]


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
