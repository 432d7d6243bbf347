"""What a person can do about a delivery, in the listing and on its own screen."""

from __future__ import annotations

from wagtail_salesforce_leads.delivery import resend
from wagtail_salesforce_leads.models import Delivery

State = Delivery.State


def actions_for(delivery: Delivery | None) -> set[str]:
    """What is offered for a delivery in its state."""
    if delivery is None:
        return set()
    as_new = {"send_as_new"} if resend.may_be_sent_as_new(delivery) else set()
    if delivery.state == State.UNKNOWN or resend.only_looks_up(delivery):
        return {"look_up"} | as_new
    if as_new:
        return as_new
    # Where no lead could be built there is none to send as it was.
    again = {"resend", "resend_today"} if delivery.lead else {"resend_today"}
    return {
        State.FAILED: again,
        State.WAITING: {"resend"},
        State.HELD: again,
    }.get(State(delivery.state), set())
