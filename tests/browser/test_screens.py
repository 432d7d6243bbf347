"""Every screen of the package in the admin: accessible, in both schemes, wide and on a phone, and
with nothing that a strict content security policy would stop."""

from __future__ import annotations

import itertools
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from wagtail.models import Site

from tests.browser.accessibility import accessibility_faults
from tests.browser.policy import enforce, stopped
from tests.orgs.screens import a_form, connected
from tests.submitting import live
from wagtail_salesforce_leads.delivery.outbox import enqueue
from wagtail_salesforce_leads.models import Delivery, LeadSubmission, OrgLane, SalesforceOrg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CAUSES = {
    Delivery.State.FAILED: ("STRING_TOO_LONG", ["Company"]),
    Delivery.State.WAITING: ("UNABLE_TO_LOCK_ROW", []),
    Delivery.State.HELD: (Delivery.Hold.RECONNECT, []),
    Delivery.State.UNKNOWN: ("answer_lost", []),
}


def orgs_of(site: Site) -> list[SalesforceOrg]:
    """One in each health."""
    numbers = itertools.count()
    orgs = []
    for health in OrgLane.Health.values:
        org = connected(site, f"00D00000000000{next(numbers)}EAA")
        OrgLane.objects.filter(org=org).update(
            health=health,
            health_since=timezone.now(),
            checked_at=timezone.now(),
            report=[
                {"code": "sign_in", "ok": True, "detail": ""},
                {"code": "api_enabled", "ok": False, "detail": ""},
            ],
            api_used=1204,
            api_limit=115_000,
            api_read_at=timezone.now(),
        )
        orgs.append(org)
    return orgs


def submissions_of(orgs: list[SalesforceOrg]) -> dict[str, LeadSubmission]:
    """One in each state, by state; "" where sync was off."""
    a_form(orgs[0], "Contact")
    version = live.publish(
        live.make_page(), org=orgs[0], sync=True, campaign_id="7015g000000AAAAEA4"
    )
    made = {}
    for state in ["", *Delivery.State.values]:
        made[state] = LeadSubmission.objects.create(
            form=version.form,
            version=version,
            site=orgs[0].site,
            submitted_at=timezone.now(),
            answers=live.ANSWERS,
            who=f"Lee {'long' * 8}@example.com",
            form_title="資料請求",
            page_title="Landing",
        )
        if state:
            deliver(made[state], state)
    return made


def deliver(submission: LeadSubmission, state: str) -> None:
    delivery = enqueue(submission, submission.version, {"LastName": "Lee", "Company": "Acme"})
    cause, fields = CAUSES.get(state, ("", []))
    lead_id = f"00Q5g00000{submission.pk:05d}EA4" if state == Delivery.State.DONE else None
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, cause=cause, cause_fields=fields, lead_id=lead_id
    )
    delivery.tries.create(
        kind="lead",
        claim_token=uuid.uuid4(),
        started_at=timezone.now(),
        result=cause,
        message="Company: too long",
    )


@pytest.fixture
def addresses(wagtail_site) -> list[str]:
    orgs = orgs_of(wagtail_site)
    submissions = submissions_of(orgs)
    org, failed = orgs[0].pk, submissions[Delivery.State.FAILED].pk
    done = submissions[Delivery.State.DONE].pk
    named = ["wagtail_salesforce_leads", "leadsubmission"]
    return [
        reverse("wagtailadmin_home"),
        "/admin/settings/wagtail_salesforce_leads/salesforcesettings/",
        *(
            reverse(f"wagtail_salesforce_leads_orgs:{name}", args=[org])
            for name in ("options", "forms", "disconnect", "confirm_copy")
        ),
        reverse("wagtail_salesforce_leads_orgs:connect", args=[orgs[0].site_id]),
        reverse("wagtail_salesforce_leads_reports:index"),
        reverse("wagtail_salesforce_leads_reports:move", args=[org]),
        *(
            reverse("wagtail_salesforce_leads_reports:detail", args=[submissions[state].pk])
            for state in ("", Delivery.State.DONE, Delivery.State.FAILED, Delivery.State.UNKNOWN)
        ),
        reverse("wagtail_salesforce_leads_reports:send_as_new", args=[done]),
        reverse("wagtail_salesforce_leads_reports:delete", args=[done]),
        f"{reverse('wagtail_bulk_action', args=[*named, 'resend'])}?id={failed}",
        f"{reverse('wagtail_bulk_action', args=[*named, 'delete'])}?id={failed}",
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_screens_are_accessible_fit_and_keep_a_strict_policy(admin: Page, addresses, scheme, width):
    admin.emulate_media(color_scheme=scheme)
    admin.set_viewport_size({"width": width, "height": 1000})
    enforce(admin)
    for address in addresses:
        admin.goto(address)
        admin.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        faults = accessibility_faults(admin, within="main")
        assert faults == [], address
        assert admin.evaluate("document.documentElement.scrollWidth") <= width, address
        assert stopped(admin) == [], address
