"""Switches: how the org behaves, and how many API calls it thinks were made today."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from aiohttp import web

from ..org import Org
from ..switches import KINDS
from .frame import Act, Form, org_of, shown


def set_switches(org: Org, form: Form) -> None:
    """All switches of one group; an empty box is not sent by browsers."""
    for name, kind in KINDS.items():
        if kind.metadata["group"] != form["group"]:
            continue
        if isinstance(kind.default, bool):
            wanted: Any = name in form
        else:
            wanted = form[name] if isinstance(kind.default, str) else float(form[name])
        if wanted != getattr(org.switches, name):
            org.switch(name, wanted)


def set_use(org: Org, form: Form) -> None:
    org.use.set(int(form["calls"]))


async def switches(request: web.Request) -> web.Response:
    def group(kind: Any) -> str:
        return kind.metadata["group"]

    org = org_of(request)
    return shown(
        request,
        "switches",
        subject="switches",
        groups=[(name, list(kinds)) for name, kinds in groupby(KINDS.values(), key=group)],
        values=org.switches.as_json(),
        campaigns=org.store.rows("Campaign").values(),
    )


ACTS: dict[str, Act] = {"set-switches": set_switches, "set-use": set_use}


def routes() -> list[web.RouteDef]:
    return [web.get("/switches", switches)]
