"""Sending many again with today's mapping, in a few statements for each couple of hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from wagtail_salesforce_leads.models import Delivery, LeadForm, LeadFormVersion

from . import resend
from .nudges import nudge
from .resend import AFRESH, RESENDABLE, ResendRefused
from .writing import ByPk

State = Delivery.State

#: What there is to do something about.
STATES = (*RESENDABLE, State.UNKNOWN)
#: Deliveries a statement.
CHUNK = 200


class BulkResend:
    """As ``resend.resend`` with ``TODAY`` for each; what is refused there is left alone here."""

    def __init__(self) -> None:
        self.versions: dict[int, LeadFormVersion | None] = {}
        self.orgs: set[int] = set()

    def resend(self, submissions: Sequence[int]) -> list[int]:
        """By their primary keys. Those that go out again or are looked up."""
        chunks = (submissions[at : at + CHUNK] for at in range(0, len(submissions), CHUNK))
        sent = list(chain.from_iterable(map(self._chunk, chunks)))
        for org in sorted(self.orgs):
            nudge(org)
        return sent

    def _chunk(self, submissions: Sequence[int]) -> list[int]:
        chosen = Delivery.objects.filter(
            submission__in=submissions, is_current=True, state__in=STATES
        )
        deliveries = list(chosen.select_related("submission").order_by("pk"))
        self.orgs |= {one.org_id for one in deliveries if one.org_id}
        self._learn_versions({one.submission.form_id for one in deliveries})
        unknown = [one.pk for one in deliveries if one.state == State.UNKNOWN]
        sent = set(resend.look_up_now(Delivery.objects.filter(pk__in=unknown)) if unknown else [])
        alike, odd = self._sorted(one for one in deliveries if one.state != State.UNKNOWN)
        sent.update(*(self._same_org(*key, group) for key, group in alike.items()))
        sent.update(one.pk for one in odd if _is_sent(one))
        return [one.submission_id for one in deliveries if one.pk in sent]

    def _learn_versions(self, forms: set[int | None]) -> None:
        missing = forms - set(self.versions) - {None}
        found = LeadForm.objects.filter(pk__in=missing).select_related("current_version__org")
        self.versions |= {form.pk: form.current_version for form in found}

    def _sorted(self, deliveries: Iterable[Delivery]) -> tuple[dict, list[Delivery]]:
        """Those that stay with their org, by what they have in common; and the others."""
        alike: dict[tuple, list[Delivery]] = defaultdict(list)
        odd = []
        for one in deliveries:
            form = one.submission.form_id
            version = self.versions.get(form)
            if resend.only_looks_up(one):
                odd.append(one)
            elif resend.takes_leads(version):
                stays = version.org_id == one.org_id
                group = alike[form, one.state, one.attempts] if stays else odd
                group.append(one)
        return alike, odd

    def _same_org(self, form: int, state: str, attempts: int, group: list[Delivery]) -> list[int]:
        """The primary keys of those that go out again."""
        version = self.versions[form]
        leads = dict(chain.from_iterable(_lead(one, version) for one in group))
        if not leads:
            return []
        rows = Delivery.objects.filter(pk__in=list(leads), state=state, attempts=attempts)
        columns = {**AFRESH, **resend.columns_of(version), "state": State.DUE}
        hit = rows.update(lead=ByPk(leads, Delivery._meta.get_field("lead")), **columns)
        if hit == len(leads):
            return list(leads)
        # A worker or another person was quicker with some of them.
        due = Delivery.objects.filter(pk__in=list(leads), state=State.DUE)
        return list(due.values_list("pk", flat=True))


def _lead(delivery: Delivery, version: LeadFormVersion) -> list[tuple[int, dict]]:
    try:
        return [(delivery.pk, resend.lead_today(delivery, version))]
    except ResendRefused:
        return []


def _is_sent(delivery: Delivery) -> bool:
    try:
        resend.resend(delivery, mapping=resend.TODAY)
    except ResendRefused:
        return False
    return True
