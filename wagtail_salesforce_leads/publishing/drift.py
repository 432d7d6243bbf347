"""Published forms that an org has changed under: their leads would be refused from now on.

Asks nobody: what each org said last of its Lead counts, which a daily task reads anew. Campaigns
are read when somebody chooses them, and no lead is lost for one.
"""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet

from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion, SalesforceOrg
from wagtail_salesforce_leads.orgs.schema import Schema, schema_of

from .checks import schema_problems
from .definition import FormContent, Integration
from .problem import Problem

Drift = list[tuple[LeadForm, Problem]]


def drifted(forms: QuerySet[LeadForm]) -> Drift:
    """Those of ``forms`` that visitors may submit and whose leads their org would refuse, each
    with its first problem. One query, and one an org."""
    sending = (
        forms.sending_to(SalesforceOrg.objects.connected())
        .filter(current_version__org__schema__read_at__isnull=False)
        .select_related("current_version__org__site")
        .order_by("title", "pk")
    )
    schemas: dict[int, Schema] = {}
    found = [(form, _problem(form.current_version, schemas)) for form in sending]
    return [(form, problem) for form, problem in found if problem]


def _problem(version: LeadFormVersion, schemas: dict[int, Schema]) -> Problem | None:
    """``schemas`` holds the schemas that were read already, by org."""
    if version.org_id not in schemas:
        schemas[version.org_id] = replace(schema_of(version.org), campaigns={})
    problems = schema_problems(_content(version), schemas[version.org_id])
    return next((problem for problem in problems if problem.is_error), None)


def _content(version: LeadFormVersion) -> FormContent:
    integration = Integration(
        sync=True,
        account=str(version.org_id),
        campaign_id=version.campaign_id,
        campaign_name=version.campaign_name,
        lead_status=version.member_status,
        lead_source=version.lead_source,
    )
    return FormContent(version.definition, version.mapping, integration)
