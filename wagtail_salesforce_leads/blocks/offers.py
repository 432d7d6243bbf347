"""What an org offers to an editor, as the JSON that the editor's scripts take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_salesforce_leads.models import SalesforceOrg
from wagtail_salesforce_leads.numerals import grouped
from wagtail_salesforce_leads.orgs.schema import Schema
from wagtail_salesforce_leads.salesforce.campaigns import Campaign
from wagtail_salesforce_leads.salesforce.describe import LeadProperty
from wagtail_salesforce_leads.submitting.values import FITS, TEXTS

from .words import PROPERTY_TYPES

Json = dict[str, Any]


def schema_offer(org: SalesforceOrg, schema: Schema, trouble: str = "") -> Json:
    """``trouble``: why it could not be read anew, in words."""
    lead_source = schema.properties.get("LeadSource")
    return {
        "properties": [property_offer(each, org) for each in schema.properties.values()],
        "leadSources": choice_offers(lead_source) if lead_source else [],
        "asOf": as_of(schema.read_at),
        "message": trouble,
    }


def property_offer(lead_property: LeadProperty, org: SalesforceOrg) -> Json:
    """``fields``: the field types that fit; ``refused``: why it cannot be mapped at all, or ""."""
    return {
        "name": lead_property.name,
        "label": lead_property.label,
        "type": lead_property.type.value,
        "note": note(lead_property),
        "required": lead_property.required,
        "restricted": lead_property.restricted,
        "refused": refusal(lead_property, org),
        "controller": lead_property.controller,
        "fields": [name for name, types in FITS.items() if lead_property.type in types],
        "choices": choice_offers(lead_property),
    }


def choice_offers(lead_property: LeadProperty) -> list[Json]:
    return [{"value": choice.value, "label": choice.label} for choice in lead_property.choices]


def note(lead_property: LeadProperty) -> str:
    """Its type, and how much it holds where that is short enough to matter."""
    name = PROPERTY_TYPES[lead_property.type]
    if lead_property.type in TEXTS and lead_property.max_length:
        most = grouped(lead_property.max_length)
        return _("%(type)s, up to %(count)s") % {"type": name, "count": most}
    return str(name)


def refusal(lead_property: LeadProperty, org: SalesforceOrg) -> str:
    if lead_property.name == org.submission_id_field:
        return _("holds the submission's id")
    if lead_property.controller:
        return _("depends on %(name)s, not supported") % {"name": lead_property.controller}
    return ""


def as_of(read_at: datetime | None) -> str:
    if read_at is None:
        return ""
    local = timezone.localtime(read_at)
    is_today = local.date() == timezone.localdate()
    shown = date_format(local, "TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT")
    return _("as of %(time)s") % {"time": shown}


def campaign_offers(campaigns: Iterable[Campaign]) -> list[Json]:
    return [
        {"id": campaign.id, "name": campaign.name, "dates": _dates(campaign)}
        for campaign in campaigns
    ]


def _dates(campaign: Campaign) -> str:
    if not campaign.start_date and not campaign.end_date:
        return ""
    return f"{campaign.start_date} – {campaign.end_date}"
