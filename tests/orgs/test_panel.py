from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Site

from tests.orgs.screens import a_form, connected, leads, settings_screen
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceGrant, SalesforceOrg

pytestmark = pytest.mark.django_db(transaction=True)


def test_empty_site_shows_what_connecting_is_good_for_and_how(browser, site):
    text = settings_screen(browser, site)

    assert "No Salesforce account is connected to this site yet" in text
    assert "http://testserver/admin/salesforce/callback/" in text
    assert "Require Proof Key for Code Exchange (PKCE)" in text


def test_site_without_a_default_app_offers_the_form_with_the_key(browser, site, settings):
    settings.WAGTAIL_SALESFORCE_LEADS = {"ENCRYPTION_KEYS": ("k",)}

    text = settings_screen(browser, site)

    assert "Connect with the consumer key of your app" in text
    assert text.count("Continue with Salesforce") == 1


def test_screen_of_another_site_does_not_show_the_org(browser, site, acme):
    other = Site.objects.create(hostname="other.example", root_page=site.root_page, port=81)

    text = settings_screen(browser, other)

    assert "No Salesforce account is connected to this site yet" in text
    assert "Acme" not in text
    assert 'id="settings-site-switch"' in text


def test_card_counts_the_leads_of_seven_days_and_what_needs_somebody(browser, site, acme):
    leads(acme, Delivery.State.DONE, 3)
    leads(acme, Delivery.State.DONE, 2, due_at=timezone.now() - timedelta(days=5))
    leads(acme, Delivery.State.DONE, 9, due_at=timezone.now() - timedelta(days=8))
    leads(acme, Delivery.State.FAILED, 2, due_at=timezone.now() - timedelta(days=30))
    leads(acme, Delivery.State.HELD, 4, cause=Delivery.Hold.RESERVE)
    leads(acme, Delivery.State.HELD, 1, cause=Delivery.Hold.SPAM)

    text = settings_screen(browser, site)

    assert "5 sent" in text
    assert "2 need you</a>" in text
    assert "4 leads are held." in text


def test_card_says_how_many_of_a_backlog_are_on_their_way(browser, site, acme):
    assert "on their way" not in settings_screen(browser, site)

    for state in (Delivery.State.DUE, Delivery.State.SENDING, Delivery.State.UNKNOWN):
        leads(acme, state, 2)

    assert "0 sent · 6 on their way" in settings_screen(browser, site)


def test_card_shows_api_use_with_its_reserve(browser, site, acme):
    OrgLane.objects.update(api_used=1204, api_limit=115000)

    text = settings_screen(browser, site)

    assert "1,204 of 115,000" in text
    assert "10% kept in reserve" in text
    assert "Send anyway" not in text


def test_card_offers_to_send_anyway_only_when_the_reserve_is_reached(browser, site, acme):
    OrgLane.objects.update(api_used=14000, api_limit=15000)

    assert "Send anyway" in settings_screen(browser, site)


def test_card_of_a_dead_grant_says_why_and_how_to_repair_it(browser, site, acme):
    since = timezone.now()
    OrgLane.objects.update(health="reconnect", health_code="interrupted", health_since=since)
    leads(acme, Delivery.State.HELD, 17, cause=Delivery.Hold.RECONNECT)

    text = settings_screen(browser, site)

    assert "Needs reconnecting" in text
    assert "A refresh was interrupted" in text
    assert "17 leads are held. None is lost" in text


@pytest.mark.parametrize(
    ("health", "words"),
    [
        ("idle", "was not used for three weeks"),
        ("permission", "may not do all that leads need"),
        ("api_limit", "Few of the org&#x27;s API calls are left"),
        ("unreachable", "Salesforce does not answer"),
        ("copy", "belongs to another installation"),
    ],
)
def test_card_has_words_for_each_health(browser, site, acme, health, words):
    OrgLane.objects.update(health=health)

    assert words in settings_screen(browser, site)


def test_card_tells_an_idle_grant_though_no_worker_has_checked_it(browser, site, acme):
    since = timezone.now() - timedelta(days=22)
    OrgLane.objects.update(health_since=since)
    SalesforceGrant.objects.update(refreshed_at=since)

    text = settings_screen(browser, site)

    assert "was not used for three weeks" in text
    assert f"since {date_format(since, 'DATETIME_FORMAT')}" not in text


def test_card_names_the_submission_id_field_or_offers_to_choose_one(browser, site, acme):
    assert "Choose a submission id field" in settings_screen(browser, site)

    SalesforceOrg.objects.update(submission_id_field="Submission_Id__c")

    assert "At most one lead each" in settings_screen(browser, site)


def test_card_links_to_the_forms_that_use_it(browser, site, acme):
    a_form(acme, "Contact")

    assert "Used by 1 published form<" in settings_screen(browser, site)


def test_queries_are_as_many_for_one_org_as_for_five(
    browser,
    site,
    acme,
    django_assert_max_num_queries,
):
    settings_screen(browser, site)
    with django_assert_max_num_queries(100) as one:
        settings_screen(browser, site)
    for number in range(4):
        other = connected(site, org_id=f"00D00000000000{number + 2}EAA")
        leads(other, Delivery.State.DONE, 2)
    with django_assert_max_num_queries(100) as five:
        settings_screen(browser, site)

    assert len(five) == len(one)


def test_card_says_of_a_moment_ago_that_it_was_just_now(browser, site, acme):
    OrgLane.objects.update(last_lead_at=timezone.now(), checked_at=timezone.now())

    text = settings_screen(browser, site)

    assert "checked just now" in text
    assert "last lead just now" in text
