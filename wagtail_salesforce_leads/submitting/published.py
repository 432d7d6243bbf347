"""Published forms as a visitor's request needs them: few queries, and compiled once a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion

from .forms import LeadFormBase, form_class

Json = dict[str, Any]

#: How many versions' form classes a process keeps.
KEPT = 256

VERSION_FIELDS = (
    "number",
    "digest",
    "sync",
    "campaign_id",
    "campaign_name",
    "member_status",
    "lead_source",
    "org__name",
    "org__org_id",
    "org__site",
)
FORM_FIELDS = (
    *("key", "content_type", "object_id", "site", "title", "is_open"),
    *(f"current_version__{name}" for name in ("form", *VERSION_FIELDS)),
)


@dataclass(frozen=True)
class Content:
    """What a version never changes, read and compiled once."""

    definition: Json
    mapping: list[Json]
    form_class: type[LeadFormBase]


def form_by_key(key: UUID | str) -> LeadForm | None:
    """The form with what a visitor's request reads of it, its current version and the org."""
    forms = LeadForm.objects.select_related("current_version__org").only(*FORM_FIELDS)
    try:
        return forms.get(key=key)
    except LeadForm.DoesNotExist:
        return None


def content_of(version: LeadFormVersion) -> Content:
    return _content(version.pk, version.digest)


def version_for_visitor(form: LeadForm, number: int | None) -> LeadFormVersion | None:
    """The version that a visitor's page shows, or None where it is too old to be taken as it is.

    A page without a number is somebody's own template and means the current version.
    """
    current = form.current_version
    current.form = form
    if number in (None, current.number):
        return current
    live_since = timezone.now() - timedelta(days=settings.VERSION_GRACE_DAYS)
    older = form.versions.select_related("org").only("form", *VERSION_FIELDS)
    return older.filter(number=number, superseded_at__gt=live_since).first()


@lru_cache(maxsize=KEPT)
def _content(pk: int, digest: str) -> Content:
    version = LeadFormVersion.objects.only("definition", "mapping").get(pk=pk)
    form = form_class(version.definition, version.mapping)
    return Content(version.definition, version.mapping, form)
