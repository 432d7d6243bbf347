"""Moving what waits for one org to another: who may, what moves, and what is said."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from wagtail.models import GroupSitePermission, ModelLogEntry, Site

from wagtail_salesforce_leads.models import Delivery, SalesforceOrg

from .test_views import text_of

State, Hold = Delivery.State, Delivery.Hold
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(org):
    return SalesforceOrg.objects.create(site=org.site, org_id="00D5g000000BBBB", name="Acme US")


@pytest.fixture
def address(org) -> str:
    return reverse("wagtail_salesforce_leads_reports:move", args=[org.pk])


def settings_screen(client, org) -> str:
    name = ["wagtail_salesforce_leads", "salesforcesettings", org.site.pk]
    return text_of(client.get(reverse("wagtailsettings:edit", args=name)))


def test_card_of_an_org_that_needs_reconnecting_leads_to_it(admin, org, submit, address):
    assert address not in settings_screen(admin, org)
    submit(State.HELD, Hold.RECONNECT)
    SalesforceOrg.objects.update(state=SalesforceOrg.State.DISCONNECTED)
    assert address in settings_screen(admin, org)


def test_screen_names_how_many_go_and_how_many_stay(admin, submit, other, address):
    submit(State.HELD, Hold.RECONNECT)
    submit(State.HELD, Hold.RECONNECT)
    submit(State.UNKNOWN)
    Delivery.objects.filter(state=State.UNKNOWN).update(may_exist=True)
    submit(State.DONE)
    shown = text_of(admin.get(address))
    assert "2 leads wait for Acme KK" in shown
    assert "1 more stays" in shown
    assert "Yes, move 2 leads" in shown
    assert "Acme US" in shown


def test_move_sends_them_to_the_other_org_and_is_written_to_the_audit_log(
    admin, org, submit, other, address
):
    moving = submit(State.HELD, Hold.RECONNECT).deliveries.get()
    said = text_of(admin.post(address, {"target": other.pk}, follow=True))
    assert "1 lead goes to Acme US" in said
    moving.refresh_from_db()
    assert (moving.org, moving.state, moving.campaign_id) == (other, State.DUE, "")
    entry = ModelLogEntry.objects.get(action="wagtail_salesforce_leads.move")
    assert (entry.object_id, entry.data["count"]) == (str(org.pk), 1)


def test_move_keeps_suspected_spam_held(admin, submit, other, address):
    suspect = submit(State.HELD, Hold.SPAM).deliveries.get()
    admin.post(address, {"target": other.pk})
    suspect.refresh_from_db()
    assert (suspect.org, suspect.state, suspect.cause) == (other, State.HELD, Hold.SPAM)


def test_move_without_another_account_offers_none(admin, submit, address):
    submit(State.HELD, Hold.RECONNECT)
    assert "There is no other connected account on this site" in text_of(admin.get(address))


@pytest.mark.parametrize("change", ["of another site", "disconnected", "itself"])
def test_move_to_an_org_that_leads_cannot_go_to_is_refused(
    admin, org, submit, other, address, change
):
    waiting = submit(State.HELD, Hold.RECONNECT).deliveries.get()
    if change == "of another site":
        site = Site.objects.create(hostname="b.example", root_page=org.site.root_page, port=81)
        SalesforceOrg.objects.filter(pk=other.pk).update(site=site)
    elif change == "disconnected":
        SalesforceOrg.objects.filter(pk=other.pk).update(state="disconnected")
    target = org if change == "itself" else other
    assert admin.post(address, {"target": target.pk}).status_code == 200
    waiting.refresh_from_db()
    assert (waiting.org, waiting.state) == (org, State.HELD)


@pytest.mark.parametrize("mine", [True, False])
def test_move_takes_the_permissions_to_connect_orgs_of_that_site(
    client, org, submit, other, address, mine
):
    submit(State.HELD, Hold.RECONNECT)
    site = org.site
    if not mine:
        site = Site.objects.create(hostname="b.example", root_page=org.site.root_page, port=81)
    group = Group.objects.create(name="Connectors")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_salesforcesettings", "connect_salesforceorg"):
        permission = Permission.objects.get(codename=codename)
        GroupSitePermission.objects.create(group=group, site=site, permission=permission)
    user = User.objects.create_user("eve")
    user.groups.add(group)
    client.force_login(user)
    assert client.get(address).status_code == (200 if mine else 404)
    assert client.post(address, {"target": other.pk}).status_code == (302 if mine else 404)
    assert Delivery.objects.filter(org=other).exists() is mine
