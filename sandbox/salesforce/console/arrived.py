"""The first page: leads as they arrived, with their campaigns and the call that made them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from ..call_log import LoggedCall
from ..org import Org
from ..records.store import Row
from .frame import org_of, shown

SHOWN = 100


@dataclass(frozen=True)
class Membership:
    campaign: Row
    status: str


@dataclass(frozen=True)
class Arrival:
    lead: Row
    memberships: tuple[Membership, ...]
    #: Number of the call that made it. The log may not go back that far.
    number: int | None
    call: LoggedCall | None

    @property
    def time(self) -> str:
        return clock(self.lead["CreatedDate"])


def clock(stored: str) -> str:
    """The time of day of a stored date and time, as this machine's clock has it."""
    moment = datetime.strptime(stored, "%Y-%m-%dT%H:%M:%S.%f%z")
    return moment.astimezone().strftime("%H:%M:%S")


def newest(org: Org) -> list[Arrival]:
    leads = list(org.store.rows("Lead").values())[-SHOWN:]
    return arrivals(org, reversed(leads))


def arrivals(org: Org, leads: Iterable[Row]) -> list[Arrival]:
    calls = {call.number: call for call in org.log.calls}
    return [
        Arrival(lead, memberships(org, lead), number, calls.get(number))
        for lead in leads
        for number in [org.origins.get(lead["Id"])]
    ]


def memberships(org: Org, lead: Row) -> tuple[Membership, ...]:
    return tuple(
        Membership(org.store.get("Campaign", member["CampaignId"]), member.get("Status", ""))
        for member in org.store.find("CampaignMember", "LeadId", lead["Id"])
    )


def fate(org: Org, row: Row) -> str:
    """What happened to a record behind the site's back: one word, or ""."""
    if row.get("MasterRecordId"):
        return "merged"
    if row.get("IsDeleted"):
        return "deleted"
    if row.get("IsConverted"):
        return "converted"
    return "hidden" if row["Id"] in org.hidden_leads else ""


async def arrived(request: web.Request) -> web.Response:
    found = newest(org_of(request))
    return shown(request, "arrived", subject="", arrivals=found, fate_of=fate)


def routes() -> list[web.RouteDef]:
    return [web.get("/", arrived)]
