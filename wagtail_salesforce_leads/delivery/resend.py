"""Sending again, because a person says so. Never past a lead that may exist."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wagtail_salesforce_leads.exceptions import SalesforceLeadsError
from wagtail_salesforce_leads.models import Delivery, LeadFormVersion, SalesforceOrg
from wagtail_salesforce_leads.models.deliveries import DeliveryQuerySet
from wagtail_salesforce_leads.models.leases import DatabaseNow, from_now
from wagtail_salesforce_leads.submitting.preparing import PrepareFailed, lead_of
from wagtail_salesforce_leads.submitting.problems import LeadProblems

from .claims import look_up_at
from .nudges import nudge
from .outbox import ORG_OF_ANOTHER_SITE, enqueue
from .verdicts import LEAD_DELETED

AS_IT_WAS = "as_it_was"
TODAY = "today"
#: The cause of a delivery that another one took the place of before it was sent.
REPLACED = "replaced"

State = Delivery.State
MOVABLE = (State.DUE, State.WAITING, State.HELD)
RESENDABLE = (State.FAILED, State.WAITING, State.HELD)
#: What a delivery that is sent again begins with.
AFRESH = {
    "cause": "",
    "cause_fields": [],
    "due_at": DatabaseNow(),
    "settled_at": None,
    "waited": 0,
    "lost_leases": 0,
    "alone": False,
}


class ResendRefused(SalesforceLeadsError):
    """The delivery cannot be sent again as asked; ``words`` says why to the person."""

    def __init__(self, words):
        super().__init__("resend refused")
        self.words = words


def resend(delivery: Delivery, *, mapping: str = AS_IT_WAS) -> Delivery:
    """Put the delivery back to due; look up an unanswered one. Returns the one that goes out.

    With ``TODAY`` the Lead is built anew from the answers by the form's published version; another
    org there makes a new delivery. Raises ResendRefused.
    """
    if delivery.state == State.UNKNOWN:
        return _look_up_now(delivery)
    if only_looks_up(delivery):
        # What was sent must stay as it is, or the lead would not be recognised.
        return _send(delivery)
    if delivery.state not in RESENDABLE:
        raise ResendRefused(_("It is in Salesforce already, or on its way."))
    with transaction.atomic():
        # Where no lead could be built there is none to send as it was.
        if mapping == TODAY or not delivery.lead:
            return _send_mapped(delivery, _todays_version(delivery))
        return _send(delivery)


def only_looks_up(delivery: Delivery) -> bool:
    """Whether to resend it is to ask for its lead, because there may be one."""
    is_open = delivery.state in (State.UNKNOWN, *RESENDABLE)
    return is_open and delivery.may_exist and not delivery.lead_id


def may_be_sent_as_new(delivery: Delivery) -> bool:
    """Whether its lead is there, was there, or perhaps is: a person may want another one."""
    if delivery.state == State.DONE:
        return True
    is_in_doubt = only_looks_up(delivery) or delivery.cause == LEAD_DELETED
    return delivery.state == State.FAILED and is_in_doubt


def send_as_new(delivery: Delivery) -> Delivery:
    """Another Lead, whatever became of the first. Raises ResendRefused."""
    if not (may_be_sent_as_new(delivery) and delivery.version):
        raise ResendRefused(
            _("Only a lead that is, was or may be in Salesforce can be sent as a new one.")
        )
    with transaction.atomic():
        return _replace(delivery, delivery.version, delivery.lead)


def move(source: SalesforceOrg, target: SalesforceOrg) -> int:
    """Let what waits for one org go to another, where no lead can exist in the first. How many.

    Campaigns and their statuses are the first org's own, so the leads go without. What is held for
    a reason of its own, such as suspected spam, is moved and stays held.
    """
    place = {
        "org": target,
        "org_name": target.name,
        "salesforce_org_id": target.org_id,
        "campaign_id": "",
        "campaign_name": "",
        "member_status": "",
    }
    suspicious = movable(source).held_for(*Delivery.SUSPICIOUS)
    moved = suspicious.update(**place)
    moved += movable(source).update(
        **place, state=State.DUE, cause="", cause_fields=[], due_at=DatabaseNow()
    )
    if moved:
        nudge(target.pk)
    return moved


def movable(source: SalesforceOrg) -> DeliveryQuerySet:
    """What waits for the org, and no lead can exist there.

    Not what came from another site: accounts of the org's own site would not take it either.
    """
    waiting = Delivery.objects.for_org(source).filter(state__in=MOVABLE)
    return waiting.filter(may_exist=False, lead_id=None).exclude(cause=ORG_OF_ANOTHER_SITE)


def look_up_now(deliveries: QuerySet[Delivery]) -> list[int]:
    """Not before the unanswered call can no longer be running, unless a unique field protects.

    The primary keys of those that are looked up.
    """
    over = Q(sent_at=None) | Q(sent_at__lte=from_now(-look_up_at(""))) | ~Q(ambiguous_mode="")
    pks = list(deliveries.filter(over, state=State.UNKNOWN).values_list("pk", flat=True))
    rows = Delivery.objects.filter(pk__in=pks, state=State.UNKNOWN)
    return pks if rows.update(due_at=DatabaseNow()) else []


def _look_up_now(delivery: Delivery) -> Delivery:
    if not look_up_now(Delivery.objects.filter(pk=delivery.pk)):
        raise ResendRefused(
            _("The call may still be running at Salesforce; it is looked up by itself soon.")
        )
    nudge(delivery.org_id)
    return delivery


def _send(delivery: Delivery, **changes) -> Delivery:
    """Compare-and-set from the state that was read; a worker or another person may be quicker."""
    state = State.UNKNOWN if only_looks_up(delivery) else State.DUE
    rows = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, attempts=delivery.attempts)
    if not rows.update(state=state, **AFRESH, **changes):
        raise ResendRefused(_("Somebody or something else was quicker; look again."))
    nudge(delivery.org_id)
    return delivery


def _todays_version(delivery: Delivery) -> LeadFormVersion:
    form = delivery.submission.form
    version = form.current_version if form else None
    if not takes_leads(version):
        raise ResendRefused(_("The form is not published with Lead sync today."))
    return version


def takes_leads(version: LeadFormVersion | None) -> bool:
    return version is not None and version.sync and version.org is not None


def _send_mapped(delivery: Delivery, version: LeadFormVersion) -> Delivery:
    lead = lead_today(delivery, version)
    if version.org_id == delivery.org_id:
        return _send(delivery, lead=lead, **columns_of(version))
    if delivery.may_exist or delivery.lead_id:
        raise ResendRefused(
            _("A lead may exist in the account it was sent to; look it up there first.")
        )
    return _replace(delivery, version, lead)


def lead_today(delivery: Delivery, version: LeadFormVersion) -> dict:
    """Raises ResendRefused."""
    submission = delivery.submission
    try:
        return lead_of(submission, version.definition, version.mapping, version.lead_source)
    except PrepareFailed:
        raise ResendRefused(_("The site's own code could not prepare the lead.")) from None
    except LeadProblems as problems:
        raise ResendRefused(
            _("Today's mapping does not fit these answers: %(names)s.")
            % {"names": ", ".join(name for name, _problem in problems.problems)}
        ) from None


def columns_of(version: LeadFormVersion) -> dict:
    return {
        "version": version,
        "campaign_id": version.campaign_id,
        "campaign_name": version.campaign_name,
        "member_status": version.member_status,
    }


def _replace(delivery: Delivery, version: LeadFormVersion, lead: dict) -> Delivery:
    """A new delivery takes the old one's place in listings; the old one stays as history."""
    end = {} if delivery.state == State.DONE else {"state": State.FAILED, "cause": REPLACED}
    taken = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, is_current=True).update(
        is_current=False, **end
    )
    if not taken:
        raise ResendRefused(_("Somebody or something else was quicker; look again."))
    new = enqueue(delivery.submission, version, lead)
    nudge(new.org_id)
    return new
