"""A person on the way to Salesforce and back: who set out, from where, for which org.

What comes back is believed only as far as the row of the person who set out says so. The row is
consumed by a DELETE that must hit it, so nothing can come back twice.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.utils import get_admin_base_url
from wagtail.models import Site

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.exceptions import SalesforceLeadsError
from wagtail_salesforce_leads.models import PendingConnection, SalesforceOrg
from wagtail_salesforce_leads.salesforce import oauth
from wagtail_salesforce_leads.salesforce.hosts import HostRefused
from wagtail_salesforce_leads.salesforce.secret import Secret

from . import grants, tokens

LIFETIME = timedelta(minutes=10)
#: A secret of the browser session. Not the session key, which some backends change all the time.
SESSION_SECRET = "wagtail_salesforce_leads_connect"


class ConnectRefused(SalesforceLeadsError):
    """A connection was not made; ``code`` names the words for it and its repair."""

    def __init__(self, code: str, *, site: Site | None = None, **names: str) -> None:
        super().__init__(code)
        self.code = code
        self.site = site
        self.names = names


@dataclass(frozen=True)
class SignIn:
    """Where to sign in, and as which app. An empty key stands for the settings' default app."""

    login_origin: str
    consumer_key: str = ""
    consumer_secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, org: SalesforceOrg | PendingConnection) -> SignIn:
        """Raises SecretUnreadable."""
        return cls(org.login_origin, org.consumer_key, tokens.decrypt(org.consumer_secret))

    @property
    def client_id(self) -> str:
        return self.consumer_key or settings.CLIENT_ID

    @property
    def client_secret(self) -> Secret:
        return Secret(self.consumer_secret if self.consumer_key else settings.CLIENT_SECRET)


def redirect_uri() -> str:
    """The callback as it is registered at Salesforce; empty if no setting tells the site's address.

    Never taken from the request: its Host header is the client's.
    """
    base = get_admin_base_url()
    path = reverse("wagtail_salesforce_leads_orgs:callback")
    return settings.REDIRECT_URI or (f"{base.rstrip('/')}{path}" if base else "")


def start(
    request: HttpRequest, site: Site, sign_in: SignIn, org: SalesforceOrg | None = None
) -> str:
    """Remember who sets out and return the address at Salesforce to send them to.

    With ``org`` only that one can come back. Raises ConnectRefused if something is not set up.
    """
    if not sign_in.client_id:
        raise ConnectRefused("no_app", site=site)
    callback = redirect_uri()
    if not callback:
        raise ConnectRefused("no_callback", site=site)
    state, verifier = Secret(secrets.token_urlsafe(32)), Secret(oauth.new_verifier())
    address = _address(sign_in, callback, state, verifier, site)
    PendingConnection.objects.filter(expires_at__lte=timezone.now()).delete()
    PendingConnection.objects.create(
        state_hash=_digest(state),
        session_hash=_digest(_session_secret(request)),
        user=request.user,
        site=site,
        org=org,
        generation=grants.generation(org) if org else None,
        login_origin=sign_in.login_origin,
        consumer_key=sign_in.consumer_key,
        consumer_secret=tokens.encrypt(sign_in.consumer_secret),
        redirect_uri=callback,
        verifier=tokens.encrypt(verifier),
        expires_at=timezone.now() + LIFETIME,
    )
    return address


def claim(request: HttpRequest) -> PendingConnection:
    """The row of the person who comes back now. It is gone from the database: nobody else gets it.

    Raises ConnectRefused for a reply that is unknown or used, late, or another browser's or user's;
    what belongs to somebody else is left for them.
    """
    state = request.GET.get("state", "")
    pending = (
        PendingConnection.objects.select_related("site", "org")
        .filter(state_hash=_digest(state))
        .first()
    )
    if pending is None:
        raise ConnectRefused("used")
    if pending.user_id != request.user.pk:
        raise ConnectRefused("other_user")
    if pending.session_hash != _digest(request.session.get(SESSION_SECRET, "")):
        raise ConnectRefused("other_browser")
    deleted, _ = PendingConnection.objects.filter(pk=pending.pk).delete()
    if deleted != 1:
        raise ConnectRefused("used")
    if pending.expires_at <= timezone.now():
        raise ConnectRefused("late", site=pending.site)
    return pending


def _address(sign_in: SignIn, callback: str, state: Secret, verifier: Secret, site: Site) -> str:
    try:
        return oauth.authorization_url(
            sign_in.login_origin,
            sign_in.client_id,
            callback,
            state,
            verifier,
            settings.SCOPES,
            # Or somebody signed in to one org would connect it again under another one's name.
            prompt="login",
        )
    except HostRefused:
        raise ConnectRefused("host", site=site) from None


def _session_secret(request: HttpRequest) -> str:
    return request.session.setdefault(SESSION_SECRET, secrets.token_urlsafe(32))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
