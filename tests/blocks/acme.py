"""An org of the simulator, connected to the test site."""

from __future__ import annotations

from django.utils import timezone
from wagtail.models import Site

from sandbox.salesforce.launch import Simulator
from wagtail_salesforce_leads.models import SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.orgs.installation import installation_id
from wagtail_salesforce_leads.orgs.tokens import encrypt


def connect(salesforce: Simulator, settings, site: Site | None = None) -> SalesforceOrg:
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "LOGIN_URL": salesforce.login_url,
        "EXTRA_HOSTS": (salesforce.login_url, salesforce.instance_url()),
        # Room for a machine that does other things meanwhile.
        "EDITOR_BUDGET": 10.0,
    }
    token = salesforce.grant()
    org = SalesforceOrg.objects.create(
        site=site or Site.objects.get(is_default_site=True),
        org_id=token["id"].split("/")[-2],
        name="Acme KK",
        login_origin=salesforce.login_url,
        instance_url=token["instance_url"],
        connected_at=timezone.now(),
    )
    SalesforceGrant.objects.create(
        org=org,
        access_token=encrypt(token["access_token"]),
        refresh_token=encrypt(token["refresh_token"]),
        installation=installation_id(),
        refreshed_at=timezone.now(),
    )
    return org
