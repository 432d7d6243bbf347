"""From the reply of Salesforce to a connected org, and from a connected one to a disconnected."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import PendingConnection, SalesforceOrg
from wagtail_salesforce_leads.salesforce import oauth
from wagtail_salesforce_leads.salesforce.errors import (
    BadSignature,
    OAuthOutage,
    OAuthProblem,
    SalesforceProblem,
)
from wagtail_salesforce_leads.salesforce.hosts import HostRefused
from wagtail_salesforce_leads.salesforce.oauth import TokenAnswer
from wagtail_salesforce_leads.salesforce.secret import Secret

from . import grants
from .identity import identity_of
from .pending import ConnectRefused, SignIn
from .signals import org_went_down
from .tokens import decrypt
from .unavailable import NotConnected, SecretUnreadable


@dataclass(frozen=True)
class Connected:
    org: SalesforceOrg
    is_new: bool


def finish(pending: PendingConnection, code: Secret) -> Connected:
    """Exchange the code, learn which org it is and keep its grant. Raises ConnectRefused.

    A grant that is not kept, or that is replaced, is revoked.
    """
    if pending.org and grants.generation(pending.org) != pending.generation:
        raise _refused("meanwhile", pending)
    answer = _exchange(pending, code)
    try:
        connected, replaced = _keep(pending, answer)
    except ConnectRefused:
        _revoke(answer.instance_url, answer.refresh_token or answer.access_token)
        raise
    if replaced:
        _revoke(answer.instance_url, replaced)
    action = "connect" if connected.is_new else "reconnect"
    log(connected.org, f"wagtail_salesforce_leads.{action}", user=pending.user)
    return connected


def disconnect(org: SalesforceOrg, user) -> bool:
    """End the grant here and at Salesforce. The row stays: history is read through it.

    False if our authorisation may live on at Salesforce, because it did not answer or we could not
    read the token.
    """
    is_copy = grants.is_elsewhere(org)
    with transaction.atomic():
        token = grants.give_up(org)
        org.state = SalesforceOrg.State.DISCONNECTED
        org.consumer_secret = ""
        org.save(update_fields=["state", "consumer_secret"])
        log(org, "wagtail_salesforce_leads.disconnect", user=user)
    org_went_down.send_robust(SalesforceOrg, org=org, reason=NotConnected.hold_reason)
    return is_copy or (bool(token) and _revoke(org.instance_url, token))


def _exchange(pending: PendingConnection, code: Secret) -> TokenAnswer:
    """With a whole call's time, not an editor's: giving up makes a person sign in again."""
    try:
        sign_in = SignIn.of(pending)
        answer = oauth.exchange_code(
            sign_in.login_origin,
            sign_in.client_id,
            sign_in.client_secret,
            pending.redirect_uri,
            code,
            decrypt(pending.verifier),
        )
    except SecretUnreadable:
        refused = _refused("secret_unreadable", pending)
    except HostRefused:
        refused = _refused("host", pending)
    except OAuthProblem as problem:
        refused = _refused(_code_of(problem), pending)
    else:
        return answer
    # Outside the except: no frame that holds the secret or the code is chained to it.
    raise refused


def _code_of(problem: OAuthProblem) -> str:
    if isinstance(problem, OAuthOutage):
        return "outage"
    return "signature" if isinstance(problem, BadSignature) else problem.code


def _keep(pending: PendingConnection, answer: TokenAnswer) -> tuple[Connected, str]:
    """The org with its new grant, and the refresh token that this one replaces."""
    if not answer.refresh_token:
        raise _refused("no_refresh_token", pending)
    known = SalesforceOrg.objects.filter(site=pending.site, org_id=answer.org_id).first()
    identity = identity_of(answer, known)
    if pending.org and pending.org.org_id != answer.org_id:
        raise _refused("other_org", pending, other=identity.name)
    values = {
        **asdict(identity),
        "state": SalesforceOrg.State.CONNECTED,
        "login_origin": pending.login_origin,
        "instance_url": answer.instance_url,
        "user_id": answer.user_id,
        "connected_at": timezone.now(),
        "consumer_key": pending.consumer_key,
        "consumer_secret": pending.consumer_secret,
    }
    try:
        with transaction.atomic():
            return _store(pending, answer, values)
    except grants.GrantChanged:
        raise _refused("meanwhile", pending, org=identity.name) from None


def _store(pending: PendingConnection, answer: TokenAnswer, values: dict) -> tuple[Connected, str]:
    org, is_new = SalesforceOrg.objects.update_or_create(
        site=pending.site, org_id=answer.org_id, defaults=values
    )
    generation = pending.generation if pending.org else grants.generation(org)
    return Connected(org, is_new), grants.adopt(org, answer, generation=generation)


def _revoke(instance_url: str, token: str) -> bool:
    try:
        oauth.revoke(instance_url, token, deadline=settings.EDITOR_BUDGET)
    except SalesforceProblem:
        return False
    return True


def _refused(code: str, pending: PendingConnection, **names: str) -> ConnectRefused:
    if pending.org:
        names.setdefault("org", pending.org.name)
    return ConnectRefused(code, site=pending.site, **names)
