"""Calls that look for leads: those Salesforce says are there, and those that may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wagtail_salesforce_leads.delivery.findings import Seen, of_fate, of_looked_up
from wagtail_salesforce_leads.delivery.retry import (
    FIELD_GONE,
    SUBMISSION_ID_FIELD,
    Act,
    RetryDecision,
)
from wagtail_salesforce_leads.delivery.verdicts import after_adopting, after_fate, after_look_up
from wagtail_salesforce_leads.salesforce.ids import id18
from wagtail_salesforce_leads.salesforce.lookups import FATE_FIELDS, lookup_by_submission_id_soql
from wagtail_salesforce_leads.salesforce.payloads import Outcome

from .call import Call, reference_of

Row = Mapping[str, Any]


def found(row: Row) -> Outcome:
    """A Lead row with what became of it: merged into another, converted, or deleted."""
    master = row.get("MasterRecordId")
    contact = row.get("ConvertedContactId")
    return Outcome(
        lead_id=id18(master or row["Id"]),
        contact_id=id18(contact) if contact else "",
        is_deleted=bool(row.get("IsDeleted")) and not master,
    )


def only_later(decision: RetryDecision) -> RetryDecision:
    """A question that was refused says nothing about the lead it asked for."""
    if decision.act in (Act.SPLIT, Act.FAIL):
        return replace(decision, act=Act.PAUSE)
    return decision


@dataclass(frozen=True)
class LookUp(Call):
    """By the submission id, deleted and converted ones included."""

    #: What the earlier call had in it: an attempt is resolved by the mode it was sent in.
    field_name: str = ""

    def build(self, version):
        ids = [str(delivery.external_id) for delivery in self.deliveries]
        return {"soql": lookup_by_submission_id_soql(self.field_name, ids)}

    def ask(self, client, body):
        return client.query_all(body["soql"])

    def read(self, answer: Iterable[Row]):
        rows = {str(row[self.field_name]).lower(): row for row in answer}
        return {
            reference_of(one): found(rows[key])
            if (key := str(one.external_id)) in rows
            else Outcome()
            for one in self.deliveries
        }

    def decide(self, delivery, outcome):
        return after_look_up(delivery, outcome)

    def seen(self, delivery, outcome):
        return of_looked_up(outcome, Seen.LEAD_FOUND)

    def decide_all(self, problem):
        decision = super().decide_all(problem)
        if decision.code in FIELD_GONE:
            return RetryDecision(Act.HOLD, SUBMISSION_ID_FIELD, (self.field_name,))
        return only_later(decision)


@dataclass(frozen=True)
class Adopt(LookUp):
    """Leads that Salesforce says are there already: their ids, then the member step."""

    def decide(self, delivery, outcome):
        return after_adopting(delivery, outcome)

    def seen(self, delivery, outcome):
        return of_fate(outcome)


@dataclass(frozen=True)
class Fates(Call):
    """What became of leads whose campaign member was refused."""

    def build(self, version):
        ids = [id18(delivery.lead_id) for delivery in self.deliveries]
        return {"soql": lookup_by_submission_id_soql("Id", ids, FATE_FIELDS)}

    def ask(self, client, body):
        return client.query_all(body["soql"])

    def read(self, answer: Iterable[Row]):
        rows = {id18(row["Id"]): row for row in answer}
        return {
            reference_of(one): found(rows[one.lead_id]) if one.lead_id in rows else Outcome()
            for one in self.deliveries
        }

    def decide(self, delivery, outcome):
        return after_fate(delivery, outcome)

    def seen(self, delivery, outcome):
        return of_fate(outcome, delivery.lead_id)

    def decide_all(self, problem):
        return only_later(super().decide_all(problem))
