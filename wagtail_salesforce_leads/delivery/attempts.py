"""A row for each try: opened with its claim, closed with what it saw and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt, SalesforceOrg
from wagtail_salesforce_leads.models.leases import DatabaseNow
from wagtail_salesforce_leads.salesforce.refusals import DuplicateMatches

from .findings import NOTHING, Findings

Kind = DeliveryAttempt.Kind

DELIVERED = "delivered"
NOT_FOUND = "not_found"
#: The result of a try whose next call was left to a later turn.
PUT_OFF = "put_off"
#: Of what a duplicate rule matched: records that are named, and that are counted.
MOST_NAMED, MOST_COUNTED = 20, 10_000


@dataclass(frozen=True)
class Ending:
    """How a try ended. Salesforce's ``message`` is for the row only."""

    result: str
    findings: Findings = NOTHING
    message: str = ""
    http_status: int | None = None
    matches: DuplicateMatches | None = None

    @property
    def columns(self) -> dict[str, Any]:
        columns = {
            "finished_at": DatabaseNow(),
            "result": self.result,
            "calls": self.findings.calls,
            "steps": self.findings.steps,
            "message": self.message,
            "http_status": self.http_status,
        }
        if self.matches:
            columns["match_count"] = min(self.matches.count, MOST_COUNTED)
            columns["match_ids"] = list(self.matches.record_ids[:MOST_NAMED])
        return columns


def open_attempts(
    org: SalesforceOrg, token: UUID, deliveries: Iterable[Delivery], kind: str
) -> None:
    """In the caller's transaction."""
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(
            delivery=delivery,
            kind=Kind.MEMBER if kind == Kind.LEAD and delivery.lead_id else kind,
            claim_token=token,
            started_at=DatabaseNow(),
            user_id=org.user_id,
            mode=org.submission_id_field,
            fields=sorted(delivery.lead),
        )
        for delivery in deliveries
    )


def close_attempts(token: UUID, endings: Mapping[int, Ending]) -> None:
    """By the delivery's primary key. One UPDATE for all that ended alike."""
    tries = DeliveryAttempt.objects.filter(claim_token=token, finished_at=None)
    alike: dict[Ending, list[int]] = defaultdict(list)
    for pk, ending in endings.items():
        alike[ending].append(pk)
    for ending, pks in alike.items():
        tries.filter(delivery__in=pks).update(**ending.columns)


def rewrite_attempt(token: UUID, delivery: Delivery, ending: Ending, lead_id: str) -> None:
    """With an answer that came after the try had been closed."""
    tries = DeliveryAttempt.objects.filter(claim_token=token, delivery=delivery)
    last = tries.order_by("-pk").values_list("pk", flat=True).first()
    DeliveryAttempt.objects.filter(pk=last).update(**ending.columns, lead_id=lead_id)
