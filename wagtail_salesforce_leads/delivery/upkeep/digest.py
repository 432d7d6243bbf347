"""One mail a day while leads or forms need a person, instead of one for each lead."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import ngettext, override
from wagtail.admin.mail import send_mail
from wagtail.admin.utils import get_admin_base_url
from wagtail.models import Site

from wagtail_salesforce_leads.delivery.words import words
from wagtail_salesforce_leads.models import Delivery, LeadForm
from wagtail_salesforce_leads.numerals import grouped
from wagtail_salesforce_leads.orgs.notices import recipients
from wagtail_salesforce_leads.publishing.drift import Drift, drifted

from . import heartbeats

logger = logging.getLogger(__name__)

State = Delivery.State
#: Causes listed by name; the report has the rest.
MOST_CAUSES = 10
#: The admin home has the rest.
MOST_FORMS = 10
#: Its schedule is daily. A cluster that was down makes up for each day it missed, all at once.
EVERY = timedelta(hours=12)


def send_digests() -> None:
    """To each site's recipients, where something of that site needs a person."""
    if not heartbeats.take_turn(heartbeats.DIGEST, EVERY):
        return
    for site in [*Site.objects.all(), None]:
        causes, drift = _causes(site), drifted(_forms(site))
        if causes or drift:
            _mail(site, causes, drift)


def _causes(site: Site | None) -> list[dict[str, Any]]:
    """Failed and held deliveries by cause, most first. Suspected spam waits for nobody."""
    return list(
        Delivery.objects.filter(
            state__in=[State.FAILED, State.HELD], is_current=True, submission__site=site
        )
        .exclude(cause=Delivery.Hold.SPAM)
        .values("state", "cause")
        .annotate(count=Count("pk"))
        .order_by("-count", "cause")
    )


def _forms(site: Site | None) -> QuerySet[LeadForm]:
    """A snippet's form is told of where its leads are: at the site of its account."""
    forms = LeadForm.objects.alias(told_at=Coalesce("site_id", "current_version__org__site_id"))
    return forms.filter(told_at=site.pk) if site else forms.filter(told_at=None)


def _mail(site: Site | None, causes: list[dict[str, Any]], drift: Drift) -> None:
    for recipient in recipients(site):
        try:
            with override(recipient.language):
                subject = _subject(causes) if causes else _forms_subject(drift)
                message = "\n\n".join([*_causes_lines(causes), *_forms_lines(drift)])
                send_mail(subject, message, [recipient.address])
        except Exception as error:
            # Its text may hold the address.
            logger.error("A digest was not sent: %s", type(error).__name__)


def _subject(causes: list[dict[str, Any]]) -> str:
    count = sum(cause["count"] for cause in causes)
    return ngettext(
        "%(count)s lead is not in Salesforce", "%(count)s leads are not in Salesforce", count
    ) % {"count": grouped(count)}


def _forms_subject(drift: Drift) -> str:
    return ngettext(
        "%(count)s published form no longer fits Salesforce",
        "%(count)s published forms no longer fit Salesforce",
        len(drift),
    ) % {"count": grouped(len(drift))}


def _forms_lines(drift: Drift) -> list[str]:
    lines = [
        f"{form} → {form.current_version.org}\n{problem.message}"
        for form, problem in drift[:MOST_FORMS]
    ]
    if more := len(drift[MOST_FORMS:]):
        rest = ngettext("… and %(count)s more form.", "… and %(count)s more forms.", more)
        lines.append(rest % {"count": grouped(more)})
    return [*lines, _address("wagtailadmin_home")] if lines else []


def _causes_lines(causes: list[dict[str, Any]]) -> list[str]:
    lines = [_line(cause) for cause in causes[:MOST_CAUSES]]
    if more := len(causes[MOST_CAUSES:]):
        rest = ngettext("… and %(count)s more cause.", "… and %(count)s more causes.", more)
        lines.append(rest % {"count": grouped(more)} + "\n" + _listing_url())
    return lines


def _line(cause: dict[str, Any]) -> str:
    has_failed = cause["state"] == State.FAILED
    sentence, repair = words(cause["cause"], has_failed=has_failed)
    where = _listing_url(result=cause["state"], cause=cause["cause"])
    return f"{grouped(cause['count'])} × {sentence}\n{repair}\n{where}"


def _listing_url(**filters: str) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return f"{_address('wagtail_salesforce_leads_reports:index')}{query}"


def _address(name: str) -> str:
    return f"{get_admin_base_url() or ''}{reverse(name)}"
