"""The calls that a batch of deliveries is sent with: what each asks, and how its answer reads.

A call is built from rows that one claim holds, and is told nothing of databases: it runs in the
thread that waits for Salesforce.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import Delivery, SalesforceOrg
from wagtail_salesforce_leads.salesforce import composite
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.errors import AnswerLost, NotSent, SalesforceProblem
from wagtail_salesforce_leads.salesforce.payloads import (
    LeadPayload,
    MemberPayload,
    Outcome,
    looks_like_reference,
)

from .retry import RetryDecision, after_call
from .verdicts import after_lead, after_member

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


@dataclass(frozen=True)
class FewLeads(Call):
    """Leads with their members and the members' statuses, and members of leads that exist."""

    makes_leads: ClassVar[bool] = True

    def build(self, version):
        return composite.build_composite(self.leads, self.members, version)

    def read(self, answer):
        return composite.parse_composite(answer, self.leads, self.members)

    def decide(self, delivery, outcome):
        if delivery.lead_id:
            return after_member(delivery, outcome, alone=self.alone, asked=True)
        id_field = self.org.submission_id_field
        return after_lead(delivery, outcome, alone=self.alone, id_field=id_field)


@dataclass(frozen=True)
class ManyLeads(Call):
    """Leads only: one collections call. Their members follow, see :class:`Members`."""

    makes_leads: ClassVar[bool] = True

    def build(self, version):
        return composite.build_lead_collection(self.leads)[0]

    def ask(self, client, body):
        headers = self.leads[0].headers
        return client.collections_create(body, headers, deadline=self.deadline)

    def read(self, answer):
        return composite.parse_lead_collection(answer, self.leads)

    def decide(self, delivery, outcome):
        id_field = self.org.submission_id_field
        return after_lead(delivery, outcome, alone=self.alone, id_field=id_field)


@dataclass(frozen=True)
class Members(Call):
    """Campaign members of leads that exist, and the query that reads all of them back."""

    def build(self, version):
        if looks_like_reference([member.body for member in self.members]):
            return composite.build_member_collection(self.members)
        return composite.build_member_composite(self.members, version)

    def ask(self, client, body):
        if "compositeRequest" in body:
            return super().ask(client, body)
        created = client.collections_create(body, deadline=self.deadline)
        rows = client.query(composite.members_soql(self.members))
        return {
            "compositeResponse": [
                {"referenceId": "created", "httpStatusCode": 200, "body": created},
                {"referenceId": "members", "httpStatusCode": 200, "body": {"records": rows}},
            ]
        }

    def read(self, answer):
        return composite.parse_member_composite(answer, self.members)

    def decide(self, delivery, outcome):
        return after_member(
            delivery,
            outcome,
            alone=self.alone,
            asked=True,
            fate_known=bool(delivery.contact_id),
        )


@dataclass(frozen=True)
class SetStatus(Members):
    """The status of members that have another one: set once, and read back."""

    @cached_property
    def members(self):
        return [replace(member_payload(one), member_id=one.member_id) for one in self.deliveries]

    def decide(self, delivery, outcome):
        return after_member(delivery, outcome, alone=self.alone, asked=True, corrected=True)


def call_deadline(records: int) -> float:
    """Seconds for a whole call with so many records."""
    seconds = settings.CALL_DEADLINE + settings.CALL_DEADLINE_PER_RECORD * records
    return min(seconds, settings.CALL_DEADLINE_MAX)


def calls_for(
    org: SalesforceOrg, token: UUID, deliveries: Collection[Delivery], *, alone: bool = False
) -> list[Call]:
    """The fewest calls that take them all; leads that exist need only their member."""
    alone = alone or len(deliveries) == 1
    members = [one for one in deliveries if one.lead_id]
    leads = tuple(one for one in deliveries if not one.lead_id)
    few = FewLeads(org, token, (*leads, *(one for one in members if not one.contact_id)), alone)
    if leads and composite.fits_composite(few.leads, few.members):
        contacts = [one for one in members if one.contact_id]
        return [few, *member_calls(Members, org, token, contacts, alone)]
    calls: list[Call] = member_calls(Members, org, token, members, alone)
    by_reference = {reference_of(one): one for one in leads}
    for batch in composite.split_batches(few.leads):
        batched = tuple(by_reference[payload.reference] for payload in batch)
        calls.append(ManyLeads(org, token, batched, alone or len(batched) == 1))
    return calls


def member_calls(
    kind: type[Members],
    org: SalesforceOrg,
    token: UUID,
    deliveries: Iterable[Delivery],
    alone: bool = False,
) -> list[Call]:
    """Members of Leads and those of Contacts are read back by different fields."""
    parts: dict[bool, list[Delivery]] = {}
    for one in deliveries:
        parts.setdefault(bool(one.contact_id), []).append(one)
    return [kind(org, token, tuple(part), alone) for part in parts.values()]


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
