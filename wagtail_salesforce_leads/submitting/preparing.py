"""The Lead of a submission, with the site's last word on it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.module_loading import import_string

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import LeadSubmission

from .payload import build_lead
from .problems import LeadProblems, SubmittingError

Json = dict[str, Any]

logger = logging.getLogger(__name__)

#: No Lead could be made of the answers.
PAYLOAD_FAILED = "payload_failed"
#: What Salesforce would have called the same problem: one cause has one set of words.
SALESFORCE_CODES = {
    "too_long": "STRING_TOO_LONG",
    "email": "INVALID_EMAIL_ADDRESS",
    "choice": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "number_too_large": "NUMBER_OUTSIDE_VALID_RANGE",
    "too_many": "TOO_MANY_ENUM_VALUE",
}


class PrepareFailed(SubmittingError):
    """``PREPARE_LEAD`` raised, or gave what cannot be sent. The site's developer is needed."""


@dataclass(frozen=True)
class Prepared:
    """A Lead, or why there is none: (code, property API names) as a delivery's cause."""

    lead: Json = field(default_factory=dict)
    failed: tuple[str, list[str]] | None = None


def prepare(
    submission: LeadSubmission,
    definition: Json,
    mapping: Sequence[Mapping[str, Any]],
    lead_source: str,
) -> Prepared:
    """Never raises: a submission is stored even where no Lead can be made of it."""
    try:
        return Prepared(lead_of(submission, definition, mapping, lead_source))
    except LeadProblems as error:
        return Prepared(failed=_cause(error))
    except Exception as error:
        logger.error("no lead for a submission: %s", type(error.__cause__ or error).__name__)
        return Prepared(failed=(PAYLOAD_FAILED, []))


def lead_of(
    submission: LeadSubmission,
    definition: Json,
    mapping: Sequence[Mapping[str, Any]],
    lead_source: str,
) -> Json:
    """Property API name -> JSON value. Raises LeadProblems and PrepareFailed.

    ``submission`` may be unsaved; its answers and context count.
    """
    lead = build_lead(definition, mapping, submission.answers, submission.context, lead_source)
    return _last_word(lead, submission) if settings.PREPARE_LEAD else lead


def _cause(error: LeadProblems) -> tuple[str, list[str]]:
    """The first problem's code, with the properties that share it."""
    code = error.problems[0][1].code
    properties = [name for name, problem in error.problems if problem.code == code]
    return SALESFORCE_CODES.get(code, PAYLOAD_FAILED), properties


def _last_word(lead: Json, submission: LeadSubmission) -> Json:
    try:
        prepared = import_string(settings.PREPARE_LEAD)(lead, submission)
        return json.loads(json.dumps(dict(prepared), allow_nan=False))
    except Exception as error:
        raise PrepareFailed(type(error).__name__) from error
