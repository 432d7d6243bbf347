"""Published forms that an org has changed under: their leads would be refused from now on.

Asks nobody: what each org said last counts, which a daily task reads anew.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db.models import F, QuerySet

from ..models import LeadForm, LeadFormVersion, SalesforceOrg
from ..orgs.schema import schema_of
from .checks import schema_problems
from .definition import FormContent, Integration
from .problem import Problem

#: How many verdicts a process keeps. Neither a version nor what was read at a time ever changes.
KEPT = 1024

Drift = list[tuple[LeadForm, Problem]]


def drifted(forms: QuerySet[LeadForm]) -> Drift:
    """Those of ``forms`` that visitors may submit and whose leads their org would refuse, each
    with its first problem. One query while all is well."""
    sending = (
        forms.open()
        .filter(
            current_version__sync=True,
            current_version__org__in=SalesforceOrg.objects.connected(),
            current_version__org__schema__read_at__isnull=False,
        )
        .annotate(read_at=F("current_version__org__schema__read_at"))
        .order_by("title", "pk")
    )
    found = [(form, _problem(form.current_version_id, form.read_at)) for form in sending]
    return [(form, problem) for form, problem in found if problem]


@lru_cache(maxsize=KEPT)
def _problem(version_pk: int, read_at: datetime) -> Problem | None:
    version = LeadFormVersion.objects.select_related("org").get(pk=version_pk)
    problems = schema_problems(_content(version), schema_of(version.org))
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
