"""Campaigns: a list to search and add to; each has a record page of its own."""

from __future__ import annotations

from aiohttp import web

from .. import campaigns as supply
from ..org import Org
from ..rules import automation
from .frame import Act, Form, listed, org_of, shown

SHOWN = 100


def add_campaign(org: Org, form: Form) -> None:
    org.add_campaign(form["name"], listed(form.get("statuses", "")))


def add_campaigns(org: Org, form: Form) -> None:
    supply.add_many(org, int(form["count"]))


def change_campaign(org: Org, form: Form) -> None:
    row = org.store.rows("Campaign")[form["id"]]
    if form["what"] == "delete":
        automation.delete(org, "Campaign", row["Id"])
    else:
        org.store.update("Campaign", row["Id"], {"IsActive": form["what"] == "activate"})


def add_status(org: Org, form: Form) -> None:
    campaign_id = org.store.rows("Campaign")[form["id"]]["Id"]
    place = len(org.store.find("CampaignMemberStatus", "CampaignId", campaign_id)) + 1
    responded = "responded" in form
    org.add_status(campaign_id, form["label"], place, is_default=False, responded=responded)


def delete_status(org: Org, form: Form) -> None:
    automation.delete(org, "CampaignMemberStatus", form["id"])


async def campaigns(request: web.Request) -> web.Response:
    org, words = org_of(request), request.query.get("words", "").lower()
    found = [
        row
        for row in org.store.rows("Campaign").values()
        if not row.get("IsDeleted") and words in row["Name"].lower()
    ]
    listing = [
        (row, org.store.find("CampaignMemberStatus", "CampaignId", row["Id"]))
        for row in found[:SHOWN]
    ]
    return shown(
        request,
        "campaigns",
        subject="campaigns",
        campaigns=listing,
        count=len(found),
        words=request.query.get("words", ""),
    )


ACTS: dict[str, Act] = {
    "add-campaign": add_campaign,
    "add-campaigns": add_campaigns,
    "change-campaign": change_campaign,
    "add-status": add_status,
    "delete-status": delete_status,
}


def routes() -> list[web.RouteDef]:
    return [web.get("/campaigns", campaigns)]
