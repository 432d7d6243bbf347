from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from contextlib import contextmanager

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Site

from tests.orgs.journey import CALLBACK, come_back, connect, set_out, set_out_again
from tests.orgs.salesforce_side import ACME, UAT
from tests.orgs.screens import browser_of, leads
from wagtail_salesforce_leads.models import (
    Delivery,
    OrgSchema,
    PendingConnection,
    SalesforceGrant,
    SalesforceOrg,
)
from wagtail_salesforce_leads.orgs.tokens import decrypt

pytestmark = pytest.mark.django_db(transaction=True)


def test_come_back_connects_the_org_with_its_name_and_encrypted_tokens(browser, site, side):
    side.grants(ACME)

    shown = come_back(browser, set_out(browser, site))

    org = SalesforceOrg.objects.get()
    assert (org.site, org.org_id, org.name, org.is_sandbox) == (site, ACME.org_id, "Acme KK", False)
    assert org.username == ACME.username
    assert decrypt(org.grant.refresh_token) == f"refresh-of-{ACME.org_id}"
    assert "refresh-of" not in org.grant.refresh_token
    assert "Acme KK (production) is connected." in shown
    assert not PendingConnection.objects.exists()


def test_come_back_sends_the_verifier_and_the_secret_of_the_app(browser, site, side):
    side.grants(ACME)
    asked = set_out(browser, site)

    come_back(browser, asked)

    (form,) = side.asked("/services/oauth2/token")
    challenge = urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
    assert challenge.decode().rstrip("=") == asked["code_challenge"]
    assert (form["client_id"], form["client_secret"]) == ("test-client", "test-secret")
    assert form["redirect_uri"] == asked["redirect_uri"]


def test_come_back_reads_the_fields_and_checks_the_org(browser, site, side):
    side.grants(ACME)

    org = connect(browser, site)

    assert OrgSchema.objects.get(org=org).lead["name"] == "Lead"
    assert org.lane.checked_at is not None
    assert org.lane.api_limit == 115000


def test_come_back_without_the_orgs_name_takes_it_from_the_address(browser, site, side):
    side.grants(UAT)
    side.fails("GET", f"{UAT.url}/services/data/v66.0/query/")

    org = connect(browser, site)

    assert (org.name, org.is_sandbox) == ("acme--uat", True)


def test_reconnect_of_an_org_that_does_not_answer_keeps_its_name_and_user(browser, site, side):
    side.grants(ACME)
    org = connect(browser, site)
    side.fails("GET", f"{ACME.url}/services/data/v66.0/query/")
    side.fails("GET", f"{ACME.url}/services/oauth2/userinfo")

    come_back(browser, set_out_again(browser, org))

    org.refresh_from_db()
    assert (org.name, org.username) == (ACME.name, ACME.username)


def test_connect_with_an_app_of_its_own_keeps_key_and_encrypted_secret(browser, site, side):
    side.grants(ACME, secret="own-secret")

    org = connect(browser, site, consumer_key="own-key", consumer_secret="own-secret")

    assert org.consumer_key == "own-key"
    assert decrypt(org.consumer_secret) == "own-secret"


def test_connect_at_my_domain_asks_there_and_keeps_the_address(browser, site, side):
    side.grants(ACME, login=ACME.url)

    org = connect(browser, site, login="my_domain", my_domain="acme.lightning.force.com/")

    assert org.login_origin == ACME.url


def test_connect_a_second_org_keeps_the_first(browser, site, side):
    side.grants(ACME)
    connect(browser, site)
    side.grants(UAT)

    connect(browser, site)

    assert set(SalesforceOrg.objects.values_list("name", flat=True)) == {ACME.name, UAT.name}
    assert side.revoked == []


def test_connect_is_written_to_the_audit_log(browser, site, side):
    side.grants(ACME)
    org = connect(browser, site)
    come_back(browser, set_out_again(browser, org))
    browser.post(reverse("wagtail_salesforce_leads_orgs:disconnect", args=[org.pk]))

    actions = ModelLogEntry.objects.for_instance(org).order_by("pk")
    assert [entry.action for entry in actions] == [
        "wagtail_salesforce_leads.connect",
        "wagtail_salesforce_leads.reconnect",
        "wagtail_salesforce_leads.disconnect",
    ]
    assert {entry.user.username for entry in actions} == {"ada"}
    history = browser.get("/admin/reports/site-history/").content.decode()
    assert "Reconnected to Salesforce" in history
    assert f"#org-{org.pk}" in history


def test_add_a_known_org_is_a_reconnect_that_revokes_the_old_grant(browser, site, side):
    side.grants(ACME, refresh_token="first")
    org = connect(browser, site)
    side.grants(ACME, refresh_token="second")

    shown = come_back(browser, set_out(browser, site))

    assert SalesforceOrg.objects.get() == org
    grant = SalesforceGrant.objects.get()
    assert (grant.generation, decrypt(grant.refresh_token)) == (2, "second")
    assert side.revoked == ["first"]
    assert "is reconnected" in shown


def test_reconnect_as_another_org_is_refused_by_name_and_its_grant_revoked(browser, site, side):
    side.grants(ACME)
    org = connect(browser, site)
    side.grants(UAT)

    shown = come_back(browser, set_out_again(browser, org))

    assert f"You signed in to {UAT.name}, but {ACME.name} is the account being" in shown
    assert SalesforceOrg.objects.get().org_id == ACME.org_id
    assert SalesforceGrant.objects.get().generation == 1
    assert side.revoked == [f"refresh-of-{UAT.org_id}"]


