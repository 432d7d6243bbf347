"""Answers that came after their claim had ended: a worker was frozen, or Salesforce was slow.

A lead that Salesforce made is always written down. It settles the delivery if nothing else has;
if another lead was made meanwhile, a person has to merge the two.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from django.db import IntegrityError

from wagtail_salesforce_leads.delivery.attempts import DELIVERED, NOT_FOUND, Ending, rewrite_attempt
from wagtail_salesforce_leads.delivery.calls.call import Call
from wagtail_salesforce_leads.delivery.writing import committed
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.models.deliveries import DeliveryQuerySet
from wagtail_salesforce_leads.models.leases import DatabaseNow
from wagtail_salesforce_leads.salesforce.payloads import Outcome

from .announcing import announce

logger = logging.getLogger(__name__)

State = Delivery.State

LATE = "late"
DOUBLED = "doubled"
LEAD_TAKEN = "lead_taken"
#: Where a found lead decides: nothing of these is under way.
AT_REST = (State.DUE, State.WAITING, State.HELD, State.FAILED, State.UNKNOWN)


def record(call: Call, delivery: Delivery, outcome: Outcome, ending: Ending) -> None:
    """Write a late answer on its attempt, and on the delivery if it brings its lead."""
    result = LATE if ending.result in (DELIVERED, NOT_FOUND) else ending.result or LATE
    if outcome.lead_id:
        result = _adopt(call, delivery, outcome.lead_id)
    rewrite_attempt(call.token, delivery, replace(ending, result=result), outcome.lead_id)
    announce([delivery.pk])


def record_taken(call: Call, delivery: Delivery, outcome: Outcome, ending: Ending) -> None:
    """For a lead of ours that another delivery of the same org is linked to."""
    rewrite_attempt(call.token, delivery, replace(ending, result=LEAD_TAKEN), outcome.lead_id)
    _needs_a_person(delivery, LEAD_TAKEN)


def _adopt(call: Call, delivery: Delivery, lead_id: str) -> str:
    """Make it the delivery's lead unless it has one. Returns the attempt's result."""
    rows = Delivery.objects.filter(pk=delivery.pk)
    try:
        hit = committed(lambda: rows.filter(lead_id=None).update(lead_id=lead_id, may_exist=False))
    except IntegrityError:
        _needs_a_person(delivery, LEAD_TAKEN)
        return LEAD_TAKEN
    if not hit and not rows.filter(lead_id=lead_id).exists():
        _needs_a_person(delivery, DOUBLED)
        return DOUBLED
    committed(lambda: _go_on(rows))
    return LATE


def _go_on(rows: DeliveryQuerySet) -> None:
    at_rest = rows.filter(state__in=AT_REST).exclude(cause__in=[DOUBLED, LEAD_TAKEN])
    at_rest.complete().settle()
    # The member, and the status read back, are repeated: that step may run twice.
    at_rest.update(state=State.DUE, cause="", due_at=DatabaseNow())


def _needs_a_person(delivery: Delivery, code: str) -> None:
    logger.error("Delivery %s needs a person: %s.", delivery.pk, code)
    rows = Delivery.objects.filter(pk=delivery.pk)
    # Its own lead is not written on it, so nothing may be sent past it.
    rows.filter(lead_id=None).update(may_exist=True)
    rows.update(
        state=State.FAILED,
        cause=code,
        settled_at=DatabaseNow(),
        claim_token=None,
        lease_until=None,
    )
