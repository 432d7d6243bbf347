"""Counts on the admin's screens have the separators of their reader's language."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.models import Site
from wagtail.users.models import UserProfile

from tests.orgs.screens import browser_of, connected, leads, settings_screen, text_of
from wagtail_salesforce_leads.models import Delivery, LeadSubmission, OrgLane

pytestmark = pytest.mark.django_db

State = Delivery.State
SAID = {
    "en": {
        "card": ("1,534 on their way", "1,204 of 115,000"),
        "report": ("1,534 leads are on their way", "1,200 leads need you"),
        "home": ("1,200 leads need you", "1,001 leads are held"),
        "move": ("2,535 leads wait",),
    },
    "ja": {
        "card": ("送信待ち1,534件", "115,000"),
        "report": ("1,534件", "1,200件"),
        "home": ("1,200件", "1,001件"),
        "move": ("2,535件",),
    },
}


@pytest.mark.parametrize("everywhere", [False, True])
@pytest.mark.parametrize("language", SAID)
def test_counts_are_grouped_on_every_screen(settings, language, everywhere):
    settings.USE_THOUSAND_SEPARATOR = everywhere
    site = Site.objects.get()
    org = connected(site)
    OrgLane.objects.update(api_used=1204, api_limit=115_000)
    for state, count in ((State.DUE, 1534), (State.FAILED, 1200), (State.HELD, 1001)):
        leads(org, state, count, cause=Delivery.Hold.RESERVE if state == State.HELD else "")
    browser = browser_of("ada")
    UserProfile.objects.create(user=User.objects.get(), preferred_language=language)
    shown = {
        "card": settings_screen(browser, site),
        "report": text_of(browser.get(reverse("wagtail_salesforce_leads_reports:index"))),
        "home": text_of(browser.get("/admin/")),
        "move": text_of(
            browser.get(reverse("wagtail_salesforce_leads_reports:move", args=[org.pk]))
        ),
    }
    missing = {
        (screen, words)
        for screen, said in SAID[language].items()
        for words in said
        if words not in shown[screen]
    }
    assert missing == set()


def test_what_forms_hand_back_is_never_grouped(settings):
    """Ids past a thousand, on a site that groups every number."""
    settings.USE_THOUSAND_SEPARATOR = True
    org = connected(Site.objects.get())
    (delivery,) = leads(org, State.FAILED)
    LeadSubmission.objects.create(pk=123_456, site=org.site, submitted_at=delivery.created_at)
    Delivery.objects.update(submission=123_456, lead={"LastName": "Lee"})
    browser = browser_of("ada")
    bulk = reverse(
        "wagtail_bulk_action", args=["wagtail_salesforce_leads", "leadsubmission", "resend"]
    )
    assert 'name="confirmed" value="123456"' in text_of(browser.get(f"{bulk}?id=123456"))
    listing = text_of(browser.get(reverse("wagtail_salesforce_leads_reports:index")))
    assert "/123456/resend/" in listing
    assert "123,456" not in listing
