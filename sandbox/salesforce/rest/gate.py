"""What a call must pass before it is looked at: sizes, version, login, permission, limits."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from ..errors import Refusal, concurrent_limit, daily_limit, not_found, session_expired
from ..exchange import Exchange
from ..oauth.grants import Session
from ..org import Org
from . import meta, router
from .calls import Answer, Call, bad_json

PATH = re.compile(r"/services/data/v(\d+)\.0(/.*)?", re.ASCII)
MAX_URI = 16_384
MAX_BODY = 50 * 1024 * 1024


async def answer(exchange: Exchange) -> Answer:
    """The answer to any call below `/services/data`."""
    request, org = exchange.request, exchange.org
    if request.path.rstrip("/") == "/services/data":
        return Answer(200, meta.versions(org))
    result = gated(exchange)
    result.headers["Sforce-Limit-Info"] = usage(org, exchange)
    return result


def gated(exchange: Exchange) -> Answer:
    try:
        check_sizes(exchange)
        version, path = versioned(exchange)
        session = signed_in(exchange)
        call = made(exchange, session, version, path)
    except Refusal as refusal:
        return Answer.of(refusal)
    result = router.answer(call)
    exchange.org.use.count(result.calls, session.client_id)
    return result


def check_sizes(exchange: Exchange) -> None:
    request = exchange.request
    uri = len(request.raw_path)
    if uri > MAX_URI:
        raise Refusal("URI_TOO_LONG", "The length of the URI exceeds the limit", status=414)
    headers = sum(len(name) + len(value) for name, value in request.headers.items())
    if uri + headers > MAX_URI:
        raise Refusal("HEADERS_TOO_LONG", "URI and headers exceed the limit", status=431)
    if len(exchange.body) > MAX_BODY:
        raise Refusal("EXCEEDED_MAX_SIZE_REQUEST", "Maximum size of request exceeded")


def versioned(exchange: Exchange) -> tuple[str, str]:
    """Version and what follows it; 410 for a retired one, 404 for one that is not yet."""
    found = PATH.fullmatch(exchange.request.path)
    switches = exchange.org.switches
    if found is None or int(found[1]) > switches.newest_version:
        raise not_found()
    if int(found[1]) < switches.oldest_version:
        raise Refusal("GONE", "The requested API version has been retired", status=410)
    return f"{found[1]}.0", found[2] or ""


def signed_in(exchange: Exchange) -> Session:
    """Raises Refusal unless a living session of this org may use the API now."""
    header = exchange.request.headers.get("Authorization", "")
    if header and not exchange.bearer:
        raise Refusal("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", status=401)
    org = exchange.org
    session = org.grants.session(exchange.bearer)
    user = org.users.get(session.username) if session else None
    if session is None or user is None or not user.is_active:
        raise session_expired()
    exchange.logged.user = user.username
    if not user.api_enabled or "api" not in session.scopes:
        raise Refusal(
            "API_DISABLED_FOR_ORG",
            "API is not enabled for this Organization or Partner",
            status=403,
        )
    check_limits(org)
    return session


def check_limits(org: Org) -> None:
    switches = org.switches
    if org.use.total >= switches.daily_limit and not switches.soft_daily_limit:
        raise daily_limit()
    if org.running.long(switches.long_call_seconds) >= switches.concurrent_limit:
        raise concurrent_limit()


def made(exchange: Exchange, session: Session, version: str, path: str) -> Call:
    request, org = exchange.request, exchange.org
    return Call(
        org=org,
        user=org.users[session.username],
        method=request.method,
        version=version,
        path=path,
        query=dict(request.query),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=read_json(exchange),
        host=exchange.host,
        dispatch=router.answer,
    )


def read_json(exchange: Exchange) -> Any:
    """Raises Refusal for a body that is no JSON, or does not say that it is."""
    if not exchange.body or exchange.request.method in {"GET", "DELETE"}:
        return None
    if exchange.request.content_type != "application/json":
        raise Refusal(
            "UNSUPPORTED_MEDIA_TYPE",
            f"Content type not supported: {exchange.request.content_type}",
            status=415,
        )
    try:
        return json.loads(exchange.body, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise Refusal(
            "JSON_PARSER_ERROR", f"Unexpected character at [line:{line}, column:{column}]"
        ) from None


def refuse_constant(name: str) -> NoReturn:
    raise bad_json(f"Non-standard token '{name}'")


def usage(org: Org, exchange: Exchange) -> str:
    """`api-usage=18/115000`, and on request the app's own share (contract 6)."""
    header = f"api-usage={org.use.total}/{org.switches.daily_limit}"
    session = org.grants.sessions.get(exchange.bearer)
    if org.switches.per_app_usage and session:
        app = exchange.world.apps[session.client_id]
        used = org.use.by_app.get(app.client_id, 0)
        header += f"; per-app-api-usage={used}/250(appName={app.name})"
    return header
