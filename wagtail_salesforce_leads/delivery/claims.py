"""Who sends which deliveries: claims, the mark directly before the socket, and claims that ended.

The order makes it safe to die anywhere. A claim is committed before anything is prepared, and
``sent_at`` before anything is sent: a claim that ended without it never reached Salesforce.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from uuid import UUID, uuid4

from django.db.models import F, Q
from django.db.models.functions import Greatest

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import Delivery, DeliveryAttempt, SalesforceOrg
from wagtail_salesforce_leads.models.deliveries import DeliveryQuerySet
from wagtail_salesforce_leads.models.leases import DatabaseNow, from_now

from .attempts import PUT_OFF, Ending, close_attempts, open_attempts
from .calls.call import Call
from .findings import findings_of
from .outbox import ORG_OF_ANOTHER_SITE
from .outcomes.announcing import announce_after_commit
from .writing import committed

State = Delivery.State
Kind = DeliveryAttempt.Kind

LOST_LEASES = "lost_leases"
#: Times that a worker may vanish with a delivery before a person is asked.
MAX_LOST_LEASES = 3
#: Seconds until a look-up whose worker vanished is tried again.
LOOK_UP_AGAIN = 60.0


@dataclass(frozen=True)
class Claim:
    """Deliveries that are ours until the lease ends. ``alone``: there is one, for a reason."""

    token: UUID
    deliveries: list[Delivery]
    alone: bool = False


def claim_due(org: SalesforceOrg, limit: int) -> Claim | None:
    """The oldest that are due, up to ``limit``; one alone where an earlier batch was lost."""
    Delivery.objects.for_org(org).ripe().update(state=State.DUE)
    rows = _of_this_site(org, Delivery.objects.for_org(org).due(), limit)
    if not rows:
        return None
    alone = rows[0][1]
    pks = [rows[0][0]] if alone else [pk for pk, lone in rows if not lone]
    return _claim(org, pks, State.DUE, Kind.LEAD, alone=alone)


def claim_unknown(org: SalesforceOrg, limit: int) -> Claim | None:
    """Those asked without an answer, to look for their leads."""
    pks = list(Delivery.objects.for_org(org).to_look_up().values_list("pk", flat=True)[:limit])
    return _claim(org, pks, State.UNKNOWN, Kind.LOOK_UP) if pks else None


def mark_sent(call: Call) -> Call:
    """Commit that the call is about to go out. It holds only those that are still ours to send."""
    wanted = Delivery.objects.filter(_as_we_know_them(call), state=State.SENDING)
    wanted = wanted.held_by(call.token)
    tries = DeliveryAttempt.objects.filter(claim_token=call.token, finished_at=None)

    def write() -> Collection[int]:
        pks = call.pks
        if wanted.update(**_sent_changes(call)) != len(pks):
            pks = list(wanted.filter(sent_at__isnull=False).values_list("pk", flat=True))
        tries.filter(delivery__in=pks, sent_at=None).update(sent_at=DatabaseNow())
        return pks

    ours = set(committed(write))
    if len(ours) < len(call.deliveries):
        give_back(call.token, [one for one in call.deliveries if one.pk not in ours])
        call = call.only(one for one in call.deliveries if one.pk in ours)
    return replace(call, marked_at=monotonic())


def give_back(token: UUID, deliveries: Iterable[Delivery]) -> None:
    """End a claim on what was not sent, as if it had not been made."""
    endings = {one.pk: Ending(PUT_OFF, findings_of(one)) for one in deliveries}
    pks = list(endings)
    rows = Delivery.objects.filter(claim_token=token, state=State.SENDING, pk__in=pks)
    tries = DeliveryAttempt.objects.filter(claim_token=token, finished_at=None, delivery__in=pks)
    free = {"claim_token": None, "lease_until": None}
    not_counted = {"attempts": Greatest(F("attempts") - 1, 0), "sent_at": None}

    def write() -> None:
        tries.filter(sent_at=None).delete()
        close_attempts(token, endings)
        rows.filter(may_exist=True).update(
            state=State.UNKNOWN, due_at=from_now(LOOK_UP_AGAIN), **free
        )
        rows.update(state=State.DUE, **free, **not_counted)

    committed(write)


def end_lapsed() -> int:
    """Take back what workers vanished with. What may have been sent is looked up first."""
    lapsed = Delivery.objects.filter(state=State.SENDING).lapsed()
    tokens = list(lapsed.values_list("claim_token", flat=True).distinct())
    return sum(committed(lambda token=token: _end(token)) for token in tokens)


def look_up_at(mode: str) -> float:
    """Seconds after ``sent_at`` from which on a look-up can be trusted.

    With a unique field a second lead is refused even while the first call still runs.
    """
    return 0.0 if mode else settings.LOOK_UP_AFTER


def _of_this_site(org, due, limit) -> list[tuple[int, bool]]:
    rows = list(due.values_list("pk", "alone", "submission__site")[:limit])
    strays = [pk for pk, _alone, site in rows if site != org.site_id]
    if strays:
        Delivery.objects.filter(pk__in=strays, state=State.DUE).update(
            state=State.HELD, cause=ORG_OF_ANOTHER_SITE
        )
    return [(pk, alone) for pk, alone, site in rows if site == org.site_id]


def _claim(org, pks, state, kind, *, alone=False) -> Claim | None:
    token = uuid4()

    def write() -> list[Delivery]:
        free = Delivery.objects.filter(pk__in=pks, state=state)
        free.claim(
            token,
            settings.LEASE,
            state=State.SENDING,
            sent_at=None,
            attempts=F("attempts") + int(kind != Kind.LOOK_UP),
        )
        ours = Delivery.objects.filter(pk__in=pks, claim_token=token)
        claimed = list(ours.order_by("due_at", "pk"))
        complete = _settle(ours) if any(one.lead_id for one in claimed) else []
        to_send = [one for one in claimed if one.pk not in complete]
        open_attempts(org, token, to_send, kind)
        return to_send

    claimed = committed(write)
    return Claim(token, claimed, alone) if claimed else None


def _settle(ours: DeliveryQuerySet) -> list[int]:
    """Those of them for which a resend has nothing to send."""
    pks = list(ours.complete().values_list("pk", flat=True))
    if pks:
        ours.filter(pk__in=pks).settle()
        announce_after_commit(pks)
    return pks


def _as_we_know_them(call: Call) -> Q:
    """Nothing is sent past a lead that may exist, nor past one that turned up meanwhile."""
    if not call.makes_leads:
        return Q(pk__in=call.pks)
    known = [one.pk for one in call.deliveries if one.lead_id]
    unknown = [one.pk for one in call.deliveries if not one.lead_id]
    return Q(pk__in=known) | Q(pk__in=unknown, lead_id=None, may_exist=False)


def _sent_changes(call: Call) -> dict:
    changes = {"sent_at": DatabaseNow(), "lease_until": from_now(settings.LEASE)}
    if call.makes_leads:
        changes |= {
            "ambiguous_since": DatabaseNow(),
            "ambiguous_mode": call.org.submission_id_field,
        }
    return changes


def _end(token: UUID) -> int:
    rows = Delivery.objects.filter(claim_token=token, state=State.SENDING).lapsed()
    ended = {
        "claim_token": None,
        "lease_until": None,
        "alone": True,
        "lost_leases": F("lost_leases") + 1,
    }
    open_tries = DeliveryAttempt.objects.filter(claim_token=token, finished_at=None)
    open_tries.update(finished_at=DatabaseNow(), result=LOST_LEASES)
    maybe = Q(lead_id=None) & (Q(sent_at__isnull=False) | Q(may_exist=True))
    rows.filter(maybe).update(may_exist=True)
    given_up = rows.filter(lost_leases__gte=MAX_LOST_LEASES - 1)
    pks = list(given_up.values_list("pk", flat=True))
    hit = given_up.update(state=State.FAILED, cause=LOST_LEASES, settled_at=DatabaseNow(), **ended)
    if hit:
        announce_after_commit(pks)
    for unanswered, due_at in (
        (rows.filter(maybe, sent_at=None), from_now(LOOK_UP_AGAIN)),
        (rows.filter(maybe, ambiguous_mode=""), _after_sent(look_up_at(""))),
        (rows.filter(maybe), DatabaseNow()),
    ):
        hit += unanswered.update(state=State.UNKNOWN, due_at=due_at, **ended)
    return hit + rows.update(state=State.DUE, due_at=DatabaseNow(), **ended)


def _after_sent(seconds: float):
    return F("sent_at") + timedelta(seconds=seconds)
