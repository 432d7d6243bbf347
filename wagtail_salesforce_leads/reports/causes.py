"""Failures grouped by cause: fix once, resend all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from wagtail_salesforce_leads.delivery.words import words
from wagtail_salesforce_leads.models import Delivery

from .standstills import listing_url
from .visible import deliveries_for


@dataclass(frozen=True)
class FailureGroup:
    count: int
    form_title: str
    sentence: str
    repair: str
    url: str


def failure_groups(user, limit: int = 10) -> list[FailureGroup]:
    """The causes for which most leads of this user's pages need a person."""
    rows = (
        deliveries_for(user)
        .filter(state=Delivery.State.FAILED)
        .values("submission__form", "submission__form_title", "cause", "cause_fields")
        .annotate(count=Count("pk"))
        .order_by("-count")[:limit]
    )
    return [_group(row) for row in rows]


def _group(row: dict) -> FailureGroup:
    sentence, repair = words(row["cause"], row["cause_fields"], has_failed=True)
    return FailureGroup(
        row["count"],
        row["submission__form_title"],
        str(sentence),
        str(repair),
        listing_url(
            result=Delivery.State.FAILED.value, cause=row["cause"], form=row["submission__form"]
        ),
    )
