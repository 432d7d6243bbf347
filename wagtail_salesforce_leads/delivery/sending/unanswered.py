"""Which look-up each unanswered delivery needs: that of the mode it was sent in."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from wagtail_salesforce_leads.delivery.calls.call import Call
from wagtail_salesforce_leads.delivery.calls.lookup_by_creation import look_up_call
from wagtail_salesforce_leads.delivery.calls.lookups import LookUp
from wagtail_salesforce_leads.delivery.claims import Claim
from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt, SalesforceOrg
from wagtail_salesforce_leads.models.leases import from_now
from wagtail_salesforce_leads.orgs import schema
from wagtail_salesforce_leads.salesforce.describe import can_hold_submission_id

#: Seconds until a look-up is tried again whose field somebody has to repair first.
REPAIR_TIME = 900.0


def calls_for_unknown(org: SalesforceOrg, claim: Claim, database_time: datetime) -> list[Call]:
    by_mode: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in claim.deliveries:
        by_mode[delivery.ambiguous_mode].append(delivery)
    by_user = _by_user(by_mode.pop("", []))
    calls: list[Call] = [
        LookUp(org, claim.token, tuple(deliveries), field_name=name)
        for name, deliveries in by_mode.items()
    ]
    calls += [
        look_up_call(org, claim.token, deliveries, user_id, database_time)
        for user_id, deliveries in by_user.items()
    ]
    return calls


def still_hold(org: SalesforceOrg) -> bool:
    """Whether the org says now that the submission id fields that waiting look-ups rely on refuse a
    second lead. Asks it only where there are any. Raises OrgUnavailable.
    """
    names = set(
        Delivery.objects.for_org(org)
        .to_look_up()
        .exclude(ambiguous_mode="")
        .order_by()
        .values_list("ambiguous_mode", flat=True)
        .distinct()
    )
    if names:
        schema.refresh(org, force=True)
    if all(is_fit(org, name) for name in names):
        return True
    _look_later(org)
    return False


def _look_later(org: SalesforceOrg) -> None:
    Delivery.objects.for_org(org).filter(state=Delivery.State.UNKNOWN).exclude(
        ambiguous_mode=""
    ).update(due_at=from_now(REPAIR_TIME))


def is_fit(org: SalesforceOrg, name: str) -> bool:
    """As the schema was last read; an org that was never read gets the benefit of the doubt."""
    known = schema.schema_of(org)
    if not name or not known.is_known:
        return True
    found = known.properties.get(name)
    return found is not None and can_hold_submission_id(found)


def _by_user(deliveries: list[Delivery]) -> dict[str, list[Delivery]]:
    """By the user they were sent as: CreatedById does not change with a reconnect."""
    sent = DeliveryAttempt.objects.filter(
        delivery__in=[one.pk for one in deliveries], sent_at__isnull=False
    ).order_by("started_at", "pk")
    user_of = dict(sent.values_list("delivery", "user_id"))
    found: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        found[user_of.get(delivery.pk, "")].append(delivery)
    return found
