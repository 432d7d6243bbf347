from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupSitePermission, ModelLogEntry, Site

from tests.orgs.salesforce_side import ACME
from tests.orgs.screens import a_form, connected, settings_screen, text_of
from wagtail_salesforce_leads.models import (
    Delivery,
    LeadSubmission,
    OrgLane,
    OrgSchema,
    SalesforceGrant,
    SalesforceOrg,
)
from wagtail_salesforce_leads.orgs.installation import installation_id
from wagtail_salesforce_leads.orgs.tokens import encrypt
from wagtail_salesforce_leads.orgs.visible import org_or_404, orgs_of

pytestmark = pytest.mark.django_db(transaction=True)

ACTS = ["reconnect", "check", "refresh_fields", "send_anyway"]
SCREENS = ["options", "forms", "disconnect", "confirm_copy"]


def address(name: str, org: SalesforceOrg) -> str:
    return reverse(f"wagtail_salesforce_leads_orgs:{name}", args=[org.pk])


def editor_of(site: Site, *codenames: str) -> Client:
    """Somebody whose group has these permissions for ``site`` alone."""
    group = Group.objects.create(name="Their editors")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in codenames:
        permission = Permission.objects.get(codename=codename)
        GroupSitePermission.objects.create(group=group, site=site, permission=permission)
    user = User.objects.create_user("eve")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


# Who may


@pytest.mark.parametrize("name", ACTS + SCREENS)
def test_open_of_another_sites_org_is_not_found(site, acme, name):
    other = Site.objects.create(hostname="other.example", root_page=site.root_page, port=81)
    client = editor_of(other, "change_salesforcesettings", "connect_salesforceorg")

    assert client.post(address(name, acme)).status_code == 404
    assert client.get(address(name, acme)).status_code in (404, 405)


@pytest.mark.parametrize("name", ACTS + SCREENS)
def test_open_with_the_settings_permission_alone_is_not_found(site, acme, name):
    client = editor_of(site, "change_salesforcesettings")

    assert client.post(address(name, acme)).status_code == 404
    acme.refresh_from_db()
    assert acme.is_connected


@pytest.mark.parametrize("name", ACTS)
def test_get_of_an_act_does_nothing(browser, acme, name):
    assert browser.get(address(name, acme)).status_code == 405


def test_settings_screen_without_the_connect_permission_has_no_buttons(site, acme):
    shown = settings_screen(editor_of(site, "change_salesforcesettings"), site)

    assert "Acme KK" in shown
    assert "Disconnect…" not in shown
    assert "Continue with Salesforce" not in shown


def test_connect_for_another_site_is_denied(site):
    other = Site.objects.create(hostname="other.example", root_page=site.root_page, port=81)
    client = editor_of(other, "change_salesforcesettings", "connect_salesforceorg")

    url = reverse("wagtail_salesforce_leads_orgs:connect", args=[site.pk])
    assert client.post(url, {"login": "https://login.salesforce.com"}).url == "/admin/"


def test_connect_with_connected_of_another_site_is_not_found(browser, site, acme):
    other = Site.objects.create(hostname="other.example", root_page=site.root_page, port=81)
    url = reverse("wagtail_salesforce_leads_orgs:connect", args=[other.pk])

    assert browser.get(f"{url}?org={acme.pk}").status_code == 404
    assert browser.get(f"{url}?org=x").status_code == 404


def test_orgs_of_an_editor_are_those_of_the_sites_whose_pages_they_edit(site, acme):
    home = site.root_page.add_child(title="Other", slug="other")
    other = Site.objects.create(hostname="other.example", root_page=home, port=81)
    group = Group.objects.create(name="Other editors")
    group.page_permissions.create(
        page=home, permission=Permission.objects.get(codename="change_page")
    )
    user = User.objects.create_user("eve")
    user.groups.add(group)
    theirs = connected(other)

    assert list(orgs_of(user, other)) == [theirs]
    assert org_or_404(user, theirs.pk) == theirs
    assert list(orgs_of(user, None)) == []


@pytest.mark.parametrize(
    "codename", ["connect_salesforceorg", "view_leadsubmission", "delete_leadsubmission"]
)
def test_group_screen_offers_every_permission(browser, site, codename):
    shown = browser.get("/admin/groups/new/").content.decode()
    ticks = re.findall(r'<input[^>]*name="permissions"[^>]*>', shown)
    pk = Permission.objects.get(codename=codename).pk
    assert any(f'value="{pk}"' in tick for tick in ticks)


# Acts


def test_check_shows_what_was_tried_with_the_repair_of_what_is_missing(browser, acme, side):
    side.mock.upsert(
        "GET",
        f"{ACME.url}/services/data/v66.0/sobjects/CampaignMember/describe",
        status=404,
        json=[{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}],
    )

    shown = text_of(browser.post(address("check", acme), follow=True))

    assert "needs something: see below" in shown
    assert "API Enabled" in shown
    assert "Campaign Member may not be used (Read)" in shown
    assert "Missing permission" in shown


def test_check_of_a_fine_org_says_so(browser, acme, side):
    shown = browser.post(address("check", acme), follow=True).content.decode()

    assert "Everything about Acme KK (production) is fine." in shown


