"""Every screen of the package in the admin: accessible, in both schemes, wide and on a phone, and
with nothing that a strict content security policy would stop."""

from __future__ import annotations

import itertools
import uuid

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from wagtail.models import Site
from wagtail.users.models import UserProfile

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
        live.make_page(),
        org=orgs[0],
        sync=True,
        campaign_id="7015g000000AAAAEA4",
        campaign_name="Spring fair",
        member_status="Registered",
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


#: What the first try saw, by the state it led to. What is due was not tried, what is held not sent.
TRIES = {
    Delivery.State.SENDING: {},
    Delivery.State.WAITING: {"calls": [1], "http_status": 200},
    Delivery.State.FAILED: {
        "calls": [1],
        "http_status": 200,
        "message": "Company: data value too large: Acme … (max length=255)",
    },
    Delivery.State.UNKNOWN: {"calls": [1], "http_status": 503},
    Delivery.State.DONE: {
        "result": "delivered",
        "calls": [1],
        "http_status": 200,
        "steps": [["lead_created", ""], ["member_added", ""], ["status_read", "Registered"]],
    },
}


def deliver(submission: LeadSubmission, state: str) -> None:
    lead = {"LastName": "Lee", "Email": "ann@example.com", "Company": "Acme"}
    delivery = enqueue(submission, submission.version, lead)
    cause, fields = CAUSES.get(state, ("", []))
    lead_id = f"00Q5g00{submission.pk:08d}EA4" if state == Delivery.State.DONE else None
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, cause=cause, cause_fields=fields, lead_id=lead_id
    )
    if state in TRIES:
        seen = {"result": cause, **TRIES[state]}
        delivery.tries.create(claim_token=uuid.uuid4(), started_at=timezone.now(), **seen)


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


def box(place) -> tuple[float, float, float, float]:
    found = place.bounding_box()
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def test_long_addresses_wrap_on_a_phone(admin: Page, wagtail_site):
    submissions = submissions_of(orgs_of(wagtail_site))
    address = f"{'long' * 30}@example.com"
    LeadSubmission.objects.update(who=address)
    admin.set_viewport_size({"width": 390, "height": 1000})
    named = ["wagtail_salesforce_leads", "leadsubmission", "resend"]
    bulk = reverse("wagtail_bulk_action", args=named)
    failed = submissions[Delivery.State.FAILED].pk
    for screen in (
        reverse("wagtail_salesforce_leads_reports:index"),
        f"{bulk}?id={failed}",
        reverse("wagtail_salesforce_leads_reports:delete", args=[failed]),
    ):
        admin.goto(screen)
        text = admin.locator("main :is(td a, .nice-padding li, .nice-padding p)")
        text = text.filter(has_text=address).first
        right = text.evaluate(
            """(element) => {
                const range = document.createRange();
                range.selectNodeContents(element);
                return range.getBoundingClientRect().right;
            }"""
        )
        assert right <= 390 - 10, screen


def test_buttons_that_wrap_stand_below_each_other_on_a_phone(admin: Page, wagtail_site):
    org = orgs_of(wagtail_site)[0]
    admin.set_viewport_size({"width": 390, "height": 1000})
    UserProfile.objects.create(user=User.objects.get(), preferred_language="ja")
    admin.goto(reverse("wagtail_salesforce_leads_orgs:confirm_copy", args=[org.pk]))
    first, second = admin.locator("main .wsl-buttons .button").all()
    assert box(second)[1] > box(first)[3]
    assert box(second)[0] == box(first)[0]


def test_menu_button_covers_no_message_on_a_phone(admin: Page, wagtail_site):
    admin.set_viewport_size({"width": 390, "height": 1000})
    admin.goto("/admin/salesforce/callback/?state=unknown&error=access_denied")
    message = admin.locator(".messages li").first
    message.evaluate("(element) => element.append(' long'.repeat(60))")
    toggle = admin.locator(".sidebar-nav-toggle").first
    start = message.evaluate(
        "(element) => element.getBoundingClientRect().left"
        " + parseFloat(getComputedStyle(element).paddingInlineStart)"
    )
    assert box(toggle)[1] < box(message)[3], "beside the message"
    assert start >= box(toggle)[2]
