"""What an org and its connected user let us do, found out by asking: permission by permission.

Three API calls. What can be told from a describe is told from it; the rest by a query that changes
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from wagtail_salesforce_leads.models import LeadForm, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import DatabaseNow
from wagtail_salesforce_leads.salesforce.campaigns import CAMPAIGN_FIELDS, STATUS_FIELDS
from wagtail_salesforce_leads.salesforce.client import ApiUsage, SalesforceClient
from wagtail_salesforce_leads.salesforce.describe import can_hold_submission_id, lead_properties
from wagtail_salesforce_leads.salesforce.errors import CallRefused, call_problem

from . import access, grants, marks, schema
from .marks import API_LIMIT_PERCENT, Health, mark
from .unavailable import OrgUnavailable

Json = dict[str, Any]

SCOPES = ("api", "refresh_token")
#: What every form may want of a Lead, beside what the forms of this site map.
LEAD_FIELDS = ("LastName", "Company", "Email", "LeadSource")
MEMBER_FIELDS = ("CampaignId", "LeadId", "Status")
#: Refusals that say that the user may not see the object, or one of the fields asked for.
OUT_OF_REACH = frozenset({"NOT_FOUND", "INVALID_TYPE", "INVALID_FIELD", "INSUFFICIENT_ACCESS"})
#: How SOQL names a field that is not there or not visible.
NO_SUCH_COLUMN = re.compile(r"No such column '(\w+)'", re.ASCII)


@dataclass(frozen=True)
class CheckItem:
    """One thing that was tried. ``detail``: the field, scope, right or number it is about.

    Codes: sign_in, scope, api_enabled, lead_object, lead_fields, lead_field, campaign,
    campaign_status, campaign_member, submission_id_field, api_limit.
    """

    code: str
    ok: bool
    detail: str = ""


def check(org: SalesforceOrg) -> list[CheckItem]:
    """Try everything, keep the report and mark the org's health.

    Raises an OrgUnavailable if the org does not answer just now: then nothing is known.
    """
    access.try_now(org)
    try:
        items = schema.ask(org, lambda client: _tried(org, client))
    except OrgUnavailable as problem:
        if not problem.hold_reason:
            raise
        items = [CheckItem("sign_in", False, problem.code)]
    _keep(org, items)
    return items


def _tried(org: SalesforceOrg, client: SalesforceClient) -> list[CheckItem]:
    items = [CheckItem("sign_in", True), *_scopes(org)]
    try:
        lead, last_modified = client.describe_lead()
    except CallRefused as refused:
        return [*items, _lead_refused(refused)]
    schema.keep(org, lead, last_modified)
    items += [
        CheckItem("api_enabled", True),
        *_lead(org, lead),
        *_campaigns(client),
        _member(client),
        *_submission_id_field(org, lead),
    ]
    usage = client.last_answer.usage
    marks.note_usage(org, usage)
    return [*items, *_api_limit(usage)]


def _scopes(org: SalesforceOrg) -> Iterator[CheckItem]:
    granted = grants.usable(org).scopes.split()
    for scope in SCOPES:
        yield CheckItem("scope", not granted or scope in granted or "full" in granted, scope)


def _lead_refused(refused: CallRefused) -> CheckItem:
    if refused.code == "API_DISABLED_FOR_ORG":
        return CheckItem("api_enabled", False)
    if refused.code in OUT_OF_REACH:
        return CheckItem("lead_object", False, "read")
    raise refused


def _lead(org: SalesforceOrg, describe: Json) -> Iterator[CheckItem]:
    yield CheckItem("lead_object", bool(describe.get("createable")), "create")
    offered = {found.name for found in lead_properties(describe)}
    missing = [name for name in _wanted_fields(org) if name not in offered]
    yield CheckItem("lead_fields", not missing, str(len(offered)))
    for name in missing:
        yield CheckItem("lead_field", False, name)


def _wanted_fields(org: SalesforceOrg) -> list[str]:
    """The common ones first, then what open forms fill."""
    forms = LeadForm.objects.sending_to([org])
    mappings = forms.values_list("current_version__mapping", flat=True)
    mapped = (row.get("property") for mapping in mappings for row in mapping)
    return list(dict.fromkeys([*LEAD_FIELDS, *filter(None, mapped)]))


def _campaigns(client: SalesforceClient) -> Iterator[CheckItem]:
    """One call for both queries."""
    queries = {
        "campaign": f"SELECT {CAMPAIGN_FIELDS} FROM Campaign LIMIT 1",
        "campaign_status": f"SELECT CampaignId, {STATUS_FIELDS} FROM CampaignMemberStatus LIMIT 1",
    }
    answer = client.composite(
        {
            "allOrNone": False,
            "compositeRequest": [
                {"method": "GET", "url": _query_url(client, soql), "referenceId": code}
                for code, soql in queries.items()
            ],
        }
    )
    for entry in answer["compositeResponse"]:
        yield _found(entry["referenceId"], entry["httpStatusCode"], entry["body"])


def _found(code: str, http_status: int, body: Any) -> CheckItem:
    """What a query says of its object; of a field, if it is only that which is out of reach."""
    if http_status == 200:
        return CheckItem(code, True)
    problem = call_problem(http_status, body)
    if problem.code not in OUT_OF_REACH:
        raise problem
    match = NO_SUCH_COLUMN.search(problem.refusals[0].message)
    return CheckItem(code, False, match[1] if match else "")


def _query_url(client: SalesforceClient, soql: str) -> str:
    return f"/services/data/v{client.version}/query/?q={soql.replace(' ', '+')}"


def _member(client: SalesforceClient) -> CheckItem:
    try:
        describe = client.describe("CampaignMember")
    except CallRefused as refused:
        if refused.code not in OUT_OF_REACH:
            raise
        return CheckItem("campaign_member", False, "read")
    if not describe.get("createable"):
        return CheckItem("campaign_member", False, "create")
    visible = {field["name"] for field in describe["fields"]}
    missing = [name for name in MEMBER_FIELDS if name not in visible]
    return CheckItem("campaign_member", not missing, ", ".join(missing))


def _submission_id_field(org: SalesforceOrg, describe: Json) -> Iterator[CheckItem]:
    if name := org.submission_id_field:
        offered = {found.name: found for found in lead_properties(describe)}
        fits = name in offered and can_hold_submission_id(offered[name])
        yield CheckItem("submission_id_field", fits, name)


def _api_limit(usage: ApiUsage | None) -> Iterator[CheckItem]:
    if usage:
        ok = usage.used * 100 < usage.limit * API_LIMIT_PERCENT
        yield CheckItem("api_limit", ok, f"{usage.used}/{usage.limit}")


def _keep(org: SalesforceOrg, items: list[CheckItem]) -> None:
    OrgLane.objects.filter(org=org).update(
        checked_at=DatabaseNow(), report=[asdict(item) for item in items]
    )
    failed = next((item.code for item in items if not item.ok), "")
    if failed == "sign_in":
        return
    rest = Health.IDLE if grants.is_idle(grants.usable(org)) else Health.HEALTHY
    # Leads may be held because of the very thing that failed: then release only what a dead grant
    # held. If nothing failed, or the sign-in itself had been down, release all it caused.
    holds = marks.GRANT_HOLDS if failed and not marks.is_away(org) else marks.SIGN_IN_HOLDS
    marks.came_back(org, healed=not failed, health=rest, holds=holds)
    if failed == "api_limit":
        mark(org, Health.API_LIMIT)
    elif failed:
        mark(org, Health.PERMISSION, failed)
