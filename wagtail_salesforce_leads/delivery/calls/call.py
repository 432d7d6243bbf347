"""What every call for a batch of deliveries has: what it asks, and how its answer reads.

A call is built from rows that one claim holds, and is told nothing of databases: it runs in the
thread that waits for Salesforce.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.delivery.findings import Step
from wagtail_salesforce_leads.delivery.retry import RetryDecision, after_call
from wagtail_salesforce_leads.models import Delivery, SalesforceOrg
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.errors import AnswerLost, NotSent, SalesforceProblem
from wagtail_salesforce_leads.salesforce.payloads import (
    LeadPayload,
    MemberPayload,
    Outcome,
)

Json = dict[str, Any]
#: By the delivery's primary key.
Outcomes = Mapping[int, Outcome]

#: Seconds that may pass between "about to be sent" in the database and the socket. A process that
#: was frozen in between must not wake up and send what another one has taken over.
SEND_WITHIN = 5.0


class Unbuildable(SalesforceProblem):
    """A frozen lead cannot be put into a call at all: nothing was sent, a person has to look."""

    code = "internal"


@dataclass(frozen=True)
class Call:
    """One call. ``makes_leads``: a lost answer leaves it open whether there are leads now."""

    org: SalesforceOrg
    token: UUID
    deliveries: tuple[Delivery, ...]
    #: Asked by itself, so a refusal is meant for this one delivery.
    alone: bool = False
    #: The session was renewed for it once; a second refusal is no matter of sessions.
    renewed: bool = False
    #: Built while another call was in the air.
    body: Json | None = field(default=None, compare=False, repr=False)
    #: On the monotonic clock: when ``sent_at`` was committed.
    marked_at: float = field(default=0.0, compare=False)

    makes_leads: ClassVar[bool] = False

    @property
    def pks(self) -> list[int]:
        return [delivery.pk for delivery in self.deliveries]

    @property
    def deadline(self) -> float:
        return call_deadline(len(self.deliveries))

    def run(self, client: SalesforceClient) -> Outcomes:
        """Ask Salesforce. Raises a SalesforceProblem, or Unbuildable where nothing was sent."""
        body = self.built(client.version).body
        if time.monotonic() - self.marked_at > SEND_WITHIN:
            raise NotSent("This process was stopped for too long before it could send.")
        answer = self.ask(client, body)
        try:
            return {int(reference[1:]): outcome for reference, outcome in self.read(answer).items()}
        except Exception as error:
            raise AnswerLost(type(error).__name__, http_status=200) from None

    def built(self, version: str) -> Call:
        """With its body. Raises Unbuildable."""
        if self.body is not None:
            return self
        try:
            return replace(self, body=self.build(version))
        except Exception as error:
            raise Unbuildable(type(error).__name__) from None

    def build(self, version: str) -> Json:
        raise NotImplementedError

    def ask(self, client: SalesforceClient, body: Json) -> Any:
        return client.composite(body, deadline=self.deadline)

    def read(self, answer: Any) -> Mapping[str, Outcome]:
        raise NotImplementedError

    def resolve(self, outcomes: Outcomes) -> Outcomes:
        """In the thread that has the database: what only our own rows can tell."""
        return outcomes

    def decide(self, delivery: Delivery, outcome: Outcome) -> RetryDecision:
        """What is to become of one delivery of this call."""
        raise NotImplementedError

    def seen(self, delivery: Delivery, outcome: Outcome) -> list[Step]:
        """What the answer said of one delivery, for its history. ``delivery`` is as before it."""
        raise NotImplementedError

    def decide_all(self, problem: SalesforceProblem) -> RetryDecision:
        """What is to become of all of them where the call brought no entries."""
        return after_call(problem, size=len(self.deliveries), makes_leads=self.makes_leads)

    def only(self, deliveries: Iterable[Delivery]) -> Call:
        return replace(self, deliveries=tuple(deliveries), body=None)

    @cached_property
    def leads(self) -> list[LeadPayload]:
        return [lead_payload(one, self.org) for one in self.deliveries if not one.lead_id]

    @cached_property
    def members(self) -> list[MemberPayload]:
        return [member_payload(one) for one in self.deliveries if one.lead_id]


def call_deadline(records: int) -> float:
    """Seconds for a whole call with so many records."""
    seconds = settings.CALL_DEADLINE + settings.CALL_DEADLINE_PER_RECORD * records
    return min(seconds, settings.CALL_DEADLINE_MAX)


def reference_of(delivery: Delivery) -> str:
    return f"d{delivery.pk}"


def lead_payload(delivery: Delivery, org: SalesforceOrg) -> LeadPayload:
    return LeadPayload(
        reference=reference_of(delivery),
        fields=delivery.lead,
        campaign_id=delivery.campaign_id,
        member_status=delivery.member_status,
        submission_id_field=org.submission_id_field,
        submission_id=str(delivery.external_id),
        auto_assign=org.assignment_rules,
    )


def member_payload(delivery: Delivery) -> MemberPayload:
    return MemberPayload(
        reference=reference_of(delivery),
        lead_id=delivery.lead_id,
        campaign_id=delivery.campaign_id,
        status=delivery.member_status,
        contact_id=delivery.contact_id,
    )
