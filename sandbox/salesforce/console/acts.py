"""What a person clicks: each act is one small form, and leads back to where it was clicked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiohttp import web

from ..errors import Refusal
from ..exchange import WORLD
from . import campaigns, faults, fields, people, records, rules, switches
from .frame import Act, shown

ACTS: dict[str, Act] = {
    name: act
    for subject in (faults, switches, rules, people, fields, campaigns, records)
    for name, act in subject.ACTS.items()
}
#: What acts raise where a person typed something that cannot be.
WRONG = (KeyError, ValueError, TypeError, IndexError, re.error, Refusal)


async def act(request: web.Request) -> web.Response:
    """Do it and go back. Only the console's own pages may ask."""
    refuse_strangers(request)
    world = request.app[WORLD]
    form = {name: str(value).strip() for name, value in (await request.post()).items()}
    try:
        org = world.orgs[int(form["org"]) - 1]
        ACTS[request.match_info["act"]](org, form)
    except WRONG as error:
        return shown(request, "refused", status=400, error=error, back=back(request))
    world.touches += 1
    raise web.HTTPSeeOther(back(request) if "next" not in form else own_path(form["next"]))


async def reset(request: web.Request) -> web.Response:
    refuse_strangers(request)
    request.app[WORLD].reset()
    raise web.HTTPSeeOther("/")


def refuse_strangers(request: web.Request) -> None:
    """No other web site may click for a person whose browser reaches this one."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="This form came from another site.")


def back(request: web.Request) -> str:
    return own_path(request.headers.get("Referer", ""))


def own_path(address: str) -> str:
    """Its path and query, which stay within this console whatever the address is."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"/{parts.path.lstrip('/')}{query}"


def routes() -> list[web.RouteDef]:
    return [web.post("/console/reset", reset), web.post("/console/{act}", act)]
