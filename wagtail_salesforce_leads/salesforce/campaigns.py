"""Campaigns and the statuses that their members can have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simple_salesforce.format import format_soql

from .client import SalesforceClient
from .ids import id18

CAMPAIGN_FIELDS = "Id, Name, IsActive, Status, Type, StartDate, EndDate"
STATUS_FIELDS = "Id, Label, IsDefault, HasResponded, SortOrder"


@dataclass(frozen=True)
class Campaign:
    """A campaign as its chooser shows it. Dates are ISO texts, "" where the org has none."""

    id: str
    name: str
    is_active: bool
    status: str = ""
    type: str = ""
    start_date: str = ""
    end_date: str = ""


@dataclass(frozen=True)
class MemberStatus:
    """One of a campaign's own member statuses; ``label`` is what CampaignMember.Status takes."""

    label: str
    is_default: bool
    has_responded: bool


def search(client: SalesforceClient, term: str = "", limit: int = 50) -> list[Campaign]:
    """Active campaigns whose name holds the term, by name. A blank term gives the first ones."""
    soql = format_soql(
        f"SELECT {CAMPAIGN_FIELDS} FROM Campaign WHERE IsActive = true"
        " AND Name LIKE '%{:like}%' ORDER BY Name LIMIT {}",
        term.strip(),
        limit,
    )
    return [_campaign(row) for row in client.query(soql)]


def get(client: SalesforceClient, campaign_id: str) -> Campaign | None:
    """The campaign, active or not, or None when it is gone or hidden from the connected user."""
    soql = f"SELECT {CAMPAIGN_FIELDS} FROM Campaign WHERE Id = {{}}"
    rows = client.query(format_soql(soql, id18(campaign_id)))
    return _campaign(rows[0]) if rows else None


def statuses(client: SalesforceClient, campaign_id: str) -> list[MemberStatus]:
    """In the org's own order. Each campaign has its own; one of them is its default."""
    soql = format_soql(
        f"SELECT {STATUS_FIELDS} FROM CampaignMemberStatus"
        " WHERE CampaignId = {} ORDER BY SortOrder",
        id18(campaign_id),
    )
    return [
        MemberStatus(row["Label"], bool(row["IsDefault"]), bool(row["HasResponded"]))
        for row in client.query(soql)
    ]


def _campaign(row: Mapping[str, Any]) -> Campaign:
    return Campaign(
        id=id18(row["Id"]),
        name=row["Name"],
        is_active=bool(row["IsActive"]),
        status=row.get("Status") or "",
        type=row.get("Type") or "",
        start_date=row.get("StartDate") or "",
        end_date=row.get("EndDate") or "",
    )
