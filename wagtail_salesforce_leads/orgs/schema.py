"""What forms may fill in an org, as of when it was last read.

Kept in the database, so that editing and publishing go on while Salesforce is away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from wagtail_salesforce_leads.models import OrgSchema, SalesforceOrg
from wagtail_salesforce_leads.salesforce import campaigns
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.describe import LeadProperty, lead_properties, trim
from wagtail_salesforce_leads.salesforce.errors import SalesforceProblem

from . import access, marks
from .unavailable import OrgSilent, OrgUnavailable

Json = dict[str, Any]
T = TypeVar("T")

#: What was read within this time is not asked for again.
FRESH = timedelta(minutes=1)
#: Campaigns that are kept; the ones read longest ago make room.
CAMPAIGNS_KEPT = 500


@dataclass(frozen=True)
class Schema:
    """``campaigns``: id -> {"name", "is_active", "statuses": [label], "default_status", "read_at"},
    or None for one that is not there for the connected user. One that nobody asked for is missing.
    """

    properties: dict[str, LeadProperty] = field(default_factory=dict)
    campaigns: dict[str, Json | None] = field(default_factory=dict)
    read_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        return self.read_at is not None

    @property
    def is_fresh(self) -> bool:
        """Read so short a time ago that the org need not be asked again."""
        return _is_fresh(self.read_at)


def schema_of(org: SalesforceOrg) -> Schema:
    """As it was last read; asks nobody."""
    stored = OrgSchema.objects.filter(org=org).first()
    if stored is None:
        return Schema()
    properties = {found.name: found for found in lead_properties(stored.lead)}
    known = {pk: entry if entry["name"] else None for pk, entry in stored.campaigns.items()}
    return Schema(properties, known, stored.read_at)


def fresh(org: SalesforceOrg) -> Schema:
    """Read anew if it is older than a minute and the org answers in an editor's time."""
    known = schema_of(org)
    if known.is_fresh:
        return known
    try:
        with access.budget():
            refresh(org)
    except OrgUnavailable:
        return known
    return schema_of(org)


def refresh(org: SalesforceOrg, *, force: bool = False) -> None:
    """Read the properties of Lead. One API call. Raises OrgUnavailable.

    ``force``: also when the org says that nothing changed, since what our user may see can change
    without its taking note.
    """
    stored = OrgSchema.objects.filter(org=org).first()
    since = stored.last_modified or None if stored and not force else None

    def read(client: SalesforceClient) -> tuple[Json | None, str]:
        answer = client.describe_lead(since)
        marks.note_usage(org, client.last_answer.usage)
        return answer

    keep(org, *ask(org, read))


def keep(org: SalesforceOrg, describe: Json | None, last_modified: str) -> None:
    """Store a describe of Lead that was just read; None: nothing has changed."""
    values: Json = {"read_at": timezone.now(), "last_modified": last_modified[:40]}
    if describe is not None:
        values["lead"] = trim(describe)
    OrgSchema.objects.update_or_create(org=org, defaults=values)


def campaign(org: SalesforceOrg, campaign_id: str) -> Json | None:
    """The campaign with its statuses (see :class:`Schema`), read anew if older than a minute.

    None if it is gone or hidden, or was never read and the org does not answer now.
    """
    known = schema_of(org).campaigns.get(campaign_id)
    if known and _is_fresh(parse_datetime(known["read_at"])):
        return known
    try:
        with access.budget():
            entry = ask(org, lambda client: _read_campaign(client, campaign_id))
    except OrgUnavailable:
        return known
    _keep_campaign(org, campaign_id, entry)
    return entry if entry["name"] else None


def ask(org: SalesforceOrg, question: Callable[[SalesforceClient], T]) -> T:
    """``access.call``, for those who only want to know whether they got an answer.

    Raises nothing but OrgUnavailable.
    """
    try:
        return access.call(org, question)
    except SalesforceProblem as problem:
        silent = OrgSilent(problem.code)
    raise silent


def _is_fresh(read_at: datetime | None) -> bool:
    return read_at is not None and timezone.now() - read_at < FRESH


def _read_campaign(client: SalesforceClient, campaign_id: str) -> Json:
    entry: Json = {"name": "", "read_at": timezone.now().isoformat()}
    if found := campaigns.get(client, campaign_id):
        labels = campaigns.statuses(client, campaign_id)
        entry |= {
            "name": found.name,
            "is_active": found.is_active,
            "statuses": [status.label for status in labels],
            "default_status": next((each.label for each in labels if each.is_default), ""),
        }
    return entry


def _keep_campaign(org: SalesforceOrg, campaign_id: str, entry: Json) -> None:
    with transaction.atomic():
        stored = OrgSchema.objects.select_for_update().filter(org=org).first()
        if stored is None:
            return
        kept = {**stored.campaigns, campaign_id: entry}
        latest = sorted(kept.items(), key=lambda item: item[1]["read_at"])[-CAMPAIGNS_KEPT:]
        OrgSchema.objects.filter(pk=stored.pk).update(campaigns=dict(latest))
