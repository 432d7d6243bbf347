"""Connecting an org to the soak's site, and again where a kill hit the token call."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone
from wagtail.models import Site

from sandbox.salesforce.launch import Simulator
from wagtail_salesforce_leads.delivery import lane
from wagtail_salesforce_leads.models import SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.orgs import marks
from wagtail_salesforce_leads.orgs.installation import installation_id
from wagtail_salesforce_leads.orgs.tokens import encrypt

SUBMISSION_ID_FIELD = "Wagtail_Submission_Id__c"


def connect(salesforce: Simulator, number: int, *, with_field: bool) -> SalesforceOrg:
    token = salesforce.grant(org=number)
    org_id, user_id = token["id"].split("/")[-2:]
    org = SalesforceOrg.objects.create(
        site=Site.objects.get(),
        org_id=org_id,
        name=f"Org {number}",
        login_origin=salesforce.login_url,
        instance_url=token["instance_url"],
        user_id=user_id,
        submission_id_field=SUBMISSION_ID_FIELD if with_field else "",
        connected_at=timezone.now(),
    )
    SalesforceGrant.objects.create(org=org, **_of(token))
    lane.lane_of(org.pk)
    return org


def reconnect_dead(salesforce: Simulator) -> int:
    """Reconnect orgs whose grant a kill cost, as a person would. Returns how many."""
    dead = SalesforceGrant.objects.exclude(dead_code="").select_related("org")
    for number, grant in enumerate(dead, 1):
        token = salesforce.grant(org=_number(salesforce, grant.org))
        SalesforceGrant.objects.filter(pk=grant.pk).update(
            **_of(token),
            generation=F("generation") + 1,
            dead_code="",
            dead_at=None,
            claim_token=None,
            lease_until=None,
            sent_at=None,
            retry_at=None,
        )
        marks.came_back(grant.org)
        if number == len(dead):
            return number
    return 0


def _number(salesforce: Simulator, org: SalesforceOrg) -> int:
    urls = [instance["url"] for instance in salesforce.greeting["instances"]]
    return urls.index(org.instance_url) + 1


def _of(token: dict) -> dict:
    return {
        "access_token": encrypt(token["access_token"]),
        "refresh_token": encrypt(token["refresh_token"]),
        "scopes": token["scope"],
        "installation": installation_id(),
        "refreshed_at": timezone.now(),
    }
