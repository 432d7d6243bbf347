"""What a try saw at Salesforce, call by call. Pure; nothing is in here that no answer said.

It is in its worker's memory until the try ends: of a worker that vanished, no more is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import Enum

from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.salesforce.payloads import Outcome


class Seen(str, Enum):
    """One thing that an answer said; some are about a status or a code."""

    LEAD_CREATED = "lead_created"
    #: Salesforce refused a second Lead with the same submission id.
    LEAD_THERE = "lead_there"
    #: Looked up by its submission id.
    LEAD_FOUND = "lead_found"
    #: Looked up without one: the only Lead that is equal.
    LEAD_RECOGNISED = "lead_recognised"
    LEAD_NOT_THERE = "lead_not_there"
    LEAD_CONVERTED = "lead_converted"
    LEAD_MERGED = "lead_merged"
    MEMBER_ADDED = "member_added"
    MEMBER_THERE = "member_there"
    #: About a code.
    MEMBER_REFUSED = "member_refused"
    #: About a status.
    STATUS_READ = "status_read"
    STATUS_WRITTEN = "status_written"
    #: Refused with others, about a code: sent again in smaller calls, or by itself.
    SPLIT = "split"
    ASKED_ALONE = "asked_alone"
    SESSION_RENEWED = "session_renewed"


Step = tuple[str, str]


def step(seen: Seen, about: str = "") -> Step:
    return seen.value, about


@dataclass(frozen=True)
class Findings:
    """Both are columns of the attempt."""

    #: For each API call how many leads shared it.
    calls: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()

    def after_calls(self, count: int, leads: int) -> Findings:
        return replace(self, calls=self.calls + (leads,) * count)

    def after(self, steps: Iterable[Step]) -> Findings:
        """A member that this try added is no news when it is met again."""
        known = {step(Seen.MEMBER_THERE)} if step(Seen.MEMBER_ADDED) in self.steps else set()
        return replace(self, steps=self.steps + tuple(one for one in steps if one not in known))


NOTHING = Findings()


def findings_of(delivery: Delivery) -> Findings:
    """Of its running try, by this worker."""
    return getattr(delivery, "findings", NOTHING)


def remember(delivery: Delivery, findings: Findings) -> None:
    delivery.findings = findings


def note_calls(deliveries: Collection[Delivery], count: int) -> None:
    for one in deliveries:
        remember(one, findings_of(one).after_calls(count, len(deliveries)))


def note(deliveries: Iterable[Delivery], *steps: Step) -> None:
    for one in deliveries:
        remember(one, findings_of(one).after(steps))


def of_new_lead(outcome: Outcome) -> list[Step]:
    if outcome.already_there:
        return [step(Seen.LEAD_THERE)]
    return [step(Seen.LEAD_CREATED)] if outcome.lead_id else []


def of_member(outcome: Outcome) -> list[Step]:
    steps = []
    if outcome.is_already_member:
        steps.append(step(Seen.MEMBER_THERE))
    elif _was_made(outcome):
        steps.append(step(Seen.MEMBER_ADDED))
    return steps + _of_status(outcome)


def of_written_status(delivery: Delivery, outcome: Outcome) -> list[Step]:
    written = [step(Seen.STATUS_WRITTEN, delivery.member_status)] if _was_made(outcome) else []
    return written + _of_status(outcome)


def of_looked_up(outcome: Outcome, found: Seen) -> list[Step]:
    if not outcome.lead_id:
        return [step(Seen.LEAD_NOT_THERE)]
    return [step(found), *of_fate(outcome)]


def of_fate(outcome: Outcome, lead_id: str | None = None) -> list[Step]:
    """``lead_id``: as it was known before."""
    if outcome.contact_id:
        return [step(Seen.LEAD_CONVERTED)]
    is_another = bool(lead_id and outcome.lead_id) and outcome.lead_id != lead_id
    return [step(Seen.LEAD_MERGED)] if is_another else []


def _was_made(outcome: Outcome) -> bool:
    """Whether the answer's own entry says so; a member may also just be there when it is read."""
    return bool(outcome.member_id) and not (outcome.member_refusals or outcome.member_may_exist)


def _of_status(outcome: Outcome) -> list[Step]:
    return [step(Seen.STATUS_READ, outcome.member_status)] if outcome.member_status else []
