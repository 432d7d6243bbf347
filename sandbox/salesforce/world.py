"""Everything there is: the orgs, the apps, and logins on their way."""

from __future__ import annotations

import random
import time

from . import campaigns
from .oauth.apps import ClientApp
from .oauth.authorize import PendingLogins
from .options import Options
from .org import Org
from .rules.assignment import AssignmentRule
from .users import User, cast

ORGS = (
    ("Acme KK", "acme.my.salesforce.com", False),
    ("Acme KK – UAT", "acme--uat.sandbox.my.salesforce.com", True),
    ("Northwind GmbH", "northwind.my.salesforce.com", False),
    ("Contoso Ltd", "contoso.my.salesforce.com", False),
)
CLIENT_ID = "3MVG9.simulator.everywhere"
CLIENT_SECRET = "simulator-secret-everywhere"


class World:
    """`urls` has the origin of each org, as it is announced; `login_url` is the login host."""

    def __init__(self, options: Options, urls: list[str], login_url: str) -> None:
        self.options = options
        self.urls = urls
        self.login_url = login_url
        #: Changes made from behind: control calls and clicks on the console.
        self.touches = 0
        self.reset()

    def reset(self, seed: int | None = None) -> None:
        """Back to the first day: no leads, no grants, no faults."""
        self.dice = random.Random(self.options.seed if seed is None else seed)
        self.started_at = time.time()
        self.apps: dict[str, ClientApp] = {}
        self.logins = PendingLogins()
        self.orgs = [self._make_org(index) for index in range(1, len(self.urls) + 1)]
        self.add_app(ClientApp(CLIENT_ID, CLIENT_SECRET, "Wagtail"))
        for org in self.orgs:
            self.add_app(local_app(org))

    @property
    def changes(self) -> int:
        """Rises whenever something happened that a snapshot should keep."""
        return self.touches + sum(org.store.changes + org.log.number for org in self.orgs)

    def add_app(self, app: ClientApp) -> None:
        self.apps[app.client_id] = app

    def org_by_id(self, org_id: str) -> Org | None:
        return next((org for org in self.orgs if org.id[:15] == org_id[:15]), None)

    def find_user(self, username: str, orgs: list[Org]) -> tuple[Org, User] | None:
        """User names are unique across all orgs, so that the name decides the org."""
        for org in orgs:
            if user := org.users.get(username.strip().lower()):
                return org, user
        return None

    def _make_org(self, index: int) -> Org:
        name, domain, is_sandbox = ORGS[index - 1]
        org = Org(index, name, domain, is_sandbox=is_sandbox)
        org.instance_url = self.urls[index - 1]
        org.faults.dice = self.dice
        options = self.options
        org.switches.latency_ms = options.latency_ms
        org.switches.per_record_ms = options.per_record_ms
        org.switches.rotation = options.rotation
        furnish(org, options)
        return org


def furnish(org: Org, options: Options) -> None:
    """People, queue, campaigns and rules of a demo org."""
    for user in cast(username_suffix(org)):
        org.add_user(user)
    org.store.insert("Organization", organization_row(org))
    admin = next(iter(org.users.values()))
    queue = org.insert("Group", {"Name": "Web leads", "Type": "Queue"}, admin.id)
    rule_id = org.new_id("AssignmentRule")
    org.assignment_rules.append(AssignmentRule(rule_id, "Web leads", queue, is_active=False))
    campaigns.add_demo(org)
    campaigns.add_many(org, options.campaigns)


def username_suffix(org: Org) -> str:
    return {1: "", 2: ".uat"}.get(org.index, f".org{org.index}")


def organization_row(org: Org) -> dict:
    return {
        "Id": org.id,
        "Name": org.name,
        "OrganizationType": "Enterprise Edition",
        "IsSandbox": org.is_sandbox,
        "InstanceName": "CS5" if org.is_sandbox else "JPN5",
        "LanguageLocaleKey": "ja" if org.index == 1 else "en_US",
        "DefaultLocaleSidKey": "ja_JP" if org.index == 1 else "en_US",
        "TimeZoneSidKey": "Asia/Tokyo",
        "Country": "JP",
    }


def local_app(org: Org) -> ClientApp:
    return ClientApp(
        f"3MVG9.simulator.org{org.index}",
        f"simulator-secret-org{org.index}",
        f"Wagtail, only in {org.name}",
        orgs=[org.id],
    )
