"""What a try saw and what came of it, as the history tells it: only what an answer said."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_salesforce_leads.delivery.attempts import DELIVERED, NOT_FOUND, PUT_OFF
from wagtail_salesforce_leads.delivery.claims import LOST_LEASES
from wagtail_salesforce_leads.delivery.findings import Seen
from wagtail_salesforce_leads.delivery.outcomes.late_answers import LATE
from wagtail_salesforce_leads.delivery.retry import ANSWER_LOST
from wagtail_salesforce_leads.models import DeliveryAttempt

from . import words

STEPS = {
    Seen.LEAD_CREATED: gettext_lazy("Lead created"),
    Seen.LEAD_THERE: gettext_lazy("a Lead with this submission id was there already"),
    Seen.LEAD_FOUND: gettext_lazy("Lead found by its submission id"),
    Seen.LEAD_RECOGNISED: gettext_lazy("Lead found by its values"),
    Seen.LEAD_NOT_THERE: gettext_lazy("not there"),
    Seen.LEAD_CONVERTED: gettext_lazy("converted to a Contact since"),
    Seen.LEAD_MERGED: gettext_lazy("merged into another Lead since"),
    Seen.MEMBER_ADDED: gettext_lazy("member added"),
    Seen.MEMBER_THERE: gettext_lazy("member was there already"),
    Seen.MEMBER_REFUSED: gettext_lazy("member refused"),
    Seen.STATUS_READ: gettext_lazy("status %(status)s read back"),
    Seen.STATUS_WRITTEN: gettext_lazy("status %(status)s written"),
    Seen.SPLIT: gettext_lazy("not taken together with others, so sent in smaller calls"),
    Seen.ASKED_ALONE: gettext_lazy("refused among others, so sent by itself"),
    Seen.SESSION_RENEWED: gettext_lazy("session renewed"),
}
ABOUT_A_STATUS = {Seen.STATUS_READ, Seen.STATUS_WRITTEN}
#: Ends of a try that are no refusal of Salesforce's.
ENDS = {
    ANSWER_LOST: gettext_lazy("no answer"),
    PUT_OFF: gettext_lazy("the rest was put off for a moment"),
    LATE: gettext_lazy("the answer arrived late"),
}
#: Ends that need no words beside the steps.
SAID_BY_STEPS = {DELIVERED: gettext_lazy("delivered"), NOT_FOUND: gettext_lazy("not there")}


def told(attempt: DeliveryAttempt) -> str:
    """In the active language, without a try's number and calls."""
    parts = [_step(Seen(seen), about) for seen, about in attempt.steps]
    parts += filter(None, [_end(attempt)])
    steps = _(", ").join(parts)
    refusal = _refusal(attempt)
    if not (steps and refusal):
        return steps or refusal
    return _("%(steps)s. %(sentence)s") % {"steps": steps, "sentence": refusal}


def calls_told(calls: Sequence[int]) -> str:
    """``calls``: for each API call how many leads shared it."""
    if not calls:
        return ""
    count = len(calls)
    said = ngettext("%(count)d API call", "%(count)d API calls", count) % {"count": count}
    others = max(calls) - 1
    if not others:
        return said
    if max(calls) == min(calls):
        shared = ngettext(
            "%(calls)s shared with %(others)d other lead",
            "%(calls)s shared with %(others)d other leads",
            others,
        )
    else:
        shared = ngettext(
            "%(calls)s shared with up to %(others)d other lead",
            "%(calls)s shared with up to %(others)d other leads",
            others,
        )
    return shared % {"calls": said, "others": others}


def _step(seen: Seen, about: str) -> str:
    if seen in ABOUT_A_STATUS:
        return STEPS[seen] % {"status": about}
    return f"{STEPS[seen]} ({about})" if about.isupper() else str(STEPS[seen])


def _end(attempt: DeliveryAttempt) -> str:
    result = attempt.result
    if not result:
        return _("no answer yet") if attempt.sent_at else _("not sent yet")
    if result == LOST_LEASES:
        if attempt.sent_at:
            return _("the worker stopped in the middle of it")
        return _("the worker stopped before it sent anything")
    if result in SAID_BY_STEPS:
        return "" if attempt.steps else str(SAID_BY_STEPS[result])
    return str(ENDS.get(result, ""))


def _refusal(attempt: DeliveryAttempt) -> str:
    is_own = attempt.result in {"", LOST_LEASES, *SAID_BY_STEPS, *ENDS}
    return "" if is_own else words(attempt.result)[0]
