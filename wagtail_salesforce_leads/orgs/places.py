"""Where the screens of connected orgs are in the admin."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from wagtail_salesforce_leads.models import SalesforceOrg

from .visible import may_change_settings


def settings_url(site: Site | None, org: SalesforceOrg | None = None) -> str:
    """The settings screen of a site, at the card of an org; of the user's own site without one."""
    name = ["wagtail_salesforce_leads", "salesforcesettings"]
    url = reverse("wagtailsettings:edit", args=[*name, site.pk] if site else name)
    return f"{url}#org-{org.pk}" if org else url


class OrgURLFinder:
    """Lets Wagtail's site history link to the card of an org."""

    def __init__(self, user) -> None:
        self.user = user

    def get_edit_url(self, org: SalesforceOrg) -> str | None:
        if org.site and may_change_settings(self.user, org.site):
            return settings_url(org.site, org)
        return None


def breadcrumbs(site: Site, label: str) -> list[dict]:
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": settings_url(site), "label": "Salesforce"},
        {"url": "", "label": label},
    ]
