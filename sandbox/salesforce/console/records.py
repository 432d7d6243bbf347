"""The page of one record, at `/<id>` as at Salesforce, and what happens to it behind our back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from .. import ids
from ..exchange import WORLD
from ..org import Org
from ..records.store import Row
from ..rules import automation
from ..schema.fields import Field
from .arrived import arrivals, fate, memberships, newest
from .frame import Act, Form, shown

NUMBERS = ("double", "currency", "percent", "int")
SHOWN_MEMBERS = 200


def change_lead(org: Org, form: Form) -> None:
    lead_id = org.store.rows("Lead")[form["id"]]["Id"]
    acts: dict[str, Callable[[], Any]] = {
        "convert": lambda: automation.convert(org, lead_id),
        "merge": lambda: automation.merge(org, lead_id, org.store.rows("Lead")[form["into"]]["Id"]),
        "delete": lambda: automation.delete(org, "Lead", lead_id),
        "hide": lambda: org.hidden_leads.add(lead_id),
        "show": lambda: org.hidden_leads.discard(lead_id),
    }
    acts[form["what"]]()


def change_record(org: Org, form: Form) -> None:
    """Write one field past all rules; an empty value clears it."""
    object_name = ids.object_of(form["id"]) or ""
    field = org.schemas[object_name].fields[form["field"]]
    org.store.update(object_name, form["id"], {field.name: typed(field, form["value"])})


def typed(field: Field, text: str) -> Any:
    if field.type == "boolean":
        return text.lower() in {"true", "1", "yes"}
    if not text:
        return None
    return float(text) if field.type in NUMBERS else text


def found(request: web.Request) -> tuple[Org, str, Row] | None:
    """The record in whichever org has it, with the name of its object."""
    record_id = ids.canonical(request.match_info["record_id"]) or ""
    object_name = ids.object_of(record_id) or ""
    for org in request.app[WORLD].orgs:
        if object_name in org.schemas and (row := org.store.get(object_name, record_id)):
            return org, object_name, row
    return None


def filled(org: Org, object_name: str, row: Row) -> list[tuple[Field, Any]]:
    """Each field that has a value; what the system fills comes last."""
    fields = org.schemas[object_name].fields.values()
    having = [(f, row[f.name]) for f in fields if row.get(f.name) not in (None, "")]
    return sorted(having, key=lambda each: not each[0].createable)


async def record(request: web.Request) -> web.Response:
    if (place := found(request)) is None:
        return shown(request, "missing", status=404, what="record")
    org, object_name, row = place
    more = {"Lead": around_lead, "Campaign": around_campaign}.get(object_name)
    return shown(
        request,
        "record",
        org=org,
        object_name=object_name,
        label=org.schemas[object_name].label,
        row=row,
        fate=fate(org, row),
        fate_of=fate,
        fields=filled(org, object_name, row),
        changeable=[f for f in org.schemas[object_name].fields.values() if f.createable],
        made_by=org.origins.get(row["Id"]),
        is_linked=lambda value: isinstance(value, str) and ids.object_of(value) in org.schemas,
        **(more(org, row) if more else {}),
    )


def around_lead(org: Org, row: Row) -> dict[str, Any]:
    others = [a.lead for a in newest(org) if a.lead["Id"] != row["Id"] and not fate(org, a.lead)]
    return {"memberships": memberships(org, row), "others": others}


def around_campaign(org: Org, row: Row) -> dict[str, Any]:
    members = org.store.find("CampaignMember", "CampaignId", row["Id"])[-SHOWN_MEMBERS:]
    leads = [org.store.get("Lead", member.get("LeadId")) for member in reversed(members)]
    return {
        "statuses": org.store.find("CampaignMemberStatus", "CampaignId", row["Id"]),
        "arrivals": arrivals(org, [lead for lead in leads if lead is not None]),
    }


ACTS: dict[str, Act] = {"change-lead": change_lead, "change-record": change_record}


def routes() -> list[web.RouteDef]:
    return [web.get("/{record_id:[0-9A-Za-z]{15,18}}", record)]
