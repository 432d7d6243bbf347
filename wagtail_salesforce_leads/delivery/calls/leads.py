"""The calls that make leads and campaign members."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar
from uuid import UUID

from wagtail_salesforce_leads.delivery import findings
from wagtail_salesforce_leads.delivery.verdicts import after_lead, after_member
from wagtail_salesforce_leads.models import Delivery, SalesforceOrg
from wagtail_salesforce_leads.salesforce import composite
from wagtail_salesforce_leads.salesforce.payloads import looks_like_reference

from .call import Call, member_payload, reference_of


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

    def seen(self, delivery, outcome):
        lead = [] if delivery.lead_id else findings.of_new_lead(outcome)
        return lead + findings.of_member(outcome)


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

    def seen(self, delivery, outcome):
        return findings.of_new_lead(outcome)


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

    def seen(self, delivery, outcome):
        return findings.of_member(outcome)


@dataclass(frozen=True)
class SetStatus(Members):
    """The status of members that have another one: set once, and read back."""

    @cached_property
    def members(self):
        return [replace(member_payload(one), member_id=one.member_id) for one in self.deliveries]

    def decide(self, delivery, outcome):
        return after_member(delivery, outcome, alone=self.alone, asked=True, corrected=True)

    def seen(self, delivery, outcome):
        return findings.of_written_status(delivery, outcome)


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
