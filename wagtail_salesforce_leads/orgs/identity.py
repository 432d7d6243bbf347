"""Who signed in, and to which org: asked of the org itself, guessed where it does not answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import SalesforceOrg
from wagtail_salesforce_leads.salesforce import oauth
from wagtail_salesforce_leads.salesforce.client import Budget, Organization, SalesforceClient
from wagtail_salesforce_leads.salesforce.errors import SalesforceProblem
from wagtail_salesforce_leads.salesforce.oauth import TokenAnswer

SANDBOX = re.compile(r"https://(?:test\.salesforce\.com|.+\.sandbox\.my\.salesforce\.\w+)")


@dataclass(frozen=True)
class OrgIdentity:
    name: str
    is_sandbox: bool
    username: str


def identity_of(answer: TokenAnswer, known: SalesforceOrg | None) -> OrgIdentity:
    """Both questions share an editor's time. ``known``: the org as it was connected before."""
    budget = Budget(settings.EDITOR_BUDGET)
    organization = _organization(answer, budget) or _guessed(answer, known)
    return OrgIdentity(
        organization.name,
        organization.is_sandbox,
        _username(answer, budget) or _known(answer, known),
    )


def _organization(answer: TokenAnswer, budget: Budget) -> Organization | None:
    client = SalesforceClient(answer.instance_url, answer.access_token, budget=budget)
    try:
        organization = client.organization()
    except SalesforceProblem:
        return None
    return organization if organization.name else None


def _guessed(answer: TokenAnswer, known: SalesforceOrg | None) -> Organization:
    if known:
        return Organization(known.name, known.is_sandbox)
    host = answer.instance_url.partition("://")[2]
    return Organization(host.partition(".")[0], bool(SANDBOX.match(answer.instance_url)))


def _username(answer: TokenAnswer, budget: Budget) -> str:
    if budget.left() <= 0:
        return ""
    try:
        who = oauth.identity(answer.instance_url, answer.access_token, deadline=budget.left())
    except SalesforceProblem:
        return ""
    return who.username


def _known(answer: TokenAnswer, known: SalesforceOrg | None) -> str:
    return known.username if known and known.user_id == answer.user_id else ""
