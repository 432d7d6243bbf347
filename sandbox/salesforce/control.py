"""The control API: look behind the scenes, break things, put them back.

All of it is JSON below `/control/`, and for one org below `/control/orgs/N/`, N from 1.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from . import campaigns
from .errors import Refusal
from .exchange import WORLD
from .faults import Fault
from .oauth import tokens
from .oauth.apps import ClientApp
from .org import Org
from .rules import automation
from .rules.assignment import AssignmentRule
from .rules.duplicates import DuplicateRule
from .rules.validation import ValidationRule
from .schema import edits
from .world import CLIENT_ID, World

Data = dict[str, Any]


async def state(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return web.json_response({"orgs": [summary(org) for org in world.orgs]})


def summary(org: Org) -> Data:
    living = {
        name: sum(not row.get("IsDeleted") for row in org.store.rows(name).values())
        for name in ("Lead", "CampaignMember", "Campaign")
    }
    return {
        "index": org.index,
        "id": org.id,
        "name": org.name,
        "instance_url": org.instance_url,
        "is_sandbox": org.is_sandbox,
        "records": living,
        "api_calls": org.use.total,
        "calls": org.log.number,
        "switches": org.switches.as_json(),
        "faults": [fault.as_json() for fault in org.faults.faults],
        "grants": [
            {"user": grant.username, "client_id": grant.client_id, "scopes": grant.scopes}
            for grant in org.grants.grants.values()
        ],
        "sessions": len(org.grants.sessions),
        "users": [user.as_json() for user in org.users.values()],
        "duplicate_rules": [vars(rule) for rule in org.duplicate_rules],
        "assignment_rules": [vars(rule) for rule in org.assignment_rules],
        "validation_rules": [vars(rule) for rule in org.validation_rules],
    }


async def reset(request: web.Request) -> web.Response:
    data = await body_of(request)
    request.app[WORLD].reset(data.get("seed"))
    return web.json_response({"reset": True})


async def add_app(request: web.Request) -> web.Response:
    app = ClientApp(**await body_of(request))
    request.app[WORLD].add_app(app)
    return web.json_response(app.as_json())


async def change_app(request: web.Request) -> web.Response:
    app = request.app[WORLD].apps[request.match_info["client_id"]]
    return web.json_response(changed(app, await body_of(request)))


def changed(thing: Any, data: Data) -> Data:
    """Set attributes that exist. Raises ValueError for one that does not."""
    for name, value in data.items():
        if name not in vars(thing):
            raise ValueError(f"there is no {name}; there are {', '.join(vars(thing))}")
        setattr(thing, name, value)
    return thing.as_json()


async def records(request: web.Request) -> web.Response:
    """All records of an object, deleted ones too, each with the number of the call that made it."""
    org = org_of(request)
    rows = org.store.rows(request.match_info["object"]).values()
    return web.json_response([{**row, "made_by_call": org.origins.get(row["Id"])} for row in rows])


async def calls(request: web.Request) -> web.Response:
    since = int(request.query.get("since", 0))
    return web.json_response([call.as_json() for call in org_of(request).log.since(since)])


async def switch(request: web.Request) -> web.Response:
    org = org_of(request)
    for name, value in (await body_of(request)).items():
        org.switch(name, value)
    return web.json_response(org.switches.as_json())


async def add_fault(request: web.Request) -> web.Response:
    fault = org_of(request).faults.add(Fault(**await body_of(request)))
    return web.json_response(fault.as_json())


async def list_faults(request: web.Request) -> web.Response:
    return web.json_response([fault.as_json() for fault in org_of(request).faults.faults])


async def clear_faults(request: web.Request) -> web.Response:
    org_of(request).faults.clear()
    return web.json_response([])


async def change_user(request: web.Request) -> web.Response:
    org = org_of(request)
    name = request.match_info["username"]
    user = org.users.get(name) or next(u for u in org.users.values() if u.username.startswith(name))
    data = changed(user, await body_of(request))
    org.store.update("User", user.id, {"IsActive": user.is_active})
    if org.switches.permissions_move_describe:
        org.touch_describe()
    return web.json_response(data)


async def set_use(request: web.Request) -> web.Response:
    """Pretend that so many API calls were made today."""
    org = org_of(request)
    org.use.set(int((await body_of(request))["calls"]))
    return web.json_response({"api_calls": org.use.total})


async def grant(request: web.Request) -> web.Response:
    """A token answer without a browser: what a person's login and consent would give."""
    world, org, data = request.app[WORLD], org_of(request), await body_of(request)
    app = world.apps[data.get("client_id", CLIENT_ID)]
    name = data.get("user", "admin")
    user = org.users.get(name) or next(u for u in org.users.values() if u.username.startswith(name))
    scopes = data.get("scope", "api refresh_token id").split()
    made, session = org.grants.open(user.username, app.client_id, scopes)
    answer = tokens.answer(org, world.login_url, app, session)
    return web.json_response({**answer, "refresh_token": made.refresh_token})


async def end_tokens(request: web.Request) -> web.Response:
    """`act`: kill_sessions, or revoke_grants; `user` limits it to one."""
    org, data = org_of(request), await body_of(request)
    {"kill_sessions": org.grants.kill_sessions, "revoke_grants": org.grants.revoke_all}[
        data["act"]
    ](data.get("user", ""))
    return web.json_response({"grants": len(org.grants.grants)})


