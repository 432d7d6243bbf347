"""The authorisation of an org as a row: used, taken over, given up, and never half-written.

Every write is a compare-and-set on the generation and on what was read before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from wagtail_salesforce_leads.exceptions import SalesforceLeadsError
from wagtail_salesforce_leads.models import OrgLane, OrgSchema, SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.models.leases import DatabaseNow
from wagtail_salesforce_leads.salesforce.oauth import TokenAnswer
from wagtail_salesforce_leads.salesforce.secret import Secret

from . import marks
from .installation import installation_id
from .tokens import decrypt, encrypt
from .unavailable import CopiedDatabase, GrantDead, NotConnected, OrgUnavailable, SecretUnreadable

#: A grant in which nothing is left of a lease or of a failure.
AT_REST = {
    "claim_token": None,
    "lease_until": None,
    "sent_at": None,
    "failures": 0,
    "failure_code": "",
    "retry_at": None,
    "dead_code": "",
    "dead_at": None,
}
#: Without a successful refresh for so long, Salesforce may be about to end the grant.
IDLE = timedelta(days=21)


class GrantChanged(SalesforceLeadsError):
    """Somebody else connected or disconnected the org meanwhile. What they did stands."""


def usable(org: SalesforceOrg) -> SalesforceGrant:
    """The grant as it is now. Raises NotConnected, GrantDead or CopiedDatabase."""
    grant = SalesforceGrant.objects.filter(org=org).select_related("org").first()
    try:
        _require_usable(grant)
    except OrgUnavailable as problem:
        marks.went_down(org, problem)
        raise
    return grant


def _require_usable(grant: SalesforceGrant | None) -> None:
    if grant is None or not grant.refresh_token:
        raise NotConnected
    if grant.dead_code:
        raise GrantDead(grant.dead_code)
    if grant.installation != installation_id():
        raise CopiedDatabase


def idle_since() -> datetime:
    """Grants that were last refreshed before this time are idle."""
    return timezone.now() - IDLE


def is_idle(grant: SalesforceGrant) -> bool:
    is_living = grant.refresh_token and not grant.dead_code
    return bool(is_living and grant.refreshed_at and grant.refreshed_at < idle_since())


def generation(org: SalesforceOrg) -> int:
    """The generation of the org's grant; 0 while it has none."""
    found = SalesforceGrant.objects.filter(org=org).values_list("generation", flat=True).first()
    return found or 0


def adopt(org: SalesforceOrg, answer: TokenAnswer, *, generation: int) -> Secret:
    """Take the authorisation of a person who has just connected ``org``.

    ``generation`` is what it was when the person set out. Returns the refresh token that this one
    replaces, to be revoked; blank if there was none of ours. Raises GrantChanged.
    """
    values = {
        "access_token": encrypt(answer.access_token),
        "refresh_token": encrypt(answer.refresh_token or ""),
        "scopes": " ".join(sorted(answer.scopes)),
        "installation": installation_id(),
        "refreshed_at": DatabaseNow(),
    }
    if generation:
        replaced = _replace(org, generation, values)
    else:
        replaced = Secret()
        _, made = SalesforceGrant.objects.get_or_create(org=org, defaults=values)
        if not made:
            raise GrantChanged
    OrgLane.objects.get_or_create(org=org)
    OrgSchema.objects.get_or_create(org=org)
    transaction.on_commit(partial(marks.came_back, org), robust=True)
    return replaced


def give_up(org: SalesforceOrg) -> Secret:
    """Forget the org's tokens. Returns the refresh token, to be revoked; blank if none is ours."""
    blank = {"access_token": "", "refresh_token": "", "scopes": ""}
    while current := generation(org):
        try:
            return _replace(org, current, blank)
        except GrantChanged:
            continue
    return Secret()


def is_elsewhere(org: SalesforceOrg) -> bool:
    """Whether the org's grant is another installation's: this database is a copy."""
    return SalesforceGrant.objects.filter(org=org).exclude(installation=installation_id()).exists()


def confirm_installation(org: SalesforceOrg) -> None:
    """A person says that this installation is the one that goes on with the grant."""
    SalesforceGrant.objects.filter(org=org).update(installation=installation_id())
    marks.came_back(org)


def _replace(org: SalesforceOrg, generation: int, values: dict) -> Secret:
    grants = SalesforceGrant.objects.filter(org=org, generation=generation)
    while True:
        found = grants.values_list("refresh_token", "installation").first()
        if found is None:
            raise GrantChanged
        stored, installation = found
        # On the stored token too: a refresh may just be writing another, which is then the one to
        # be revoked.
        if grants.filter(refresh_token=stored).update(
            generation=generation + 1, **AT_REST, **values
        ):
            # In a copied database it is the token that another installation goes on with.
            return _readable(stored) if installation == installation_id() else Secret()


def _readable(stored: str) -> Secret:
    try:
        return decrypt(stored)
    except SecretUnreadable:
        return Secret()
