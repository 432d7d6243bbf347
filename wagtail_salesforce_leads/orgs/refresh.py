"""New tokens for a grant: asked for once, whatever the number of processes and machines that want
them, and stored whatever happens to the process that asked.

Where Salesforce rotates refresh tokens, using one twice revokes everything, and an answer that is
not stored is lost with the grant. So: a committed lease, the token read by the statement that
proves it, ``sent_at`` committed directly before the call, no transaction open during it, and a
write that is tried until it succeeds.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat

from django.db import InterfaceError, OperationalError, connections, router
from django.db.models import Q

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.models.leases import DatabaseNow, from_now
from wagtail_salesforce_leads.salesforce import errors, oauth
from wagtail_salesforce_leads.salesforce.hosts import HostRefused
from wagtail_salesforce_leads.salesforce.secret import Secret

from . import marks
from .grants import AT_REST
from .interruptions import deferred_signals
from .pending import SignIn
from .tokens import decrypt, encrypt
from .unavailable import AppRefused, GrantDead, OrgUnavailable, SecretUnreadable, TokenOutage

logger = logging.getLogger(__name__)

#: Seconds a lease outlives the longest call.
LEASE_MARGIN = 10.0
#: Seconds until a failed refresh is tried again: doubling from the first to the last.
BACK_OFF, BACK_OFF_MAX = 15.0, 900.0
WRITE_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)

#: The code for a grant that died of an answer that never reached our database.
INTERRUPTED = "interrupted"
#: Salesforce's descriptions of ``invalid_grant`` (contract: token endpoint errors) -> our codes.
DEATHS = {
    "expired access/refresh token": "expired",
    "inactive user": "inactive_user",
    "authentication failure": "login_policy",
    "activation secret invalid": "login_policy",
    "user hasn't approved this consumer": "not_approved",
    "ip restricted": "ip_restricted",
}


@dataclass(frozen=True)
class Claim:
    """The lease on one grant, with the grant and its org as they were when it was proved."""

    token: uuid.UUID
    grant: SalesforceGrant

    @property
    def rows(self):
        """The grant, as long as the lease is not somebody else's and the grant still this one."""
        return SalesforceGrant.objects.of_generation(self.grant).filter(claim_token=self.token)

    @property
    def was_interrupted(self) -> bool:
        """An earlier call went out and its answer was not stored."""
        return self.grant.sent_at is not None


def attempt(grant: SalesforceGrant) -> bool:
    """Refresh ``grant``; false if somebody else is at it or was faster, or it is too early.

    Not inside a transaction. Raises GrantDead, SecretUnreadable, AppRefused or TokenOutage; each is
    also left on the grant, for those who wait.
    """
    claim = _claim(grant)
    if claim is None:
        return False
    try:
        sign_in, refresh_token = _secrets(claim)
    except SecretUnreadable as problem:
        marks.went_down(claim.grant.org, problem)
        raise
    with deferred_signals():
        outcome = _ask_and_store(claim, sign_in, refresh_token) if _mark_sent(claim) else None
    if isinstance(outcome, OrgUnavailable):
        marks.went_down(claim.grant.org, outcome)
        raise outcome
    if outcome:
        _follow_up(claim, outcome)
    return True


def _lease() -> float:
    return settings.CALL_DEADLINE + LEASE_MARGIN


def _claim(read: SalesforceGrant) -> Claim | None:
    token = uuid.uuid4()
    wanted = SalesforceGrant.objects.of_generation(read).refreshable()
    if not wanted.filter(access_token=read.access_token).claim(token, _lease()):
        return None
    held = SalesforceGrant.objects.held_by(token).select_related("org").first()
    return Claim(token, held) if held else None


def _secrets(claim: Claim) -> tuple[SignIn, Secret]:
    try:
        return SignIn.of(claim.grant.org), decrypt(claim.grant.refresh_token)
    except SecretUnreadable:
        claim.rows.update(claim_token=None, lease_until=None)
        raise


def _mark_sent(claim: Claim) -> bool:
    """Commit that the call is being made; false when the lease or the token is no longer ours."""
    held = claim.rows.filter(lease_until__gt=DatabaseNow(), refresh_token=claim.grant.refresh_token)
    if held.update(sent_at=DatabaseNow(), lease_until=from_now(_lease())):
        return True
    claim.rows.update(claim_token=None, lease_until=None)
    return False