async def edit_schema(request: web.Request) -> web.Response:
    data = await body_of(request)
    field = edits.apply(org_of(request), data)
    return web.json_response(field.as_json() if field else {})


async def set_rules(request: web.Request) -> web.Response:
    """Replace duplicate, assignment or validation rules, or what a flow writes into new leads."""
    org, data = org_of(request), await body_of(request)
    kinds: dict[str, Callable[..., Any]] = {
        "duplicate_rules": DuplicateRule,
        "assignment_rules": AssignmentRule,
        "validation_rules": ValidationRule,
    }
    for name, value in data.items():
        if name == "flow_writes":
            org.flow_writes = value
        else:
            setattr(org, name, [kinds[name](**tupled(rule)) for rule in value])
    return web.json_response({name: data[name] for name in data})


def tupled(data: Data) -> Data:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}


async def add_campaigns(request: web.Request) -> web.Response:
    """One campaign by `name` and `statuses`, or `count` of them."""
    org, data = org_of(request), await body_of(request)
    if "count" in data:
        campaigns.add_many(org, int(data["count"]))
        return web.json_response({"campaigns": len(org.store.rows("Campaign"))})
    values = {k: v for k, v in data.items() if k not in {"name", "statuses"}}
    campaign_id = org.add_campaign(data["name"], data.get("statuses", ()), **values)
    return web.json_response({"id": campaign_id})


async def add_status(request: web.Request) -> web.Response:
    org, data = org_of(request), await body_of(request)
    campaign_id = request.match_info["record_id"]
    place = len(org.store.find("CampaignMemberStatus", "CampaignId", campaign_id)) + 1
    status_id = org.add_status(
        campaign_id,
        data["label"],
        place,
        is_default=data.get("is_default", False),
        responded=data.get("responded", False),
    )
    return web.json_response({"id": status_id})


async def change_record(request: web.Request) -> web.Response:
    """Write any fields of any record, past all rules."""
    org, info = org_of(request), request.match_info
    org.store.update(info["object"], info["record_id"], await body_of(request))
    return web.json_response(org.store.get(info["object"], info["record_id"]))


async def delete_record(request: web.Request) -> web.Response:
    org, info = org_of(request), request.match_info
    automation.delete(org, info["object"], info["record_id"])
    return web.json_response({"deleted": info["record_id"]})


async def act_on_lead(request: web.Request) -> web.Response:
    """hide, show, convert, or merge `into` another lead."""
    org, info, data = org_of(request), request.match_info, await body_of(request)
    lead_id = info["record_id"]
    acts: dict[str, Callable[[], Any]] = {
        "hide": lambda: org.hidden_leads.add(lead_id),
        "show": lambda: org.hidden_leads.discard(lead_id),
        "convert": lambda: automation.convert(org, lead_id),
        "merge": lambda: automation.merge(org, lead_id, data["into"]),
    }
    return web.json_response({info["act"]: lead_id, "result": acts[info["act"]]()})


def org_of(request: web.Request) -> Org:
    return world_org(request.app[WORLD], int(request.match_info["org"]))


def world_org(world: World, index: int) -> Org:
    if not 1 <= index <= len(world.orgs):
        raise web.HTTPNotFound(text=f"there are {len(world.orgs)} orgs")
    return world.orgs[index - 1]


async def body_of(request: web.Request) -> Data:
    """A JSON content type is asked for, since no foreign web page can send it unasked."""
    if not request.can_read_body:
        return {}
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="control calls take application/json")
    return await request.json()


@web.middleware
async def explain_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    """A wrong control call answers 400 and says why."""
    if not request.path.startswith("/control/"):
        return await handler(request)
    request.app[WORLD].touches += request.method != "GET"
    try:
        return await handler(request)
    except (KeyError, TypeError, ValueError, StopIteration, json.JSONDecodeError) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
    except Refusal as refusal:
        return web.json_response(refusal.errors, status=400)


def routes() -> list[web.RouteDef]:
    org = "/control/orgs/{org}"
    record = f"{org}/records/{{object}}/{{record_id}}"
    return [
        web.get("/control/state", state),
        web.post("/control/reset", reset),
        web.post("/control/apps", add_app),
        web.patch("/control/apps/{client_id}", change_app),
        web.get(f"{org}/records/{{object}}", records),
        web.patch(record, change_record),
        web.delete(record, delete_record),
        web.post(f"{org}/leads/{{record_id}}/{{act}}", act_on_lead),
        web.get(f"{org}/calls", calls),
        web.post(f"{org}/switches", switch),
        web.get(f"{org}/faults", list_faults),
        web.post(f"{org}/faults", add_fault),
        web.delete(f"{org}/faults", clear_faults),
        web.patch(f"{org}/users/{{username}}", change_user),
        web.post(f"{org}/use", set_use),
        web.post(f"{org}/grant", grant),
        web.post(f"{org}/tokens", end_tokens),
        web.post(f"{org}/schema", edit_schema),
        web.post(f"{org}/rules", set_rules),
        web.post(f"{org}/campaigns", add_campaigns),
        web.post(f"{org}/campaigns/{{record_id}}/statuses", add_status),
    ]
