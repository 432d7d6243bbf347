"""Looking for leads without a submission id: by who created them, when, and what they hold.

It starts when the unanswered call can no longer be running. An empty look only counts where it has
proved that it can see what we create: the user has View All Data, or other leads of ours are in it.
What is not certain goes to a person.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.delivery.findings import Seen, of_looked_up
from wagtail_salesforce_leads.delivery.retry import Act, RetryDecision
from wagtail_salesforce_leads.delivery.verdicts import NO_PROOF, after_found, after_nothing
from wagtail_salesforce_leads.models import Delivery, OrgSchema, SalesforceOrg
from wagtail_salesforce_leads.salesforce.describe import (
    PropertyType,
    lead_properties,
    readable_fields,
)
from wagtail_salesforce_leads.salesforce.lookups import FATE_FIELDS, lookup_by_creation_soql
from wagtail_salesforce_leads.salesforce.payloads import Outcome

from .call import Call, reference_of
from .lookups import Row, found, only_later
from .matching import Matches, matches

#: What Salesforce may have been slower or faster than our clock, beyond what its answers say.
SLACK = timedelta(minutes=15)
#: Kept otherwise than sent, so not to be compared.
REWRITTEN = frozenset({PropertyType.ENCRYPTED_TEXT, PropertyType.RICH_TEXT})
#: Ids a query.
CHUNK = 500

SEVERAL, SIMILAR = "several_matches", "partial_match"


@dataclass(frozen=True)
class Looked(Outcome):
    """``doubt``: why no verdict is possible; ``rows``: what there was to compare; ``saw_all``:
    nothing can have been hidden from the look.
    """

    doubt: str = ""
    rows: tuple[Row, ...] = field(default=(), repr=False)
    saw_all: bool = False


@dataclass(frozen=True)
class LookUpByCreation(Call):
    """All that one user created around the time of the calls that were not answered."""

    user_id: str = ""
    #: The fields to read and compare.
    compared: frozenset[str] = frozenset()
    #: The database's clock, and ours at the same moment.
    database_time: datetime | None = None
    taken_at: float = 0.0

    @cached_property
    def since(self) -> datetime:
        return min(delivery.ambiguous_since for delivery in self.deliveries) - SLACK

    @cached_property
    def until(self) -> datetime:
        last = max(delivery.sent_at or delivery.ambiguous_since for delivery in self.deliveries)
        return last + timedelta(seconds=settings.LOOK_UP_AFTER) + SLACK

    def build(self, version):
        return {"fields": sorted(self.compared | set(FATE_FIELDS))}

    def ask(self, client, body):
        client.probe()
        ahead = self._salesforce_is_ahead_by(client.last_answer)
        soql = lookup_by_creation_soql(
            self.user_id, self.since + ahead, body["fields"], self.until + ahead
        )
        return client.query_all(soql), client.sees_all_records()

    def read(self, answer: tuple[list[Row], bool]) -> Mapping[str, Outcome]:
        rows, saw_all = answer
        looked = Looked(rows=tuple(rows), saw_all=saw_all)
        return {reference_of(one): looked for one in self.deliveries}

    def resolve(self, outcomes):
        """Compare, leaving out leads that other deliveries have, and giving no lead to two."""
        looked = next(iter(outcomes.values()), Looked())
        ours = _leads_of_others(self.org, [found(row).lead_id for row in looked.rows])
        free = [row for row in looked.rows if found(row).lead_id not in ours]
        has_proof = looked.saw_all or bool(ours)
        resolved: dict[int, Outcome] = {}
        for delivery in self.deliveries:
            outcome = _verdict(matches(delivery.lead, free, self.compared), has_proof=has_proof)
            free = [row for row in free if found(row).lead_id != outcome.lead_id]
            has_proof = has_proof or bool(outcome.lead_id)
            resolved[delivery.pk] = outcome
        return resolved

    def decide(self, delivery, outcome):
        if outcome.lead_id:
            return after_found(delivery, outcome)
        if not outcome.doubt:
            return after_nothing(delivery)
        act = Act.FAIL if self._is_too_old(delivery) else Act.LOOK_UP
        if outcome.doubt != NO_PROOF:
            act = Act.FAIL
        return RetryDecision(act, outcome.doubt, may_have_run=True)

    def seen(self, delivery, outcome):
        return [] if outcome.doubt else of_looked_up(outcome, Seen.LEAD_RECOGNISED)

    def decide_all(self, problem):
        return only_later(super().decide_all(problem))

    def _is_too_old(self, delivery: Delivery) -> bool:
        age = self.database_time - delivery.ambiguous_since
        return age.total_seconds() > settings.UNKNOWN_GIVE_UP_AFTER

    def _salesforce_is_ahead_by(self, answer: Any) -> timedelta:
        """Its clock against the database's, by which ``sent_at`` was taken."""
        if answer is None or answer.server_time is None:
            return timedelta(0)
        ours = self.database_time + timedelta(seconds=time.monotonic() - self.taken_at)
        return answer.server_time - ours


def look_up_call(
    org: SalesforceOrg, token, deliveries: list[Delivery], user_id: str, database_time: datetime
) -> LookUpByCreation:
    sent = {name for delivery in deliveries for name in delivery.lead}
    return LookUpByCreation(
        org,
        token,
        tuple(deliveries),
        user_id=user_id,
        compared=frozenset(sent & _comparable(org, sent)),
        database_time=database_time,
        taken_at=time.monotonic(),
    )


def _comparable(org: SalesforceOrg, sent: set[str]) -> set[str]:
    stored = OrgSchema.objects.filter(org=org).first()
    if stored is None or not stored.lead:
        return sent
    rewritten = {one.name for one in lead_properties(stored.lead) if one.type in REWRITTEN}
    return set(readable_fields(stored.lead)) - rewritten


def _leads_of_others(org: SalesforceOrg, lead_ids: list[str]) -> set[str]:
    known = Delivery.objects.filter(salesforce_org_id=org.org_id)
    return {
        lead_id
        for start in range(0, len(lead_ids), CHUNK)
        for lead_id in known.filter(lead_id__in=lead_ids[start : start + CHUNK]).values_list(
            "lead_id", flat=True
        )
    }


def _verdict(found_rows: Matches, *, has_proof: bool) -> Outcome:
    if len(found_rows.exact) == 1:
        return replace(Looked(), **vars(found(found_rows.exact[0])))
    if found_rows.exact:
        return Looked(doubt=SEVERAL)
    if found_rows.similar:
        return Looked(doubt=SIMILAR)
    return Looked(doubt="" if has_proof else NO_PROOF)
