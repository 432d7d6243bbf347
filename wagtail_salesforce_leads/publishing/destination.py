"""Whether the campaign, its status and the lead source are ones that the org has. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_salesforce_leads.salesforce.describe import LeadProperty
from wagtail_salesforce_leads.submitting.payload import LEAD_SOURCE

from .definition import FormContent
from .problem import CAMPAIGN, LEAD_STATUS, SOURCE, Problem, property_gone


def lead_source_problems(
    content: FormContent, properties: dict[str, LeadProperty]
) -> Iterator[Problem]:
    chosen = content.integration.lead_source
    if not chosen:
        return
    spec = properties.get(LEAD_SOURCE)
    if spec is None:
        yield property_gone(SOURCE, LEAD_SOURCE)
    elif spec.restricted and chosen not in {choice.value for choice in spec.choices}:
        yield Problem(
            "lead_source_gone",
            SOURCE,
            _("Salesforce no longer has the lead source “%(chosen)s”. Choose another one."),
            {"chosen": chosen},
        )


def campaign_problems(content: FormContent, campaigns: dict[str, Any]) -> Iterator[Problem]:
    """No problem is reported for a campaign that was never read. None means that Salesforce was
    asked and the connected user cannot see it: deleted or hidden.
    """
    chosen = content.integration
    if not chosen.campaign_id or chosen.campaign_id not in campaigns:
        return
    campaign = campaigns[chosen.campaign_id]
    name = {"campaign": chosen.campaign_name or chosen.campaign_id}
    if campaign is None:
        yield Problem(
            "campaign_gone",
            CAMPAIGN,
            _("Salesforce no longer has the campaign “%(campaign)s”. Choose another one."),
            name,
        )
        return
    if not campaign["is_active"]:
        yield Problem(
            "campaign_inactive",
            CAMPAIGN,
            _(
                "The campaign “%(campaign)s” is not active. Activate it in Salesforce, or choose "
                "another one."
            ),
            name,
        )
    yield from _status_problems(chosen.lead_status, campaign["statuses"], name)


def _status_problems(status: str, statuses: list[str], name: dict[str, str]) -> Iterator[Problem]:
    if status and statuses and status not in statuses:
        yield Problem(
            "status_gone",
            LEAD_STATUS,
            _("The campaign “%(campaign)s” has no status “%(status)s”. Choose one of its own."),
            {**name, "status": status},
        )
