"""The outbox: deliveries are put in, held and let go again. Nothing here calls Salesforce.

Every change of state is a compare-and-set ``UPDATE`` on the state it starts from, so two people, or
a person and a worker, cannot both have their way with one row.
"""

from __future__ import annotations

from collections.abc import Iterable

from wagtail_salesforce_leads.models import (
    Delivery,
    LeadFormVersion,
    LeadSubmission,
    SalesforceOrg,
)
from wagtail_salesforce_leads.models.leases import DatabaseNow

#: Held: the form's account was moved to, or belongs to, another site than the submission's.
ORG_OF_ANOTHER_SITE = "org_of_another_site"
#: Failed: the account was removed before the lead went out.
ORG_GONE = "org_gone"


def enqueue(
    submission: LeadSubmission,
    version: LeadFormVersion,
    lead: dict,
    *,
    held: str = "",
    failed: tuple[str, list[str]] | None = None,
) -> Delivery:
    """Write what must reach Salesforce, in the caller's transaction, beside the submission.

    ``lead`` is property API name -> JSON value and is frozen with this. ``held`` is a
    ``Delivery.Hold``; ``failed`` is (code, property names) where no lead could be built.
    """
    org = version.org
    state, cause, fields = _first_state(submission, org, held, failed)
    return Delivery.objects.create(
        submission=submission,
        version=version,
        org=org,
        org_name=org.name if org else "",
        salesforce_org_id=org.org_id if org else "",
        lead=lead,
        campaign_id=version.campaign_id,
        campaign_name=version.campaign_name,
        member_status=version.member_status,
        state=state,
        cause=cause,
        cause_fields=fields,
        created_at=DatabaseNow(),
        due_at=DatabaseNow(),
        settled_at=DatabaseNow() if state == Delivery.State.FAILED else None,
    )


def _first_state(submission, org, held, failed) -> tuple[str, str, list[str]]:
    if failed:
        return Delivery.State.FAILED, failed[0], list(failed[1])
    if org is None:
        return Delivery.State.FAILED, ORG_GONE, []
    if held:
        return Delivery.State.HELD, held, []
    if submission.site_id != org.site_id:
        return Delivery.State.HELD, ORG_OF_ANOTHER_SITE, []
    return Delivery.State.DUE, "", []


def hold_org(org: SalesforceOrg, reason: str) -> int:
    """Keep back what was to go to the org, until ``release_org``. Returns how many.

    Unanswered ones stay as they are: they are looked up once the org can be asked again.
    """
    return (
        Delivery.objects.for_org(org)
        .filter(state__in=[Delivery.State.DUE, Delivery.State.WAITING])
        .update(state=Delivery.State.HELD, cause=reason, cause_fields=[])
    )


def release_org(org: SalesforceOrg, reasons: Iterable[str]) -> int:
    """Let go what was held for one of ``reasons``. Returns how many; nudge a worker afterwards."""
    held = Delivery.objects.for_org(org).held_for(*reasons)
    return held.update(state=Delivery.State.DUE, cause="", due_at=DatabaseNow())
