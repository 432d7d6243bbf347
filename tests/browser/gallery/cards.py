"""Settings → Salesforce: the cards of orgs, connecting them, and the screens about one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.contrib.auth.models import Permission, User
from django.utils import timezone
from playwright.sync_api import Locator, Page

from tests.browser.test_connecting import sign_in
from tests.orgs.screens import a_form, connected, leads
from wagtail_salesforce_leads.models import (
    Delivery,
    OrgLane,
    PendingConnection,
    SalesforceGrant,
    SalesforceOrg,
)
from wagtail_salesforce_leads.orgs.health import CheckItem

from .stage import Stage

Shown = Page | Locator
State, Hold = Delivery.State, Delivery.Hold

FOUND = [
    *(CheckItem("sign_in", True), CheckItem("scope", True, "api"), CheckItem("api_enabled", True)),
    *(CheckItem("lead_object", True), CheckItem("lead_fields", True, "41")),
    *(CheckItem("campaign", True), CheckItem("campaign_status", True)),
    CheckItem("campaign_member", True),
]
REFUSED = [
    *(CheckItem("sign_in", True), CheckItem("scope", False, "refresh_token")),
    *(CheckItem("api_enabled", False), CheckItem("lead_object", False, "create")),
    *(CheckItem("lead_fields", False, "3"), CheckItem("lead_field", False, "Company")),
    *(CheckItem("campaign", False, "IsActive"), CheckItem("campaign_status", False)),
    *(CheckItem("campaign_member", False, "read"), CheckItem("api_limit", False, "99/100")),
    CheckItem("submission_id_field", False, "Wagtail_Submission_Id__c"),
]

#: Health -> what the card knows then, beside what a healthy one knows.
CARDS: dict[str, dict[str, Any]] = {
    "healthy": {},
    "idle": {},
    "reconnect": {"health_code": "expired"},
    "permission": {"report": REFUSED},
    "api_limit": {"api_used": 108_204},
    "copy": {},
    "unreachable": {},
}


def an_org(stage: Stage, health: str = "healthy", report=FOUND, **lane: Any) -> SalesforceOrg:
    now = timezone.now()
    org = connected(stage.site)
    SalesforceOrg.objects.filter(pk=org.pk).update(username="integration@acme.example")
    known = {"api_used": 1204, "api_limit": 115_000, "api_read_at": now, "last_lead_at": now}
    known |= {"checked_at": now, "health": health, "health_since": now, **lane}
    report = [vars(item) for item in report]
    OrgLane.objects.filter(org=org).update(**known, report=report)
    a_form(org, "資料請求")
    for day, count in enumerate((3, 12, 7, 0, 25, 14, 9)):
        leads(org, State.DONE, count, due_at=now - timedelta(days=day))
    return org


def card(stage: Stage, health: str) -> Shown:
    org = an_org(stage, health, **CARDS[health])
    leads(org, State.FAILED, 2)
    if health in ("reconnect", "copy"):
        leads(org, State.HELD, 17, cause=getattr(Hold, health.upper()))
    return stage.settings_screen().locator("article")


def backlog(stage: Stage) -> Shown:
    org = an_org(stage)
    leads(org, State.HELD, 900, cause=Hold.RESERVE)
    leads(org, State.DUE, 1534)
    return stage.settings_screen().locator("article")


def many_grants(stage: Stage) -> Shown:
    org = an_org(stage)
    SalesforceOrg.objects.update(submission_id_field="Wagtail_Submission_Id__c", is_sandbox=True)
    for port in range(3):
        site = type(stage.site).objects.create(
            hostname=f"{port}.example", port=port + 1, root_page=stage.site.root_page
        )
        other = connected(site, org.org_id)
        SalesforceOrg.objects.filter(pk=other.pk).update(username="integration@acme.example")
    return stage.settings_screen().locator("article")


def checked(stage: Stage) -> Shown:
    an_org(stage)
    tab = stage.settings_screen()
    tab.locator("article details").evaluate("(element) => { element.open = true }")
    return tab.locator("article")


def disconnected(stage: Stage) -> Shown:
    org = an_org(stage)
    SalesforceGrant.objects.all().delete()
    SalesforceOrg.objects.update(state=SalesforceOrg.State.DISCONNECTED)
    leads(org, State.HELD, 4, cause=Hold.RECONNECT)
    return stage.settings_screen().locator("article")


def empty(stage: Stage) -> Shown:
    return stage.settings_screen()


def own_app_only(stage: Stage) -> Shown:
    stage.configure(CLIENT_ID="", CLIENT_SECRET="")
    return stage.settings_screen()


def unfolded(stage: Stage) -> Shown:
    an_org(stage)
    tab = stage.settings_screen()
    tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    return tab


def only_to_look_at(stage: Stage) -> Shown:
    an_org(stage)
    user = User.objects.get()
    User.objects.update(is_superuser=False)
    names = ("access_admin", "change_salesforcesettings")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return stage.settings_screen()


def ready_to_connect(stage: Stage) -> Page:
    """The simulator plays Salesforce."""
    origins = [stage.salesforce.login_url, *map(stage.salesforce.instance_url, (1, 2))]
    app = {"CLIENT_ID": stage.salesforce.client_id, "CLIENT_SECRET": stage.salesforce.client_secret}
    extra_hosts = tuple(dict.fromkeys(origins))
    stage.configure(LOGIN_URL=origins[0], EXTRA_HOSTS=extra_hosts, EDITOR_BUDGET=10.0, **app)
    return stage.settings_screen()


def came_back(stage: Stage, error: str) -> Shown:
    tab = ready_to_connect(stage)
    with tab.expect_request(lambda request: "state=" in request.url) as asked:
        tab.locator(".wsl-orgs__add button").click()
    (state,) = parse_qs(urlsplit(asked.value.url).query)["state"]
    if error == "late":
        PendingConnection.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    tab.goto(f"/admin/salesforce/callback/?{urlencode({'state': state, 'error': error})}")
    return tab


def came_back_connected(stage: Stage) -> Shown:
    tab = ready_to_connect(stage)
    tab.locator(".wsl-orgs__add button").click()
    sign_in(tab, "admin@acme.example")
    return tab


def came_back_from_another_org(stage: Stage) -> Shown:
    tab = came_back_connected(stage)
    tab.locator('form[action$="/reconnect/"] button').click()
    sign_in(tab, "admin@acme.example.uat")
    return tab


def screen(stage: Stage, name: str) -> Shown:
    org = an_org(stage)
    leads(org, State.HELD, 17, cause=Hold.RECONNECT)
    return stage.go(f"orgs:{name}", org.pk)


def connect_form(stage: Stage) -> Shown:
    org = an_org(stage)
    return stage.go("orgs:connect", stage.site.pk, query=f"?org={org.pk}")


SHOWN = (backlog, many_grants, checked, disconnected, empty, own_app_only, unfolded)
SCREENS = ("options", "forms", "disconnect", "confirm_copy")
ERRORS = ("access_denied", "OAUTH_EC_APP_NOT_FOUND", "invalid_scope", "no_refresh_token", "late")

STATES: dict[str, Callable[[Stage], Shown]] = {
    **{f"card-{health}": partial(card, health=health) for health in CARDS},
    **{f"card-{each.__name__}": each for each in (*SHOWN, only_to_look_at)},
    **{f"callback-{error}": partial(came_back, error=error) for error in ERRORS},
    **{f"org-{name}": partial(screen, name=name) for name in SCREENS},
    "callback-connected": came_back_connected,
    "callback-other_org": came_back_from_another_org,
    "org-connect": connect_form,
}
