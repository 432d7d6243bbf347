"""Proof that what this site says it delivered is in Salesforce, once."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from wagtail_salesforce_leads.delivery.reconcile import Comparison, compare
from wagtail_salesforce_leads.models import SalesforceOrg
from wagtail_salesforce_leads.orgs.unavailable import OrgUnavailable
from wagtail_salesforce_leads.salesforce.errors import SalesforceProblem

#: Primary keys shown of each kind.
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Compares the leads delivered in a period with each org: sent, found, deleted, missing, "
        "doubled. Exit code 1 if one is missing or doubled."
    )

    def add_arguments(self, parser):
        parser.add_argument("--org", help="Salesforce org id; all connected orgs without it.")
        parser.add_argument("--since", help="YYYY-MM-DD; 7 days ago without it.")
        parser.add_argument("--until", help="YYYY-MM-DD, not included; now without it.")

    def handle(self, *args, org, since, until, **options):
        ends = _moment(until) or timezone.now()
        begins = _moment(since) or ends - timedelta(days=7)
        orgs = SalesforceOrg.objects.connected()
        results = [
            self._compare(one, begins, ends) for one in (orgs.filter(org_id=org) if org else orgs)
        ]
        if not all(results):
            sys.exit(1)

    def _compare(self, org: SalesforceOrg, since: datetime, until: datetime) -> bool:
        try:
            found = compare(org, since, until)
        except (OrgUnavailable, SalesforceProblem) as problem:
            raise CommandError(f"{org}: {problem.code or type(problem).__name__}") from None
        self.stdout.write(_line(org, found))
        return found.is_clean


def _line(org: SalesforceOrg, found: Comparison) -> str:
    parts = [f"{org}: sent={found.sent} found={found.found}"]
    for name in ("deleted", "missing", "doubled"):
        pks = getattr(found, name)
        listed = ",".join(map(str, pks[:SHOWN]))
        parts.append(f"{name}={len(pks)}" + (f" (deliveries {listed})" if pks else ""))
    return " ".join(parts)


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    day = parse_date(text)
    if day is None:
        raise CommandError("Give a day as YYYY-MM-DD.")
    return timezone.make_aware(datetime(day.year, day.month, day.day))
