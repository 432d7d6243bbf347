"""Writing down what an answer said.

Everything is written where the claim still holds. What arrives later than that goes to
``late_answers``: a success is never dropped.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError
from django.db.models import F
from django.db.models.functions import Greatest

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.delivery.attempts import (
    DELIVERED,
    NOT_FOUND,
    Ending,
    close_attempts,
    open_attempts,
)
from wagtail_salesforce_leads.delivery.calls.call import Call, Outcomes
from wagtail_salesforce_leads.delivery.claims import LOOK_UP_AGAIN, look_up_at
from wagtail_salesforce_leads.delivery.findings import (
    NOTHING,
    Findings,
    Seen,
    findings_of,
    remember,
    step,
)
from wagtail_salesforce_leads.delivery.retry import (
    SUBMISSION_ID_FIELD,
    Act,
    RetryDecision,
    back_off,
)
from wagtail_salesforce_leads.delivery.writing import committed, update_each
from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt
from wagtail_salesforce_leads.models.leases import DatabaseNow, from_now
from wagtail_salesforce_leads.salesforce.payloads import Outcome
from wagtail_salesforce_leads.salesforce.refusals import DuplicateMatches

from . import late_answers
from .announcing import announce

State = Delivery.State

#: The delivery stays with its claim: another call follows at once.
GOING_ON = frozenset(
    {Act.MEMBER, Act.SET_STATUS, Act.ADOPT, Act.SPLIT, Act.ASK_ALONE, Act.ASK_FATE, Act.SEND}
)
#: What the history says of a refusal after which something else is asked.
ASKED_ANEW = {
    Act.SPLIT: Seen.SPLIT,
    Act.ASK_ALONE: Seen.ASKED_ALONE,
    Act.ASK_FATE: Seen.MEMBER_REFUSED,
}
#: Acts that send the same lead later; one that may already exist is looked up instead.
LATER = frozenset({Act.RETRY, Act.PAUSE, Act.HOLD})
#: Columns that take what the answer brought.
OWN_COLUMNS = (
    ("contact_id", "contact_id"),
    ("member_id", "member_id"),
    ("actual_status", "member_status"),
)
FREE = {"claim_token": None, "lease_until": None}


@dataclass(frozen=True)
class Reading:
    """One delivery of a call with its outcome and what is to become of it."""

    delivery: Delivery
    decision: RetryDecision
    outcome: Outcome = field(default_factory=Outcome)
    #: Of a call that brought no entries.
    call_status: int | None = None
    #: Of the whole try, this answer included.
    findings: Findings = NOTHING
    #: Seconds until its next try, for RETRY, and until it is looked up, for LOOK_UP.
    delay: float = 0.0

    @property
    def lead_id(self) -> str | None:
        return self.outcome.lead_id or self.delivery.lead_id or None

    @property
    def http_status(self) -> int | None:
        """Of what the decision's code is about."""
        refusals = self.outcome.lead_refusals or self.outcome.member_refusals
        if not (self.decision.code and refusals):
            return self.call_status
        return refusals[0].http_status

    @property
    def matches(self) -> DuplicateMatches | None:
        """What a duplicate rule said the lead is like; told to a single create only."""
        return next((one.matches for one in self.outcome.lead_refusals if one.matches), None)

    @property
    def ending(self) -> Ending:
        if self.decision.act is Act.SEND:
            return Ending(NOT_FOUND, self.findings)
        code = DELIVERED if self.decision.act is Act.DONE else self.decision.code
        return Ending(code, self.findings, self.decision.message, self.http_status, self.matches)


def read(call: Call, delivery: Delivery, outcomes: Outcomes) -> Reading:
    """An answer without an entry for a delivery proves nothing about it."""
    outcome = outcomes.get(delivery.pk, Outcome(lead_may_exist=True))
    findings = findings_of(delivery).after(call.seen(delivery, outcome))
    return Reading(delivery, call.decide(delivery, outcome), outcome, findings=findings)


def read_all(call: Call, decision: RetryDecision, http_status: int | None) -> list[Reading]:
    """Of a call that brought no entries."""
    return [
        Reading(one, decision, call_status=http_status, findings=findings_of(one))
        for one in call.deliveries
    ]


def record(call: Call, readings: Iterable[Reading]) -> None:
    """Write every reading down, in one transaction where nothing is in the way."""
    jitter = random.random()
    timed = [_timed(call, reading, jitter) for reading in readings]
    try:
        missed = committed(lambda: _write(call, timed))
    except IntegrityError:
        # One of the leads is linked to another delivery already: find out which.
        missed = [one for reading in timed for one in _record_alone(call, reading)]
    for reading in missed:
        late_answers.record(call, reading.delivery, reading.outcome, reading.ending)
    _remember(timed)
    announce([reading.delivery.pk for reading in timed if reading not in missed])


def _timed(call: Call, reading: Reading, jitter: float) -> Reading:
    """With the delay of its next try, or failed where its days are over.

    After the first lost answer there is none, after further ones the delay grows: a lead whose
    call takes too long each time must not be sent again and again without a pause.
    """
    delivery = reading.delivery
    is_lost_again = call.makes_leads and delivery.attempts > 1
    if reading.decision.act is Act.RETRY:
        tries = delivery.attempts
    elif reading.decision.act is Act.LOOK_UP and is_lost_again:
        tries = delivery.attempts - 1
    else:
        return reading
    delay = back_off(tries, jitter, first=settings.RETRY_FIRST, longest=settings.RETRY_MAX)
    if delivery.waited + delay > settings.GIVE_UP_AFTER:
        return replace(reading, decision=replace(reading.decision, act=Act.FAIL))
    return replace(reading, delay=delay)


