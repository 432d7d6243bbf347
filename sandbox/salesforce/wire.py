"""What faults do to an answer on its way: resets, silence, drips, and other people's pages."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from .errors import server_error
from .exchange import Exchange
from .faults import Fault
from .rest.calls import Answer

HTML = {"Content-Type": "text/html;charset=UTF-8"}
MAINTENANCE = (
    "<html><head><title>Salesforce - Down for Maintenance</title></head><body>"
    "<h1>We are down for maintenance.</h1>"
    "<p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>"
)
BAD_GATEWAY = "<html><body><h1>502 Bad Gateway</h1></body></html>"
#: Closes with a reset instead of an orderly end.
LINGER_ZERO = struct.pack("ii", 1, 0)
BREAKING = {"reset_before", "hang_before"}
DRIPS = 20


def breaks(fault: Fault) -> bool:
    """Whether the fault ends the connection instead of answering."""
    return fault.fault in BREAKING


def answer_instead(exchange: Exchange, fault: Fault) -> Answer:
    """What is answered where the work is not done."""
    if fault.fault in WITHOUT_WORK:
        return WITHOUT_WORK[fault.fault]
    if breaks(fault):
        return Answer(503)
    if fault.fault == "token_error":
        body = {"error": fault.code, "error_description": fault.message}
        return Answer(fault.status, body)
    if fault.fault == "session_killed":
        exchange.org.grants.sessions.pop(exchange.bearer, None)
    return Answer.of(fault.refusal())


WITHOUT_WORK = {
    "html_503": Answer(503, MAINTENANCE, HTML),
    "bad_gateway": Answer(502, BAD_GATEWAY, HTML),
    "too_many_requests": Answer(429, "", {"Retry-After": "30"}),
    "redirect": Answer(302, "", {"Location": "https://status.salesforce.com/maintenance"}),
}


async def deliver(exchange: Exchange, response: web.Response, fault: Fault) -> web.StreamResponse:
    return await DELIVERIES[fault.fault](exchange, response, fault)


async def reset(exchange: Exchange, response: web.Response, fault: Fault) -> web.Response:
    transport = exchange.request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        transport.abort()
    return response


async def hang(exchange: Exchange, response: web.Response, fault: Fault) -> web.Response:
    await asyncio.sleep(fault.seconds)
    return await reset(exchange, response, fault)


async def late(exchange: Exchange, response: web.Response, fault: Fault) -> web.Response:
    return response


async def slow(exchange: Exchange, response: web.Response, fault: Fault) -> web.Response:
    await asyncio.sleep(fault.seconds)
    return response


async def unavailable(exchange: Exchange, response: web.Response, fault: Fault) -> web.Response:
    return web.Response(status=503, text=MAINTENANCE, headers=HTML)


async def broken(exchange: Exchange, response: web.Response, fault: Fault) -> web.Response:
    return web.json_response(server_error().errors, status=500)


async def drip(exchange: Exchange, response: web.Response, fault: Fault) -> web.StreamResponse:
    """Each byte resets a client's read timeout; only a deadline for the whole ends it."""
    body = bytes(response.body or b"")
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    stream.content_length = len(body)
    await stream.prepare(exchange.request)
    step = max(1, len(body) // DRIPS)
    with suppress(ConnectionError):  # the caller's patience may end first
        for start in range(0, len(body), step):
            await asyncio.sleep(fault.seconds / DRIPS)
            await stream.write(body[start : start + step])
    return stream


async def cut(exchange: Exchange, response: web.Response, fault: Fault) -> web.StreamResponse:
    body = bytes(response.body or b"")
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    stream.content_length = len(body)
    await stream.prepare(exchange.request)
    await stream.write(body[: len(body) // 2])
    if exchange.request.transport is not None:
        exchange.request.transport.close()
    return stream


async def garbage(exchange: Exchange, response: web.Response, fault: Fault) -> web.Response:
    body = bytes(response.body or b"")
    text = body[: len(body) // 2] + b'\x00"}<!-- '
    return web.Response(status=response.status, body=text, content_type="application/json")


async def empty(exchange: Exchange, response: web.Response, fault: Fault) -> web.Response:
    return web.Response(status=200)


DELIVERIES: dict[str, Callable[..., Awaitable[web.StreamResponse]]] = {
    "reset_before": reset,
    "hang_before": hang,
    "commit_then_reset": reset,
    "commit_then_hang": hang,
    "late_commit": late,
    "slow": slow,
    "commit_then_503": unavailable,
    "commit_then_500": broken,
    "drip": drip,
    "cut": cut,
    "garbage": garbage,
    "empty": empty,
}
