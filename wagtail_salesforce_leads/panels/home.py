"""What the admin home says about leads and connections: nothing while all is well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Media
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component

from wagtail_salesforce_leads.models import LeadForm, SalesforceOrg
from wagtail_salesforce_leads.orgs.cards import OrgCard, cards_of, unwell
from wagtail_salesforce_leads.orgs.places import settings_url
from wagtail_salesforce_leads.orgs.visible import sites_with_settings
from wagtail_salesforce_leads.publishing.drift import drifted
from wagtail_salesforce_leads.publishing.problem import Problem
from wagtail_salesforce_leads.reports.standstills import Standstill, listing_url, standstills
from wagtail_salesforce_leads.reports.visible import forms_for

#: Forms that a line names; the next ones come up as these are repaired.
MOST_FORMS = 3


@dataclass(frozen=True)
class Line:
    """``settings_url`` is empty where the account is no matter of this user's."""

    text: str
    url: str
    note: str = ""
    settings_url: str = ""


class LeadsPanel(Component):
    """The leads, forms and accounts that need somebody, each for those who may see them."""

    name = "salesforce_leads"
    template_name = "wagtail_salesforce_leads/home.html"
    order = 150

    @property
    def media(self) -> Media:
        return Media(css={"all": ["wagtail_salesforce_leads/css/orgs.css"]})

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {"lines": lines_for(parent_context["request"].user)}


def lines_for(user) -> list[Line]:
    """Three queries on a quiet site. An account that holds leads up is named with them, once."""
    cards = {card.org.pk: card for card in _unwell(user)}
    leads = [_leads_line(found, cards.pop(found.org_pk, None)) for found in standstills(user)]
    forms = [_forms_line(user, org, found) for org, found in drifted(forms_for(user)).items()]
    return leads + forms + [_account_line(card) for card in cards.values()]


def _unwell(user) -> list[OrgCard]:
    orgs = SalesforceOrg.objects.connected().filter(site__in=sites_with_settings(user))
    cards = cards_of(unwell(orgs).select_related("site"))
    return [card for card in cards if not card.is_healthy]


def _leads_line(found: Standstill, card: OrgCard | None) -> Line:
    if card is None:
        return Line(found.text, found.url, found.repair)
    return Line(found.text, found.url, card.trouble.sentence, settings_url(card.org.site, card.org))


def _forms_line(user, org: SalesforceOrg, found: list[tuple[LeadForm, Problem]]) -> Line:
    """Leads to the editor of the first one, for those who may edit it."""
    text = ngettext(
        "%(n)d published form no longer fits %(account)s",
        "%(n)d published forms no longer fit %(account)s",
        len(found),
    )
    first = found[0][0]
    where = AdminURLFinder(user).get_edit_url(first.source) if first.source else None
    note = " ".join(f"{form}: {problem.message}" for form, problem in found[:MOST_FORMS])
    return Line(text % {"n": len(found), "account": org}, where or listing_url(form=first.pk), note)


def _account_line(card: OrgCard) -> Line:
    where = settings_url(card.org.site, card.org)
    return Line(f"{card.org}: {card.health_label}", where, card.trouble.sentence)