def _record_alone(call: Call, reading: Reading) -> list[Reading]:
    try:
        return committed(lambda: _write(call, [reading]))
    except IntegrityError:
        late_answers.record_taken(call, reading.delivery, reading.outcome, reading.ending)
        return []


def _write(call: Call, readings: list[Reading]) -> list[Reading]:
    """Returns those that are not ours any more."""
    rows = Delivery.objects.filter(
        claim_token=call.token, state=State.SENDING, pk__in=[r.delivery.pk for r in readings]
    )
    ours = set(rows.values_list("pk", flat=True))
    found = [reading for reading in readings if reading.delivery.pk in ours]
    for group in _grouped(found, _fate):
        update_each(_rows_of(rows, group), _own_values(group), **_delivery_changes(call, group[0]))
    _close_attempts(call, found)
    return [reading for reading in readings if reading.delivery.pk not in ours]


def _close_attempts(call: Call, found: list[Reading]) -> None:
    ended = [one for one in found if one.decision.act not in GOING_ON - {Act.SEND}]
    close_attempts(call.token, {one.delivery.pk: one.ending for one in ended})
    again = [one.delivery for one in ended if one.decision.act is Act.SEND]
    if again:
        open_attempts(call.org, call.token, again, DeliveryAttempt.Kind.LEAD)


def _remember(readings: Iterable[Reading]) -> None:
    """What follows is built from the rows in memory."""
    for reading in readings:
        for name in ("lead_id", "contact_id", "member_id"):
            if getattr(reading.outcome, name):
                setattr(reading.delivery, name, getattr(reading.outcome, name))
        if reading.decision.act is Act.SEND:
            reading.delivery.attempts += 1
        if reading.lead_id or reading.decision.act is Act.SEND:
            reading.delivery.may_exist = False
        if reading.decision.act is Act.ASK_FATE:
            reading.delivery.cause = reading.decision.code
        remember(reading.delivery, _so_far(reading))


def _so_far(reading: Reading) -> Findings:
    decision = reading.decision
    if decision.act is Act.SEND:
        return NOTHING
    why = [step(ASKED_ANEW[decision.act], decision.code)] if decision.act in ASKED_ANEW else []
    return reading.findings.after(why)


def _grouped(readings: Iterable[Reading], key: Callable[[Reading], Any]) -> Iterator[list[Reading]]:
    groups: dict[Any, list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[key(reading)].append(reading)
    yield from groups.values()


def _fate(reading: Reading) -> tuple:
    decision, delivery = reading.decision, reading.delivery
    what = decision.act, decision.code, decision.fields, reading.delay
    return *what, bool(reading.lead_id), delivery.may_exist


def _rows_of(rows, group: list[Reading]):
    return rows.filter(pk__in=[reading.delivery.pk for reading in group])


def _own_values(group: list[Reading]) -> dict[str, dict[int, Any]]:
    """What differs from row to row. Only what the answers brought is written."""
    new = {reading.delivery.pk: reading for reading in group}
    values: dict[str, dict[int, Any]] = {}
    if any(reading.outcome.lead_id for reading in group):
        values["lead_id"] = {pk: reading.lead_id for pk, reading in new.items()}
    for column, name in OWN_COLUMNS:
        if any(getattr(reading.outcome, name) for reading in group):
            values[column] = {
                pk: getattr(reading.outcome, name) or getattr(reading.delivery, column)
                for pk, reading in new.items()
            }
    return values


def _delivery_changes(call: Call, reading: Reading) -> dict[str, Any]:
    decision = reading.decision
    known = reading.lead_id or decision.act is Act.SEND
    changes: dict[str, Any] = {"may_exist": False} if known else {}
    if decision.act is Act.SEND:
        changes["attempts"] = F("attempts") + 1
    if decision.act in GOING_ON:
        return {**changes, "sent_at": None}
    changes |= {**FREE, "cause": decision.code, "cause_fields": list(decision.fields)}
    if reading.delivery.may_exist and not known and decision.act in LATER:
        return {**changes, "state": State.UNKNOWN, "due_at": from_now(LOOK_UP_AGAIN)}
    match decision.act:
        case Act.DONE:
            return {**changes, "state": State.DONE, "settled_at": DatabaseNow()}
        case Act.RETRY:
            return {**changes, "state": State.WAITING, **_due_in(reading.delay, reading)}
        case Act.LOOK_UP:
            mode = call.org.submission_id_field if call.makes_leads else ""
            wait = max(look_up_at(mode), reading.delay)
            changes |= {"state": State.UNKNOWN, "may_exist": True, **_due_in(wait, reading)}
            return changes | ({"alone": True} if decision.then_alone else {})
        case Act.PAUSE:
            return {**changes, "state": State.DUE, "attempts": Greatest(F("attempts") - 1, 0)}
        case Act.HOLD:
            return {**changes, "state": State.HELD, "cause": hold_reason(decision.code)}
    if decision.may_have_run:
        changes["may_exist"] = True
    return {**changes, "state": State.FAILED, "settled_at": DatabaseNow()}


def hold_reason(code: str) -> str:
    """The cause of ``held``: one of its reasons, or the one code that has words of its own."""
    return code if code == SUBMISSION_ID_FIELD else Delivery.Hold.MISCONFIGURED


def _due_in(seconds: float, reading: Reading) -> dict[str, Any]:
    return {"due_at": from_now(seconds), "waited": F("waited") + round(reading.delay)}
