from __future__ import annotations

import pytest
import responses
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from tests.orgs import login_host
from tests.orgs.salesforce_side import ACME, SalesforceSide
from tests.orgs.screens import browser_of, connected
from tests.simulator.conftest import salesforce, salesforce_process  # noqa: F401
from wagtail_salesforce_leads.models import OrgLane, OrgSchema, SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.orgs.installation import installation_id
from wagtail_salesforce_leads.orgs.tokens import encrypt


@pytest.fixture
def host(settings):
    """A login host of our own; the site's settings take it for Salesforce's."""
    running = login_host.LoginHost()
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "EXTRA_HOSTS": (running.origin,),
    }
    yield running
    running.stop()


@pytest.fixture
def org(transactional_db, host):
    """An org that a person connected a while ago."""
    org = SalesforceOrg.objects.create(
        site=Site.objects.first(),
        org_id=login_host.ORG_ID,
        name="Acme",
        login_origin=host.origin,
        instance_url=host.origin,
        user_id=login_host.USER_ID,
    )
    SalesforceGrant.objects.create(
        org=org,
        access_token=encrypt(login_host.FIRST_ACCESS_TOKEN),
        refresh_token=encrypt(login_host.FIRST_REFRESH_TOKEN),
        installation=installation_id(),
        refreshed_at=timezone.now(),
    )
    OrgLane.objects.create(org=org)
    OrgSchema.objects.create(org=org)
    return org


@pytest.fixture
def expired(host):
    """The session is over at Salesforce; ours does not know yet."""
    host.expire()


@pytest.fixture
def grant(org):
    """Reads the grant as it is now."""
    return lambda: SalesforceGrant.objects.get(org=org)


@pytest.fixture
def lane(org):
    """Reads the lane as it is now."""
    return lambda: OrgLane.objects.get(org=org)


@pytest.fixture
def connect(transactional_db, salesforce, settings):  # noqa: F811
    """Connects an org of the simulator as one of its users."""
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "CLIENT_ID": salesforce.client_id,
        "CLIENT_SECRET": salesforce.client_secret,
        "EXTRA_HOSTS": (salesforce.instance_url(1), salesforce.instance_url(2)),
    }

    def connect_as(user: str = "admin", **fields) -> SalesforceOrg:
        answer = salesforce.grant(user=user)
        org = SalesforceOrg.objects.create(
            site=Site.objects.first(),
            org_id=answer["id"].split("/")[-2],
            name="Acme",
            login_origin=salesforce.login_url,
            instance_url=answer["instance_url"],
            user_id=answer["id"].split("/")[-1],
            **fields,
        )
        SalesforceGrant.objects.create(
            org=org,
            access_token=encrypt(answer["access_token"]),
            refresh_token=encrypt(answer["refresh_token"]),
            scopes=answer["scope"],
            installation=installation_id(),
            refreshed_at=timezone.now(),
        )
        OrgLane.objects.create(org=org)
        OrgSchema.objects.create(org=org)
        return org

    return connect_as


@pytest.fixture
def site(transactional_db):
    """What migrations make, and what a test with real transactions leaves nothing of."""
    Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    return Site.objects.get_or_create(
        hostname="localhost", defaults={"root_page": root, "is_default_site": True}
    )[0]


@pytest.fixture
def browser(transactional_db):
    """An administrator's browser."""
    return browser_of("ada")


@pytest.fixture
def side():
    """Salesforce as far as a test dictates it; nothing else can be reached."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield SalesforceSide(mock)


@pytest.fixture
def acme(site, side):
    """A connected org that answers."""
    side.grants(ACME)
    return connected(site)
