"""For monitoring: what is where, and an exit code that says whether somebody should look."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wagtail_salesforce_leads.delivery import status


class Command(BaseCommand):
    help = (
        "Counts deliveries by state, and those done in the last 24 hours, and shows each org's "
        "health. Exit code 0: all is well; 1: something needs a person; 2: nothing is being sent "
        "at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="For programs.")
        parser.add_argument(
            "--late",
            type=int,
            default=900,
            help="Seconds after which a lead that is due counts as stuck.",
        )

    def handle(self, *args, late, **options):
        found = status.read(late=late)
        text = json.dumps(found.as_json(), default=str) if options["json"] else _table(found)
        self.stdout.write(text)
        if found.exit_code:
            sys.exit(found.exit_code)


def _table(found: status.Status) -> str:
    lines = [f"{state:<10}{count:>8}" for state, count in found.counts.items()]
    lines.append(f"{'done':<10}{found.done_last_day:>8} in the last 24 hours")
    lines.append(f"oldest due: {_age(found.oldest_due)}")
    lines.append(f"last sweep: {_age(found.last_sweep)}")
    lines += [f"{org['name']}: {_health(org)}" for org in found.orgs]
    return "\n".join(lines)


def _age(at: Any) -> str:
    return "–" if at is None else f"{(timezone.now() - at).total_seconds():.0f} s ago"


def _health(org: dict[str, Any]) -> str:
    code = f" ({org['code']})" if org["code"] else ""
    return f"{org['health']}{code}, API calls {org['api_used']}/{org['api_limit']}"
