"""What becomes of a delivery after each answer. Pure: no clock, no queue, no database.

The codes and their classes are those of ``salesforce.catalogue``; this table adds what we do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, field, replace
from enum import Enum

from wagtail_salesforce_leads.salesforce.errors import (
    CallRefused,
    ErrorClass,
    NotSent,
    Refusal,
    SalesforceProblem,
    may_have_run,
)


class Act(str, Enum):
    """What to do next."""

    #: Nothing: lead, and member where wanted, are in Salesforce.
    DONE = "done"
    #: The lead is there; its campaign member is the next step.
    MEMBER = "member"
    #: The member has another status than wanted: set it, once.
    SET_STATUS = "set_status"
    #: A look-up proved that it is not there: send it now, under the same claim.
    SEND = "send"
    #: The same again after the delivery's own back-off.
    RETRY = "retry"
    #: A person is needed.
    FAIL = "fail"
    #: No verdict on a record of many: again in halves, down to one.
    SPLIT = "split"
    #: Once more by itself: only a single create names what a duplicate rule matched.
    ASK_ALONE = "ask_alone"
    #: The lead is there already: ask for its id.
    ADOPT = "adopt"
    #: It may be there: look before anything is sent again.
    LOOK_UP = "look_up"
    #: The member's lead was converted, merged or deleted: ask which.
    ASK_FATE = "ask_fate"
    #: Nothing of the org's goes out for a while, and no delivery's clock runs.
    PAUSE = "pause"
    #: The same until somebody repaired the org.
    HOLD = "hold"
    #: Sign in anew, then the same again.
    RENEW = "renew"


@dataclass(frozen=True)
class RetryDecision:
    act: Act
    code: str = ""
    fields: tuple[str, ...] = ()
    _: KW_ONLY
    #: A lead may have been made that we do not know of.
    may_have_run: bool = False
    #: Nobody knows which record of the call it was about: each is sent by itself from now on.
    then_alone: bool = False
    #: Salesforce's own words, for the attempt row only.
    message: str = field(default="", repr=False)


@dataclass(frozen=True)
class Rule:
    """What an error means for one of many, for one alone, and for a call refused as a whole."""

    in_batch: Act
    alone: Act
    whole_call: Act
    #: Tries after which a person is asked after all. 0: only the days count.
    tries: int = 0


#: Rows without a code of their own. "Whole call" is meant for calls that have not run.
CLASS_RULES: dict[ErrorClass, Rule] = {
    ErrorClass.TRANSIENT: Rule(Act.RETRY, Act.RETRY, Act.PAUSE),
    ErrorClass.LIMIT_DAILY: Rule(Act.PAUSE, Act.PAUSE, Act.PAUSE),
    ErrorClass.LIMIT_CONCURRENT: Rule(Act.PAUSE, Act.PAUSE, Act.PAUSE),
    ErrorClass.AUTH: Rule(Act.PAUSE, Act.PAUSE, Act.RENEW),
    ErrorClass.CONFIGURATION: Rule(Act.FAIL, Act.FAIL, Act.SPLIT),
    ErrorClass.DATA: Rule(Act.FAIL, Act.FAIL, Act.SPLIT),
    ErrorClass.DUPLICATE: Rule(Act.ASK_ALONE, Act.FAIL, Act.SPLIT),
    ErrorClass.ALREADY_THERE: Rule(Act.FAIL, Act.FAIL, Act.SPLIT),
    ErrorClass.CONSEQUENCE: Rule(Act.LOOK_UP, Act.LOOK_UP, Act.PAUSE),
}

_SHARED_BY_THE_BATCH = Rule(Act.SPLIT, Act.FAIL, Act.SPLIT)
_THE_ORG_IS_CLOSED = Rule(Act.HOLD, Act.HOLD, Act.HOLD)
_THE_ORG_IS_FULL = Rule(Act.PAUSE, Act.PAUSE, Act.PAUSE)

CODE_RULES: dict[str, Rule] = {
    # A trigger or flow sees a batch at once, and its limits are the batch's.
    "CANNOT_EXECUTE_FLOW_TRIGGER": _SHARED_BY_THE_BATCH,
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": _SHARED_BY_THE_BATCH,
    "EXCEEDED_MAX_SIZE_REQUEST": _SHARED_BY_THE_BATCH,
    "EXCEEDED_QUOTA": _SHARED_BY_THE_BATCH,
    "LIMIT_EXCEEDED": _SHARED_BY_THE_BATCH,
    "TXN_SECURITY_APEX_ERROR": _SHARED_BY_THE_BATCH,
    "TXN_SECURITY_RUNTIME_ERROR": _SHARED_BY_THE_BATCH,
    # Transient in name, yet often a trigger that fails every time.
    "UNKNOWN_EXCEPTION": Rule(Act.RETRY, Act.RETRY, Act.PAUSE, tries=5),
    "API_DISABLED_FOR_ORG": _THE_ORG_IS_CLOSED,
    "GONE": _THE_ORG_IS_CLOSED,
    "ORG_LOCKED": _THE_ORG_IS_CLOSED,
    "TRIAL_EXPIRED": _THE_ORG_IS_CLOSED,
    "UNSUPPORTED_API_VERSION": _THE_ORG_IS_CLOSED,
    "LICENSE_LIMIT_EXCEEDED": _THE_ORG_IS_FULL,
    "LOGIN_DURING_RESTRICTED_DOMAIN": _THE_ORG_IS_FULL,
    "LOGIN_DURING_RESTRICTED_TIME": _THE_ORG_IS_FULL,
    "STORAGE_LIMIT_EXCEEDED": _THE_ORG_IS_FULL,
}

#: The member's lead is not what it was.
LEAD_CHANGED = frozenset(
    {"CANNOT_UPDATE_CONVERTED_LEAD", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"}
)
#: What a call that was refused as a whole shows where Salesforce gave no code.
NO_CODE = "no_code"
#: Salesforce has one code for this and for the day's limit, which last very differently.
CONCURRENT_LIMIT = "concurrent_limit"
NOT_SENT = "not_sent"
ANSWER_LOST = "answer_lost"
#: The call's refusal is no verdict on any one of its records.
BATCH_REFUSED = "batch_refused"
SUBMISSION_ID_FIELD = "submission_id_field"
#: What Salesforce says of a field that was removed or hidden.
FIELD_GONE = frozenset({"INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE"})


def rule_for(code: str, error_class: ErrorClass) -> Rule:
    return CODE_RULES.get(code) or CLASS_RULES[error_class]


def after_refusal(
    refusals: Iterable[Refusal], *, alone: bool, attempts: int = 1, id_field: str = ""
) -> RetryDecision:
    """For a Lead whose own entry carries ``refusals``. ``id_field``: the submission id field."""
    refusal = _culprit(refusals)
    if refusal is None:
        return RetryDecision(Act.LOOK_UP, ANSWER_LOST, may_have_run=True)
    decision = RetryDecision(
        _act(refusal, alone=alone, attempts=attempts),
        _code(refusal.code, refusal.error_class),
        refusal.fields,
        may_have_run=may_have_run(refusal.code, refusal.http_status, own_entry=True),
        message=refusal.message,
    )
    if id_field and refusal.names(id_field):
        return _about_id_field(decision, id_field)
    return decision


def after_member_refusal(
    refusals: Iterable[Refusal], *, alone: bool, attempts: int = 1, fate_known: bool = False
) -> RetryDecision:
    """For a campaign member. Its lead is known, so the step may be repeated whatever happened."""
    refusal = _culprit(refusals)
    if refusal is None:
        return RetryDecision(Act.RETRY, ANSWER_LOST)
    act = _act(refusal, alone=alone, attempts=attempts)
    if act is Act.LOOK_UP:
        act = Act.RETRY
    if refusal.code in LEAD_CHANGED and not fate_known:
        act = Act.ASK_FATE
    return RetryDecision(act, refusal.code, refusal.fields, message=refusal.message)


def after_call(problem: SalesforceProblem, *, size: int, makes_leads: bool = True) -> RetryDecision:
    """For every delivery of a call that brought no entries. ``size``: how many there were."""
    if isinstance(problem, NotSent):
        return RetryDecision(Act.PAUSE, NOT_SENT)
    if not isinstance(problem, CallRefused):
        return _unanswered(problem, size, makes_leads)
    refusal = problem.refusals[0] if problem.refusals else Refusal(problem.code)
    rule = rule_for(problem.code, problem.error_class)
    act = rule.whole_call
    if act is Act.SPLIT and size == 1:
        act = Act.FAIL if rule.alone is Act.ASK_ALONE else rule.alone
    code = _code(problem.code, problem.error_class)
    decision = RetryDecision(act, code, refusal.fields, message=refusal.message)
    if problem.may_have_run and makes_leads:
        code = decision.code if size == 1 else BATCH_REFUSED
        return replace(decision, act=Act.LOOK_UP, code=code, may_have_run=True, then_alone=True)
    return decision


def back_off(tries: int, jitter: float, *, first: float, longest: float) -> float:
    """Seconds before the next try: doubling, ±25 % by ``jitter`` in 0…1."""
    return min(first * 2 ** max(tries - 1, 0), longest) * (0.75 + jitter / 2)


def _unanswered(problem: SalesforceProblem, size: int, makes_leads: bool) -> RetryDecision:
    if not problem.may_have_run:
        return RetryDecision(Act.SPLIT if size > 1 else Act.FAIL, problem.code)
    code = problem.code or ANSWER_LOST
    if makes_leads:
        return RetryDecision(Act.LOOK_UP, code, may_have_run=True)
    return RetryDecision(Act.PAUSE, code)


def _code(code: str, error_class: ErrorClass) -> str:
    return CONCURRENT_LIMIT if error_class is ErrorClass.LIMIT_CONCURRENT else code or NO_CODE


def _culprit(refusals: Iterable[Refusal]) -> Refusal | None:
    """The refusal to go by: one that is not merely the shadow of another."""
    given = list(refusals)
    real = [one for one in given if one.error_class is not ErrorClass.CONSEQUENCE]
    return (real or given or [None])[0]


def _act(refusal: Refusal, *, alone: bool, attempts: int) -> Act:
    rule = rule_for(refusal.code, refusal.error_class)
    if rule.tries and attempts >= rule.tries:
        return Act.FAIL
    return rule.alone if alone else rule.in_batch


def _about_id_field(decision: RetryDecision, id_field: str) -> RetryDecision:
    if decision.code == "DUPLICATE_VALUE":
        return replace(decision, act=Act.ADOPT)
    if decision.code in FIELD_GONE:
        return replace(decision, act=Act.HOLD, code=SUBMISSION_ID_FIELD, fields=(id_field,))
    return decision
