"""The cards of a site's connected orgs, above the form of its Salesforce setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Media
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Site

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import SalesforceOrg
from wagtail_salesforce_leads.orgs.cards import cards_of
from wagtail_salesforce_leads.orgs.connect_words import shown_by_salesforce
from wagtail_salesforce_leads.orgs.forms import SignInForm
from wagtail_salesforce_leads.orgs.pending import redirect_uri
from wagtail_salesforce_leads.orgs.visible import may_connect


def guide_context() -> dict[str, Any]:
    """What the set-up guide needs to know."""
    return {"callback_url": redirect_uri(), "login_errors": shown_by_salesforce()}


class ConnectedOrgs(Component):
    """``checked`` is the id of the org that has just been checked: its findings are unfolded."""

    template_name = "wagtail_salesforce_leads/orgs/connected_orgs.html"

    def __init__(self, user, site: Site, checked: str = "") -> None:
        self.user = user
        self.site = site
        self.checked = checked

    @property
    def media(self) -> Media:
        return Media(css={"all": ["wagtail_salesforce_leads/css/orgs.css"]})

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "cards": cards_of(SalesforceOrg.objects.for_site(self.site)),
            "checked": self.checked,
            "may_connect": may_connect(self.user, self.site),
            "has_default_app": bool(settings.CLIENT_ID),
            "default_login": settings.LOGIN_URL,
            "sign_in_form": SignInForm(),
            "connect_url": reverse("wagtail_salesforce_leads_orgs:connect", args=[self.site.pk]),
            **guide_context(),
            "csrf_token": parent_context.get("csrf_token"),
        }
