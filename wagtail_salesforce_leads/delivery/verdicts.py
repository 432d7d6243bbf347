"""One delivery's outcome, read: what is to become of it next. Pure."""

from __future__ import annotations

from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.salesforce.catalogue import classify
from wagtail_salesforce_leads.salesforce.payloads import Outcome

from .retry import Act, RetryDecision, after_member_refusal, after_refusal, rule_for

STATUS_DIFFERS = "status_differs"
LEAD_DELETED = "lead_deleted"
NO_PROOF = "no_proof"


def after_lead(
    delivery: Delivery, outcome: Outcome, *, alone: bool, id_field: str = ""
) -> RetryDecision:
    """For a call that was to make the lead; it may have made the member as well."""
    if outcome.lead_id:
        return after_member(delivery, outcome, alone=alone)
    if outcome.already_there:
        return RetryDecision(Act.ADOPT)
    return after_refusal(
        outcome.lead_refusals, alone=alone, attempts=delivery.attempts, id_field=id_field
    )


def after_member(
    delivery: Delivery,
    outcome: Outcome,
    *,
    alone: bool,
    asked: bool = False,
    corrected: bool = False,
    fate_known: bool = False,
) -> RetryDecision:
    """For a lead that exists. ``asked``: the call was the member step, read-back and all;
    ``corrected``: a status that differs was set already.
    """
    if not delivery.campaign_id:
        return RetryDecision(Act.DONE)
    if outcome.member_status:
        return _with_status(delivery, outcome, corrected)
    if outcome.is_already_member or outcome.member_id:
        # Where even the step's own query does not show it, the user may not read members.
        return RetryDecision(Act.DONE if asked else Act.MEMBER)
    if not asked and not outcome.member_refusals:
        return RetryDecision(Act.MEMBER)
    return after_member_refusal(
        outcome.member_refusals, alone=alone, attempts=delivery.attempts, fate_known=fate_known
    )


def _with_status(delivery: Delivery, outcome: Outcome, corrected: bool) -> RetryDecision:
    if not delivery.member_status or outcome.member_status == delivery.member_status:
        return RetryDecision(Act.DONE)
    if corrected:
        return RetryDecision(Act.DONE, STATUS_DIFFERS)
    return RetryDecision(Act.SET_STATUS)


def after_found(delivery: Delivery, outcome: Outcome) -> RetryDecision:
    """For a lead that was looked up: it is adopted, whatever became of it since."""
    if outcome.is_deleted:
        return RetryDecision(Act.FAIL, LEAD_DELETED)
    if not delivery.campaign_id or delivery.member_id:
        return RetryDecision(Act.DONE)
    return RetryDecision(Act.MEMBER)


def after_look_up(delivery: Delivery, outcome: Outcome) -> RetryDecision:
    """By the submission id: where nothing is found, a second lead is impossible."""
    return after_found(delivery, outcome) if outcome.lead_id else after_nothing(delivery)


def after_nothing(delivery: Delivery) -> RetryDecision:
    """It is not there, so it is sent; but what was refused alone would be refused again."""
    cause = delivery.cause
    if delivery.alone and cause and rule_for(cause, classify(cause)).alone is Act.FAIL:
        return RetryDecision(Act.FAIL, cause, tuple(delivery.cause_fields))
    return RetryDecision(Act.SEND)


def after_adopting(delivery: Delivery, outcome: Outcome) -> RetryDecision:
    """Salesforce said the lead is there; where it does not show, the user may not see it."""
    if outcome.lead_id:
        return after_found(delivery, outcome)
    return RetryDecision(Act.FAIL, NO_PROOF, may_have_run=True)


def after_fate(delivery: Delivery, outcome: Outcome) -> RetryDecision:
    """The member was refused because its lead changed; one that does not show was deleted."""
    if not outcome.lead_id or outcome.is_deleted:
        return RetryDecision(Act.FAIL, LEAD_DELETED)
    if outcome.contact_id or outcome.lead_id != delivery.lead_id:
        return RetryDecision(Act.MEMBER)
    return RetryDecision(Act.FAIL, delivery.cause or "INVALID_CROSS_REFERENCE_KEY")
