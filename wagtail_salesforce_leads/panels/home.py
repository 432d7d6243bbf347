"""What the admin home says about leads and connections: nothing while all is well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Media
from wagtail.admin.ui.components import Component

from wagtail_salesforce_leads.models import SalesforceOrg
from wagtail_salesforce_leads.orgs.cards import OrgCard, cards_of, unwell
from wagtail_salesforce_leads.orgs.places import settings_url
from wagtail_salesforce_leads.orgs.visible import sites_with_settings
from wagtail_salesforce_leads.reports.standstills import Standstill, standstills


@dataclass(frozen=True)
class Line:
    """``settings_url`` is empty where the account is no matter of this user's."""

    text: str
    url: str
    note: str = ""
    settings_url: str = ""


class LeadsPanel(Component):
    """The leads that need somebody, and the accounts that do, each for those who may see them."""

    name = "salesforce_leads"
    template_name = "wagtail_salesforce_leads/home.html"
    order = 150

    @property
    def media(self) -> Media:
        return Media(css={"all": ["wagtail_salesforce_leads/css/orgs.css"]})

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"lines": lines_for(parent_context["request"].user)}


def lines_for(user) -> list[Line]:
    """Two queries on a quiet site. An account that holds leads up is named with them, once."""
    cards = {card.org.pk: card for card in _unwell(user)}
    leads = [_leads_line(found, cards.pop(found.org_pk, None)) for found in standstills(user)]
    return leads + [_account_line(card) for card in cards.values()]


def _unwell(user) -> list[OrgCard]:
    orgs = SalesforceOrg.objects.connected().filter(site__in=sites_with_settings(user))
    cards = cards_of(unwell(orgs).select_related("site"))
    return [card for card in cards if not card.is_healthy]


def _leads_line(found: Standstill, card: OrgCard | None) -> Line:
    if card is None:
        return Line(found.text, found.url, found.repair)
    return Line(found.text, found.url, card.trouble.sentence, settings_url(card.org.site, card.org))


def _account_line(card: OrgCard) -> Line:
    where = settings_url(card.org.site, card.org)
    return Line(f"{card.org}: {card.health_label}", where, card.trouble.sentence)
