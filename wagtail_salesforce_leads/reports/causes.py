"""Failures grouped by cause: fix once, resend all."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from ..delivery.words import words
from ..models import Delivery
from .visible import submissions_for


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
        submissions_for(user)
        .filter(current__state=Delivery.State.FAILED)
        .values("form_id", "form_title", "current__cause", "current__cause_fields")
        .annotate(count=Count("pk"))
        .order_by("-count")[:limit]
    )
    return [_group(row) for row in rows]


def _group(row: dict) -> FailureGroup:
    sentence, repair = words(row["current__cause"], row["current__cause_fields"])
    query = {"result": Delivery.State.FAILED, "cause": row["current__cause"]}
    if row["form_id"]:
        query["form"] = row["form_id"]
    listing = reverse("wagtail_salesforce_leads_reports:index")
    return FailureGroup(
        row["count"], row["form_title"], str(sentence), str(repair), f"{listing}?{urlencode(query)}"
    )