def test_check_while_salesforce_is_away_says_so(browser, acme, side):
    side.fails("GET", f"{ACME.url}/services/data/v66.0/sobjects/Lead/describe")

    shown = browser.post(address("check", acme), follow=True).content.decode()

    assert "could not be asked" in shown


def test_refresh_fields_reads_the_properties_anew(browser, acme, side):
    OrgSchema.objects.update(lead={})

    shown = browser.post(address("refresh_fields", acme), follow=True).content.decode()

    assert "has 5 properties that forms can fill" in shown


def test_send_anyway_lifts_the_reserve_for_an_hour(browser, acme):
    browser.post(address("send_anyway", acme))

    left = OrgLane.objects.get().reserve_lifted_until - timezone.now()
    assert 3500 < left.total_seconds() <= 3600


def test_reconnect_without_a_secret_asks_for_the_app(browser, acme):
    SalesforceOrg.objects.update(consumer_key="own-key")

    response = browser.post(address("reconnect", acme), follow=True)

    shown = response.content.decode()
    assert "You are reconnecting Acme KK" in shown
    assert 'value="own-key"' in shown


def test_reconnect_with_an_unreadable_secret_asks_for_it_again(browser, acme):
    SalesforceOrg.objects.update(consumer_key="own-key", consumer_secret="garbage")

    shown = browser.post(address("reconnect", acme), follow=True).content.decode()

    assert "You are reconnecting Acme KK" in shown
    assert "garbage" not in shown


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"login": "my_domain", "my_domain": "acme.my.salesforce.com.evil.example"}, "My Domain"),
        ({"login": "my_domain", "my_domain": "user@acme.my.salesforce.com"}, "My Domain"),
        ({"login": "my_domain", "my_domain": "acme.my.salesforce.com:8443"}, "My Domain"),
        ({"login": "https://evil.example"}, "Select a valid choice"),
        ({"login": "https://login.salesforce.com", "consumer_key": "k"}, "enter both"),
    ],
)
def test_connect_with_a_wrong_form_says_what_is_wrong(browser, site, form, words):
    url = reverse("wagtail_salesforce_leads_orgs:connect", args=[site.pk])

    response = browser.post(url, form)

    assert response.status_code == 200
    assert words in response.content.decode()


def test_connect_form_never_shows_a_secret_again(browser, site):
    url = reverse("wagtail_salesforce_leads_orgs:connect", args=[site.pk])

    shown = browser.post(url, {"consumer_key": "k", "consumer_secret": "planted-secret"})

    assert b"planted-secret" not in shown.content


# Screens


def test_options_offer_the_fields_that_can_hold_the_id_and_are_saved(browser, acme):
    shown = browser.get(address("options", acme)).content.decode()
    assert "Submission id (Submission_Id__c)" in shown
    assert "LastName" not in shown

    browser.post(
        address("options", acme),
        {"submission_id_field": "Submission_Id__c", "api_reserve_percent": "0"},
    )

    acme.refresh_from_db()
    assert acme.submission_id_field == "Submission_Id__c"
    assert (acme.assignment_rules, acme.api_reserve_percent) == (False, 0)


def test_options_keep_a_field_that_the_org_no_longer_has(browser, acme):
    SalesforceOrg.objects.update(submission_id_field="Gone__c")

    assert "Missing: Gone__c" in browser.get(address("options", acme)).content.decode()


def test_options_refuse_a_reserve_above_all(browser, acme):
    shown = browser.post(address("options", acme), {"api_reserve_percent": "101"})

    assert b"Enter a number from 0 to 100." in shown.content


def test_disconnect_asks_first_and_names_forms_and_waiting_leads(browser, acme):
    a_form(acme, "Newsletter")
    a_form(acme, "Contact")
    submission = LeadSubmission.objects.create(submitted_at=timezone.now())
    for state in (Delivery.State.DUE, Delivery.State.HELD, Delivery.State.DONE):
        Delivery.objects.create(
            submission=submission,
            org=acme,
            state=state,
            created_at=timezone.now(),
            due_at=timezone.now(),
        )

    shown = text_of(browser.get(address("disconnect", acme)))

    assert "2 published forms lose their account." in shown
    assert "Newsletter" in shown
    assert "2 leads still wait to go there." in shown
    acme.refresh_from_db()
    assert acme.is_connected


def test_copied_database_says_so_and_is_taken_over_when_a_person_confirms(browser, site, acme):
    SalesforceGrant.objects.update(installation="elsewhere")
    shown = settings_screen(browser, site)
    assert "This is a copy</span>" in shown
    assert "the connection belongs to another installation" in shown

    browser.post(address("confirm_copy", acme))

    assert SalesforceGrant.objects.get().installation == installation_id()
    assert "belongs to another installation" not in settings_screen(browser, site)
    assert ModelLogEntry.objects.get().action == "wagtail_salesforce_leads.confirm_copy"


def test_screens_show_no_token_or_secret(browser, site, acme):
    SalesforceOrg.objects.update(consumer_secret=encrypt("planted-secret"))
    stored = json.dumps(
        [list(SalesforceGrant.objects.values_list("access_token", "refresh_token").get())]
    )
    pages = [settings_screen(browser, site)]
    pages += [browser.get(address(name, acme)).content.decode() for name in SCREENS]

    for shown in pages:
        assert "planted-secret" not in shown
        assert not any(token in shown for token in json.loads(stored)[0])
