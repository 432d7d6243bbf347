"""What triggers and flows do around a save, and what happens to leads behind the caller's back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import Refusal

if TYPE_CHECKING:
    from ..org import Org
    from ..records.store import Row


def check_trigger(org: Org, object_name: str, records_in_call: int) -> None:
    limit = org.switches.trigger_fails_above
    if object_name == "Lead" and limit and records_in_call > limit:
        raise Refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", org.switches.trigger_text, fields=[])


def rewrite(org: Org, row: Row) -> None:
    """A flow before the save writes its own values over the caller's."""
    row.update(org.flow_writes)


def after_lead(org: Org, lead: Row, user_id: str) -> None:
    """A flow after the save puts the lead into a campaign."""
    campaign = org.store.get("Campaign", org.switches.flow_adds_member_to)
    if campaign is not None and not campaign.get("IsDeleted"):
        org.add_member(campaign["Id"], lead["Id"], org.switches.flow_member_status, user_id)


def convert(org: Org, lead_id: str) -> str:
    """Convert a lead; its memberships gain the contact. Returns the contact's id."""
    lead = org.store.rows("Lead")[lead_id]
    contact = {name: lead.get(name) for name in ("LastName", "FirstName", "Email", "Phone")}
    contact_id = org.insert("Contact", {**contact, "Name": lead["Name"]}, lead["CreatedById"])
    account_id = org.insert("Account", {"Name": lead["Company"]}, lead["CreatedById"])
    changes = {
        "IsConverted": True,
        "Status": "Closed - Converted",
        "ConvertedDate": org.now_text()[:10],
        "ConvertedContactId": contact_id,
        "ConvertedAccountId": account_id,
    }
    org.store.update("Lead", lead_id, changes)
    for member in org.store.find("CampaignMember", "LeadId", lead_id):
        org.store.update("CampaignMember", member["Id"], {"ContactId": contact_id})
    return contact_id


def merge(org: Org, loser_id: str, winner_id: str) -> None:
    """Merge one lead into another; its memberships move where the winner has none."""
    for member in org.store.find("CampaignMember", "LeadId", loser_id):
        moved = {**member, "LeadId": winner_id}
        taken = any(
            other["CampaignId"] == moved["CampaignId"]
            for other in org.store.find("CampaignMember", "LeadId", winner_id)
        )
        changes: dict[str, Any] = {"IsDeleted": True} if taken else {"LeadId": winner_id}
        org.store.update("CampaignMember", member["Id"], changes)
    org.store.update("Lead", loser_id, {"IsDeleted": True, "MasterRecordId": winner_id})


def delete(org: Org, object_name: str, record_id: str) -> None:
    """Put a record and what hangs on it into the recycle bin, where queryAll still finds it."""
    org.store.update(object_name, record_id, {"IsDeleted": True})
    parent = {"Lead": "LeadId", "Campaign": "CampaignId", "Contact": "ContactId"}.get(object_name)
    if parent is not None:
        for member in org.store.find("CampaignMember", parent, record_id):
            org.store.update("CampaignMember", member["Id"], {"IsDeleted": True})
    if object_name == "Campaign":
        for status in org.store.find("CampaignMemberStatus", "CampaignId", record_id):
            org.store.update("CampaignMemberStatus", status["Id"], {"IsDeleted": True})
