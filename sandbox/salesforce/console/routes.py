"""All pages of the console, and what can be clicked on them."""

from __future__ import annotations

from aiohttp import web

from . import acts, arrived, calls, campaigns, faults, fields, people, records, rules, switches

PAGES = (arrived, calls, faults, switches, rules, people, fields, campaigns, records, acts)


def routes() -> list[web.RouteDef]:
    return [route for each in PAGES for route in each.routes()]
