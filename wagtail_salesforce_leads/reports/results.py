"""What became of a submission, in words for a listing and for its own screen."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.delivery.words import words
from wagtail_salesforce_leads.exceptions import SalesforceLeadsError
from wagtail_salesforce_leads.models import Delivery, LeadSubmission
from wagtail_salesforce_leads.salesforce.hosts import record_url

State = Delivery.State

ICONS = {
    State.DUE: "time",
    State.SENDING: "time",
    State.DONE: "success",
    State.WAITING: "rotate",
    State.HELD: "lock",
    State.FAILED: "warning",
    State.UNKNOWN: "help",
}


@dataclass(frozen=True)
class Result:
    """One line on a submission: ``tone`` is good, busy, bad or none; URLs may be empty."""

    icon: str
    tone: str
    label: str
    detail: str = ""
    repair: str = ""
    lead_url: str = ""
    campaign_url: str = ""

    def __str__(self) -> str:
        return f"{self.label}: {self.detail}" if self.detail else self.label


def result_of(submission: LeadSubmission) -> Result:
    """The result of a submission that carries its delivery as ``current``."""
    delivery = submission.current
    if delivery is None:
        return Result("minus", "none", _("Not sent"), _("Lead sync was off"))
    state = State(delivery.state)
    detail, repair = _explain(delivery, state)
    return Result(
        ICONS[state],
        _tone(state),
        str(state.label),
        detail,
        repair,
        url_of(delivery, delivery.lead_id),
        url_of(delivery, delivery.campaign_id) if delivery.lead_id else "",
    )


def url_of(delivery: Delivery, record_id: str | None) -> str:
    """The record's page at Salesforce, or empty where there is no record or org to show."""
    if not (record_id and delivery.org):
        return ""
    try:
        return record_url(delivery.org.instance_url, record_id, settings.EXTRA_HOSTS)
    except SalesforceLeadsError:
        return ""


def _tone(state: Delivery.State) -> str:
    if state == State.DONE:
        return "good"
    return "bad" if state == State.FAILED else "busy"


def _explain(delivery: Delivery, state: Delivery.State) -> tuple[str, str]:
    if state == State.DONE:
        return _member_line(delivery), ""
    sentence, repair = "", ""
    if delivery.cause:
        has_failed = state == State.FAILED
        sentence, repair = words(delivery.cause, delivery.cause_fields, has_failed=has_failed)
    if state == State.WAITING:
        when = date_format(localtime(delivery.due_at), "H:i")
        sentence = _("Next try at %(when)s. %(why)s") % {"when": when, "why": sentence}
    return str(sentence), str(repair)


def _member_line(delivery: Delivery) -> str:
    if not delivery.campaign_id:
        return ""
    campaign = delivery.campaign_name or delivery.campaign_id
    status = delivery.actual_status or delivery.member_status
    return f"{campaign}: {status}" if status else campaign
