"""One sender's turn at one org.

While one call is in the air, the answer of the one before is written down and the next is
prepared, so a backlog moves at the speed of Salesforce.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.db import DatabaseError

from wagtail_salesforce_leads.delivery import claims, lane, outbox, reserve
from wagtail_salesforce_leads.delivery.calls.call import Call, Outcomes, Unbuildable
from wagtail_salesforce_leads.delivery.calls.leads import calls_for
from wagtail_salesforce_leads.delivery.findings import Seen, note, note_calls, step
from wagtail_salesforce_leads.delivery.outcomes import recording
from wagtail_salesforce_leads.delivery.outcomes.recording import Reading, hold_reason
from wagtail_salesforce_leads.delivery.retry import (
    ANSWER_LOST,
    SUBMISSION_ID_FIELD,
    Act,
    RetryDecision,
)
from wagtail_salesforce_leads.delivery.writing import reconnect
from wagtail_salesforce_leads.models import OrgLane, SalesforceOrg
from wagtail_salesforce_leads.orgs import access, marks
from wagtail_salesforce_leads.orgs.unavailable import OrgUnavailable
from wagtail_salesforce_leads.salesforce.client import Answer, SalesforceClient
from wagtail_salesforce_leads.salesforce.errors import SalesforceProblem

from .follow_ups import follow_ups, halves, not_too_many_alone
from .in_flight import Wire
from .unanswered import calls_for_unknown, still_hold

#: Seconds past the end of a turn in which calls may begin that follow from earlier ones.
LAST_CALLS = 5.0
#: Seconds. Daily calls, storage and licences do not come back at once, and asking costs a call.
LONG_PAUSE = 900.0
LONG_PAUSES = frozenset(
    {"REQUEST_LIMIT_EXCEEDED", "STORAGE_LIMIT_EXCEEDED", "LICENSE_LIMIT_EXCEEDED"}
)
MOST_LOOKED_UP = 200
SESSION_REFUSED = "session_refused"
#: Of a batch, from which share of row locks on smaller batches are better.
LOCK_STORM = 0.1


class Turn:
    """Sends until nothing is due, the org does not take it, others wait, or the time is over.

    ``ends`` is on the monotonic clock.
    """

    def __init__(
        self,
        org: SalesforceOrg,
        token: UUID,
        client: SalesforceClient,
        wire: Wire,
        ends: float,
        others_wait: Callable[[], bool],
    ) -> None:
        self.org = org
        self.token = token
        self.client = client
        self.wire = wire
        self.ends = ends
        self.others_wait = others_wait
        self.lane = lane.lane_of(org.pk)
        self.ready: deque[Call] = deque()
        self.answered: tuple[Call, Outcomes, Answer | None] | None = None
        self.is_over = False
        self.calls = 0

    def take(self) -> int:
        """Returns how many calls went out."""
        try:
            while self._has_next():
                self._send(self.ready.popleft())
        finally:
            for call in self.ready:
                claims.give_back(call.token, call.deliveries)
        return self.calls

    def _has_next(self) -> bool:
        self.is_over = self.is_over or time.monotonic() > self.ends + LAST_CALLS
        if not self.ready or self.is_over:
            self._write_down()
        if not self.ready and not self.is_over:
            self._refill()
        return bool(self.ready) and not self.is_over

    def _send(self, waiting: Call) -> None:
        call = claims.mark_sent(waiting)
        if not call.deliveries:
            return
        self.calls += 1
        client, before = self.client, self.client.calls_made
        in_the_air = self.wire.send(call, client)
        try:
            self._prepare_next()
        except DatabaseError:
            # The answer that is on its way matters more, and will be written all the same.
            self.is_over = True
            reconnect()
        try:
            self.answered = call, *in_the_air.result()
            note_calls(call.deliveries, client.calls_made - before)
        except SalesforceProblem as problem:
            note_calls(call.deliveries, client.calls_made - before)
            self._not_answered(call, problem)

    def _prepare_next(self) -> None:
        """While a call is in the air."""
        self._write_down()
        if not self.ready and not self.is_over:
            self._refill()
        if self.ready:
            with suppress(Unbuildable):  # it is met again, and dealt with, when it is sent
                self.ready[0] = self.ready[0].built(self.client.version)

    def _refill(self) -> None:
        """Claim and build the next calls, while the lane is ours and others do not wait."""
        if self.calls and not self._may_go_on():
            return
        if self._look_up():
            return
        self.lane = lane.lane_of(self.org.pk)
        if not reserve.leaves_enough(self.org, self.lane, lane.database_time(self.org.pk)):
            reserve.hold(self.org)
        elif claim := claims.claim_due(self.org, lane.batch_size(self.lane)):
            self.ready.extend(calls_for(self.org, claim.token, claim.deliveries, alone=claim.alone))

    def _may_go_on(self) -> bool:
        has_time = time.monotonic() < self.ends
        return has_time and not self.others_wait() and lane.keep(self.token)

    def _look_up(self) -> bool:
        """Unanswered ones come first: they are older than all that waits."""
        if not still_hold(self.org):
            self._stop_for(RetryDecision(Act.HOLD, SUBMISSION_ID_FIELD))
            return True
        claim = claims.claim_unknown(self.org, MOST_LOOKED_UP)
        if claim is None:
            return False
        self.ready.extend(calls_for_unknown(self.org, claim, lane.database_time(self.org.pk)))
        return True

    def _write_down(self) -> None:
        if self.answered is None:
            return
        (call, outcomes, answer), self.answered = self.answered, None
        outcomes = call.resolve(outcomes)
        read = [recording.read(call, one, outcomes) for one in call.deliveries]
        readings = not_too_many_alone(read)
        recording.record(call, readings)
        self.ready.extend(follow_ups(call, readings))
        self._heed(call, readings)
        self._note(call, answer)

    def _heed(self, call: Call, readings: Iterable[Reading]) -> None:
        """What single records say about the org as a whole."""
        decisions = {one.decision.act: one.decision for one in readings}
        if not call.makes_leads:
            decisions.pop(Act.LOOK_UP, None)  # a look without a result, not a lost answer
        for act in (Act.LOOK_UP, Act.PAUSE, Act.HOLD):
            if act in decisions:
                self._stop_for(decisions[act])
        locked = sum(one.decision.code == "UNABLE_TO_LOCK_ROW" for one in readings)
        if locked > LOCK_STORM * len(call.deliveries) > 1:
            lane.shrink_batches(self.org.pk)
        if Act.DONE in decisions:
            lane.delivered(self.org.pk)

    def _not_answered(self, call: Call, problem: SalesforceProblem) -> None:
        decision = call.decide_all(problem)
        if decision.act is Act.RENEW:
            self._renew(call, decision)
            return
        recording.record(call, recording.read_all(call, decision, problem.http_status))
        if decision.act is Act.SPLIT:
            self.ready.extendleft(reversed(halves(call)))
        elif decision.act is not Act.FAIL:
            self._stop_for(decision)
        if decision.code == ANSWER_LOST:
            lane.shrink_batches(self.org.pk)

    def _renew(self, call: Call, decision: RetryDecision) -> None:
        """A 401 came before any work: with another session the same call goes out again."""
        if call.renewed:
            access.refused(self.org)
            self._put_back(call, replace(decision, act=Act.PAUSE, code=SESSION_REFUSED))
            return
        try:
            self.client = access.renew(self.org, self.client)
        except OrgUnavailable as unavailable:
            claims.give_back(call.token, call.deliveries)
            self.is_over = True
            unavailable_org(self.org, unavailable)
        else:
            note(call.deliveries, step(Seen.SESSION_RENEWED))
            self.ready.appendleft(replace(call, renewed=True))

    def _put_back(self, call: Call, decision: RetryDecision) -> None:
        recording.record(call, recording.read_all(call, decision, None))
        self._stop_for(decision)

    def _stop_for(self, decision: RetryDecision) -> None:
        self.is_over = True
        if decision.act is Act.HOLD:
            hold(self.org, decision.code)
        elif decision.act is Act.LOOK_UP:
            lane.must_probe(self.org.pk)
        else:
            pause(self.org, decision.code)

    def _note(self, call: Call, answer: Answer | None) -> None:
        marks.note_usage(self.org, answer.usage if answer else None)
        if call.makes_leads and len(call.deliveries) > 1:
            lane.grow_batches(self.lane)


def unavailable_org(org: SalesforceOrg, problem: OrgUnavailable) -> None:
    """Hold the org's leads where somebody has to act, else try again later."""
    if problem.hold_reason:
        outbox.hold_org(org, problem.hold_reason)
    else:
        lane.pause(org.pk, problem.code)


def hold(org: SalesforceOrg, code: str) -> None:
    """Nothing of the org's goes out until somebody has repaired what the code names."""
    outbox.hold_org(org, hold_reason(code))
    marks.mark(org, OrgLane.Health.PERMISSION, code)


def pause(org: SalesforceOrg, code: str) -> None:
    lane.pause(org.pk, code, at_least=LONG_PAUSE if code in LONG_PAUSES else 0)
    is_limit = code == "REQUEST_LIMIT_EXCEEDED"
    marks.mark(org, OrgLane.Health.API_LIMIT if is_limit else OrgLane.Health.UNREACHABLE, code)
