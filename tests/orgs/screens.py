"""Rows that the admin's screens are about, and what a person reads there."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from tests.orgs.salesforce_side import ACME, LEAD_FIELDS, LOGIN
from wagtail_salesforce_leads.models import (
    Delivery,
    LeadForm,
    LeadFormVersion,
    LeadSubmission,
    OrgLane,
    OrgSchema,
    SalesforceGrant,
    SalesforceOrg,
)
from wagtail_salesforce_leads.orgs.installation import installation_id
from wagtail_salesforce_leads.orgs.tokens import encrypt


def browser_of(username: str) -> Client:
    """The browser of an administrator."""
    user = User.objects.filter(username=username).first()
    client = Client()
    client.force_login(user or User.objects.create_superuser(username))
    return client


def settings_screen(client: Client, site: Site) -> str:
    """What a person reads on Settings → Salesforce."""
    url = f"/admin/settings/wagtail_salesforce_leads/salesforcesettings/{site.pk}/"
    response = client.get(url)
    assert response.status_code == 200
    return text_of(response)


def text_of(response) -> str:
    """A page in one line."""
    return " ".join(response.content.decode().split())


def connected(site: Site, org_id: str = ACME.org_id) -> SalesforceOrg:
    org = SalesforceOrg.objects.create(
        site=site,
        org_id=org_id,
        name=ACME.name,
        login_origin=LOGIN,
        instance_url=ACME.url,
        connected_at=timezone.now(),
    )
    SalesforceGrant.objects.create(
        org=org,
        access_token=encrypt("access"),
        refresh_token=encrypt("refresh"),
        installation=installation_id(),
        refreshed_at=timezone.now(),
    )
    OrgLane.objects.create(org=org)
    fields = [{"createable": True, **found} for found in LEAD_FIELDS]
    OrgSchema.objects.create(org=org, lead={"fields": fields})
    return org


def a_form(org: SalesforceOrg, title: str) -> LeadForm:
    form = LeadForm.objects.create(
        content_type=ContentType.objects.get_for_model(Page),
        object_id=str(org.site.root_page_id),
        block_id=str(uuid.uuid4()),
        site=org.site,
        title=title,
        is_open=True,
    )
    form.current_version = LeadFormVersion.objects.create(
        form=form, number=1, digest="d", definition={"fields": []}, sync=True, org=org
    )
    form.save()
    return form


def leads(
    org: SalesforceOrg, state: str, count: int = 1, *, due_at=None, cause: str = ""
) -> list[Delivery]:
    now = timezone.now()
    submission = LeadSubmission.objects.create(submitted_at=now, site=org.site)
    return Delivery.objects.bulk_create(
        Delivery(
            submission=submission,
            org=org,
            state=state,
            cause=cause,
            created_at=now,
            due_at=due_at or now,
        )
        for _ in range(count)
    )
