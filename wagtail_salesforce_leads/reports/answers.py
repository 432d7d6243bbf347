"""Answers as people read them, beside what was sent of them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from wagtail_salesforce_leads.blocks.words import CONTEXTS
from wagtail_salesforce_leads.models import Delivery, LeadFormVersion, LeadSubmission


@dataclass(frozen=True)
class AnswerRow:
    """One line of a submission's screen. ``property`` is empty where nothing was sent."""

    label: str
    answer: str
    link: str = ""
    property: str = ""
    sent: str = ""


def labels_of(version: LeadFormVersion | None) -> dict[str, str]:
    return {field["key"]: field["label"] for field in version.fields} if version else {}


def answer_text(answer) -> str:
    """A stored answer (text, list of texts, bool) as text."""
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if isinstance(answer, list):
        return ", ".join(map(str, answer))
    return str(answer)


def safe_link(text: str) -> str:
    """The text itself where it is a web address, else empty: nothing else becomes a link."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


def answer_rows(submission: LeadSubmission, delivery: Delivery | None) -> list[AnswerRow]:
    """Every answer, then what else was sent: constants, context, lead source."""
    mapping = delivery.version.mapping if delivery and delivery.version else []
    lead = delivery.lead if delivery else {}
    sources = {row["property"]: row for row in mapping}
    by_key = {row["value"]: name for name, row in sources.items() if row["source"] == "field"}
    labels = labels_of(submission.version)
    keys = [*labels, *(key for key in submission.answers if key not in labels)]
    rows = [_answer_row(submission, key, labels, by_key.get(key, ""), lead) for key in keys]
    shown = {row.property for row in rows}
    others = [name for name in lead if name not in shown]
    return rows + [
        AnswerRow(_origin(sources.get(name)), "", "", name, answer_text(lead[name]))
        for name in others
    ]


def _answer_row(submission, key: str, labels: dict, property_name: str, lead: dict) -> AnswerRow:
    text = answer_text(submission.answers.get(key, ""))
    label = labels.get(key, key)
    if property_name not in lead:
        return AnswerRow(label, text, safe_link(text))
    sent = answer_text(lead[property_name])
    return AnswerRow(label, text, safe_link(text), property_name, sent)


def _origin(row: dict | None) -> str:
    """Where a value came from that no field gave."""
    if row and row["source"] == "context":
        return _("From the page: %(name)s") % {"name": CONTEXTS.get(row["value"], row["value"])}
    return _("Constant")
