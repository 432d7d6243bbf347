"""The records that a duplicate rule found a lead to be like, as links."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt

from .results import url_of

#: By what ids begin with. A rule may compare a lead with contacts and accounts too.
KINDS = {
    "00Q": _("Lead"),
    "003": _("Contact"),
    "001": _("Company account"),
}


@dataclass(frozen=True)
class Match:
    """``url`` is empty where the org is gone. No value of the record is known here."""

    record_id: str
    kind: str
    url: str


def matches_of(delivery: Delivery, attempt: DeliveryAttempt) -> list[Match]:
    return [
        Match(record_id, str(KINDS.get(record_id[:3], "")), url_of(delivery, record_id))
        for record_id in attempt.match_ids
    ]
