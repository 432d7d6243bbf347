"""Campaign members: unique, of one campaign and one lead or contact, with that campaign's statuses
(contract 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import Refusal

if TYPE_CHECKING:
    from ..org import Org
    from ..records.store import Row


def prepare(org: Org, row: Row) -> None:
    """Complete a new member. Raises Refusal for a missing parent or a member that exists."""
    if row.get("ContactId"):
        row.pop("LeadId", None)
    if not (row.get("LeadId") or row.get("ContactId")):
        raise Refusal(
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LeadId, ContactId]",
            fields=["LeadId", "ContactId"],
        )
    lead = org.store.get("Lead", row.get("LeadId"))
    if lead is not None and lead.get("IsConverted"):
        raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", fields=[])
    if exists(org, row):
        raise Refusal("DUPLICATE_VALUE", "Already a campaign member.")
    set_status(org, row)


def exists(org: Org, row: Row) -> bool:
    parent = "ContactId" if row.get("ContactId") else "LeadId"
    return any(
        other["CampaignId"] == row["CampaignId"]
        for other in org.store.find("CampaignMember", parent, row[parent])
    )


def set_status(org: Org, row: Row) -> None:
    """A status that the campaign does not know is replaced by its default, without a word."""
    statuses = org.store.find("CampaignMemberStatus", "CampaignId", row["CampaignId"])
    sent = (row.get("Status") or "").lower()
    known = next((each for each in statuses if each["Label"].lower() == sent), None)
    chosen = known or next((each for each in statuses if each.get("IsDefault")), None)
    if chosen is not None:
        row["Status"] = chosen["Label"]
    row["HasResponded"] = bool(chosen and chosen.get("HasResponded"))
