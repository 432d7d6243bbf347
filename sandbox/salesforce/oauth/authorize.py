"""The authorize endpoint: what is checked around its pages (contract 1.2-1.5)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ..errors import OAuthRefusal
from .apps import ClientApp

if TYPE_CHECKING:
    from ..org import Org
    from ..users import User
    from ..world import World

CODE_SECONDS = 15 * 60
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
#: Clients should send 43 to 128 characters; jsforce sends 171, and real orgs take them.
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,171}", re.ASCII)
OFFLINE = {"refresh_token", "offline_access"}


class LoginError(Exception):
    """Shown on Salesforce's own page: the browser is not sent back to the site."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


class CallbackError(Exception):
    """Sent to the site's callback, at `address`."""

    def __init__(self, address: str, error: str) -> None:
        super().__init__(error)
        self.address = address


@dataclass
class PendingLogin:
    """What the site asked for, and how far the person has come."""

    key: str
    app: ClientApp
    redirect_uri: str
    scopes: list[str]
    state: str | None
    challenge: str | None
    prompt: set[str]
    login_hint: str = ""
    org: Org | None = None
    user: User | None = None

    def callback(self, **answer: str) -> str:
        """The address that the browser is sent to."""
        if self.state is not None:
            answer["state"] = self.state
        glue = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{glue}{urlencode(answer)}"


@dataclass
class Code:
    """An authorization code. It works once and not for long."""

    login: PendingLogin
    org: Org
    user: User
    made_at: float = field(default_factory=time.time)


class PendingLogins:
    def __init__(self) -> None:
        self.logins: dict[str, PendingLogin] = {}
        self.codes: dict[str, Code] = {}

    def begin(self, world: World, query: dict[str, str]) -> PendingLogin:
        """Raises LoginError, or CallbackError where the callback is known to be good."""
        app = world.apps.get(query.get("client_id", ""))
        if app is None:
            raise LoginError("invalid_client_id", "client identifier invalid")
        redirect_uri = query.get("redirect_uri", "")
        if not app.allows_redirect(redirect_uri):
            raise LoginError("redirect_uri_mismatch", "redirect_uri must match configuration")
        login = PendingLogin(
            key=secrets.token_urlsafe(18),
            app=app,
            redirect_uri=redirect_uri,
            scopes=query.get("scope", "").split() or list(app.scopes),
            state=query.get("state"),
            challenge=query.get("code_challenge"),
            prompt=set(query.get("prompt", "").split()),
            login_hint=query.get("login_hint", ""),
        )
        self.logins[login.key] = login
        if query.get("response_type") != "code":
            raise self.refused(login, "unsupported_response_type", "response type not supported")
        # jsforce sends no method, and real orgs take that for S256.
        method = query.get("code_challenge_method", "S256")
        if login.challenge is not None and method != "S256":
            raise self.refused(login, "invalid_request", "code challenge method must be S256")
        if login.challenge is not None and not CHALLENGE.fullmatch(login.challenge):
            raise self.refused(login, "invalid_request", "invalid code challenge")
        return login

    def refused(self, login: PendingLogin, error: str, description: str) -> CallbackError:
        self.logins.pop(login.key, None)
        return CallbackError(login.callback(error=error, error_description=description), error)

    def sign_in(self, login: PendingLogin, org: Org, user: User) -> None:
        """The person is who he says. Raises LoginError or CallbackError for what is not allowed."""
        if not user.is_active:
            raise LoginError("invalid_grant", "inactive user")
        if not login.app.is_installed(org.id):
            raise LoginError(
                "OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org"
            )
        unticked = set(login.scopes) - set(login.app.scopes)
        if user.api_only or unticked or not login.app.is_approved(user.username):
            raise LoginError(
                "OAUTH_APPROVAL_ERROR_GENERIC",
                "An unexpected error has occurred during authentication. Please try again.",
            )
        if org.switches.require_pkce and login.challenge is None:
            raise self.refused(login, "invalid_request", "missing required code challenge")
        login.org, login.user = org, user

    def allow(self, login: PendingLogin) -> str:
        """The callback with a fresh code."""
        del self.logins[login.key]
        code = "aPrx" + secrets.token_urlsafe(48) + "=="
        self.codes[code] = Code(login, login.org, login.user)
        return login.callback(code=code)

    def deny(self, login: PendingLogin) -> str:
        del self.logins[login.key]
        return login.callback(
            error="access_denied", error_description="end-user denied authorization"
        )

    def redeem(self, form: dict[str, str], app: ClientApp) -> Code:
        """The code, used up. Raises OAuthRefusal."""
        code = self.codes.get(form.get("code", ""))
        if code is None or time.time() - code.made_at > CODE_SECONDS:
            raise OAuthRefusal("invalid_grant", "expired authorization code")
        if code.login.app is not app:
            raise OAuthRefusal("invalid_grant", "invalid authorization code")
        if form.get("redirect_uri") != code.login.redirect_uri:
            raise OAuthRefusal("redirect_uri_mismatch", "redirect_uri must match configuration")
        check_verifier(code.login.challenge, form.get("code_verifier"))
        del self.codes[form["code"]]
        return code


def check_verifier(challenge: str | None, verifier: str | None) -> None:
    """Contract 1.3: a mismatch is `invalid_request`, a missing verifier `invalid_grant`."""
    if challenge is None:
        return
    if not verifier:
        raise OAuthRefusal("invalid_grant", "missing required code verifier")
    digest = hashlib.sha256(verifier.encode()).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not VERIFIER.fullmatch(verifier) or expected != challenge:
        raise OAuthRefusal("invalid_request", "invalid code verifier")