def _ask_and_store(
    claim: Claim, sign_in: SignIn, refresh_token: Secret
) -> oauth.TokenAnswer | OrgUnavailable | None:
    """The answer, stored unless the grant is another one by now; or what went wrong with this one.

    Nothing else is done here: it cannot be interrupted, and a kill inside it costs the grant.
    """
    org = claim.grant.org
    try:
        answer = oauth.refresh(
            org.login_origin, sign_in.client_id, sign_in.client_secret, refresh_token
        )
    except errors.GrantDead as dead:
        return _bury(claim, dead.detail)
    except (errors.BadSignature, HostRefused) as unbelievable:
        return _back_off(claim, AppRefused(unbelievable.code or "host"), answer_lost=True)
    except errors.OAuthRefused as refused:
        return _back_off(claim, AppRefused(refused.code), answer_lost=False)
    except errors.GrantCollision:
        return _back_off(claim, TokenOutage("collision"), answer_lost=False)
    except errors.OAuthOutage as outage:
        return _back_off(claim, TokenOutage(outage.code), answer_lost=outage.may_have_run)
    if answer.org_id != org.org_id:
        return _back_off(claim, AppRefused("other_org"), answer_lost=True)
    _store(claim, answer)
    return answer


def _store(claim: Claim, answer: oauth.TokenAnswer) -> None:
    """Also when the lease ran out or was taken over, as long as no newer token is there."""
    values = {**AT_REST, "access_token": encrypt(answer.access_token)}
    values |= {"refreshed_at": DatabaseNow(), "scopes": " ".join(sorted(answer.scopes))}
    if answer.refresh_token:
        values["refresh_token"] = encrypt(answer.refresh_token)
    unchanged = Q(refresh_token=claim.grant.refresh_token, dead_code="")
    grants = SalesforceGrant.objects.of_generation(claim.grant)
    _write(lambda: grants.filter(Q(claim_token=claim.token) | unchanged).update(**values))


def _follow_up(claim: Claim, answer: oauth.TokenAnswer) -> None:
    """Act on an answer; one for an org that was disconnected or reconnected meanwhile is undone."""
    org = claim.grant.org
    if not SalesforceGrant.objects.of_generation(claim.grant).exists():
        _revoke(answer)
        return
    # Salesforce moves orgs to other instances and lets people rename their domain.
    if answer.instance_url != org.instance_url:
        SalesforceOrg.objects.filter(pk=org.pk).update(instance_url=answer.instance_url)
    marks.signed_in(org)


def _revoke(answer: oauth.TokenAnswer) -> None:
    """Without rotation there is no new token: the one we had was revoked by whoever replaced it."""
    if not answer.refresh_token:
        return
    try:
        oauth.revoke(answer.instance_url, answer.refresh_token)
    except errors.SalesforceProblem as problem:
        logger.warning("A superseded grant could not be revoked: %s", problem)


def _bury(claim: Claim, detail: str) -> GrantDead | None:
    """Only the grant that was asked about; None when another has taken its place."""
    code = DEATHS.get(detail, "invalid_grant")
    if code == "expired" and claim.was_interrupted:
        code = INTERRUPTED
    values = {**AT_REST, "access_token": "", "dead_code": code, "dead_at": DatabaseNow()}
    return GrantDead(code) if _write(lambda: claim.rows.update(**values)) else None


def _back_off(claim: Claim, problem: OrgUnavailable, *, answer_lost: bool) -> OrgUnavailable:
    failures = claim.grant.failures + 1
    seconds = min(BACK_OFF * 2 ** (failures - 1), BACK_OFF_MAX)
    values = {"claim_token": None, "lease_until": None, "retry_at": from_now(seconds)}
    values |= {"failures": failures, "failure_code": problem.code}
    if not answer_lost:
        values["sent_at"] = claim.grant.sent_at
    _write(lambda: claim.rows.update(**values))
    return problem


def _write(update: Callable[[], int]) -> int:
    """Try until the database takes it: what Salesforce answered is nowhere else."""
    pauses = chain(WRITE_PAUSES, repeat(WRITE_PAUSES[-1]))
    while True:
        try:
            return update()
        except (OperationalError, InterfaceError) as error:
            logger.error("A token answer cannot be stored yet: %s", type(error).__name__)
            connections[router.db_for_write(SalesforceGrant)].close()
            time.sleep(next(pauses))
