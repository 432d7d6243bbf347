"""What the admin home says about leads and connections: nothing while all is well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Media
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component

from wagtail_salesforce_leads.models import LeadForm, SalesforceOrg
from wagtail_salesforce_leads.numerals import grouped
from wagtail_salesforce_leads.orgs.cards import OrgCard, cards_of, unwell
from wagtail_salesforce_leads.orgs.places import settings_url
from wagtail_salesforce_leads.orgs.visible import sites_with_settings
from wagtail_salesforce_leads.publishing.drift import drifted
from wagtail_salesforce_leads.reports.standstills import Standstill, listing_url, standstills
from wagtail_salesforce_leads.reports.visible import forms_for

#: Forms that are named; the next ones come up as these are repaired.
MOST_FORMS = 5


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
    """A few queries on a quiet site. An account that holds leads up is named with them, once."""
    cards = {card.org.pk: card for card in _unwell(user)}
    leads = [_leads_line(found, cards.pop(found.org_pk, None)) for found in standstills(user)]
    return [*leads, *_form_lines(user), *(_account_line(card) for card in cards.values())]


def _unwell(user) -> list[OrgCard]:
    orgs = SalesforceOrg.objects.connected().filter(site__in=sites_with_settings(user))
    cards = cards_of(unwell(orgs).select_related("site"))
    return [card for card in cards if not card.is_healthy]


def _leads_line(found: Standstill, card: OrgCard | None) -> Line:
    if card is None:
        return Line(found.text, found.url, found.repair)
    return Line(found.text, found.url, card.trouble.sentence, settings_url(card.org.site, card.org))


def _form_lines(user) -> Iterator[Line]:
    """One for each of the first forms, to its editor for those who may edit it."""
    found = drifted(forms_for(user))
    for form, problem in found[:MOST_FORMS]:
        words = {"form": form, "account": form.current_version.org}
        text = _("“%(form)s” no longer fits %(account)s") % words
        yield Line(text, _editor(user, form), problem.message)
    if more := found[MOST_FORMS:]:
        text = ngettext(
            "%(n)s more published form no longer fits",
            "%(n)s more published forms no longer fit",
            len(more),
        )
        yield Line(text % {"n": grouped(len(more))}, _editor(user, more[0][0]))


def _editor(user, form: LeadForm) -> str:
    where = AdminURLFinder(user).get_edit_url(form.source) if form.source else None
    return where or listing_url(form=form.pk)


def _account_line(card: OrgCard) -> Line:
    where = settings_url(card.org.site, card.org)
    return Line(f"{card.org}: {card.health_label}", where, card.trouble.sentence)