def test_reconnect_revives_a_dead_grant_and_releases_held_leads(browser, site, side):
    side.grants(ACME)
    org = connect(browser, site)
    SalesforceGrant.objects.update(dead_code="expired", dead_at=timezone.now())
    lead = leads(org, Delivery.State.HELD, cause=Delivery.Hold.RECONNECT)[0]

    come_back(browser, set_out_again(browser, org))

    assert SalesforceGrant.objects.get().dead_code == ""
    lead.refresh_from_db()
    assert lead.state == Delivery.State.DUE


def test_two_admins_reconnect_and_the_second_changes_nothing(browser, site, side):
    side.grants(ACME)
    org = connect(browser, site)
    other = browser_of("grace")
    hers, his = set_out_again(browser, org), set_out_again(other, org)
    come_back(browser, hers)
    asked_before = len(side.asked("/services/oauth2/token"))

    shown = come_back(other, his)

    assert "was reconnected or disconnected while you were signing in" in shown
    assert SalesforceGrant.objects.get().generation == 2
    assert len(side.asked("/services/oauth2/token")) == asked_before


def test_come_back_under_atomic_requests_keeps_what_salesforce_gave(browser, site, side):
    side.grants(ACME)
    connections["default"].settings_dict["ATOMIC_REQUESTS"] = True
    try:
        with a_failure_after_connecting():
            asked = set_out(browser, site)
            browser.raise_request_exception = False
            response = browser.get(CALLBACK, {"state": asked["state"], "code": "the-code"})
    finally:
        connections["default"].settings_dict["ATOMIC_REQUESTS"] = False

    assert response.status_code == 500
    assert decrypt(SalesforceGrant.objects.get().refresh_token) == f"refresh-of-{ACME.org_id}"


@contextmanager
def a_failure_after_connecting():
    """The request fails after the org was connected."""

    def fail(request, *args, **kwargs):
        raise RuntimeError("after the connection")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wagtail_salesforce_leads.orgs.views.look_at", fail)
        yield


def test_fourth_grant_of_the_same_user_and_app_warns(browser, site, side):
    side.grants(ACME)
    for number in range(3):
        other = Site.objects.create(hostname=f"{number}.example", root_page=site.root_page)
        assert "four times or more" not in come_back(browser, set_out(browser, other))

    assert "four times or more" in come_back(browser, set_out(browser, site))


def test_disconnect_revokes_and_deletes_secrets_but_keeps_the_row(browser, site, side):
    side.grants(ACME, secret="own-secret")
    org = connect(browser, site, consumer_key="own-key", consumer_secret="own-secret")
    lead = leads(org, Delivery.State.DUE)[0]

    browser.post(reverse("wagtail_salesforce_leads_orgs:disconnect", args=[org.pk]))

    org.refresh_from_db()
    assert org.state == SalesforceOrg.State.DISCONNECTED
    assert (org.consumer_secret, org.grant.access_token, org.grant.refresh_token) == ("", "", "")
    assert side.revoked == [f"refresh-of-{ACME.org_id}"]
    lead.refresh_from_db()
    assert (lead.state, lead.org) == (Delivery.State.HELD, org)


def test_disconnect_while_salesforce_is_down_deletes_the_secrets_and_says_so(browser, site, side):
    side.grants(ACME)
    org = connect(browser, site)
    side.fails("POST", f"{ACME.url}/services/oauth2/revoke")

    url = reverse("wagtail_salesforce_leads_orgs:disconnect", args=[org.pk])
    shown = browser.post(url, follow=True).content.decode()

    assert SalesforceGrant.objects.get().refresh_token == ""
    assert "did not confirm that the authorisation has ended" in shown


@pytest.mark.parametrize("act", ["reconnect", "disconnect"])
def test_copy_of_the_database_never_revokes_what_the_original_lives_on(browser, site, side, act):
    side.grants(ACME)
    org = connect(browser, site)
    SalesforceGrant.objects.update(installation="the original")

    if act == "reconnect":
        side.grants(ACME, refresh_token="of the copy")
        come_back(browser, set_out_again(browser, org))
        assert decrypt(SalesforceGrant.objects.get().refresh_token) == "of the copy"
    else:
        url = reverse("wagtail_salesforce_leads_orgs:disconnect", args=[org.pk])
        shown = browser.post(url, follow=True).content.decode()
        assert SalesforceGrant.objects.get().refresh_token == ""
        assert "did not confirm" not in shown

    assert side.revoked == []


def test_disconnected_org_is_connected_again_with_its_history(browser, site, side):
    side.grants(ACME)
    org = connect(browser, site)
    (lead,) = leads(org, Delivery.State.DUE)
    browser.post(reverse("wagtail_salesforce_leads_orgs:disconnect", args=[org.pk]))

    come_back(browser, set_out_again(browser, org))

    assert SalesforceOrg.objects.get() == org
    org.refresh_from_db()
    assert org.is_connected
    assert org.grant.generation == 3
    lead.refresh_from_db()
    assert lead.state == Delivery.State.DUE
