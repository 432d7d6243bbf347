"""The token endpoint, revoke and introspect (contract 1.6, 1.8, 1.9, 2)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..errors import OAuthRefusal
from .apps import ClientApp
from .grants import Grant, Session, dead_token
from .identity import id_token, identity_url

if TYPE_CHECKING:
    from ..org import Org
    from ..world import World

Body = dict[str, Any]


async def token(world: World, orgs: list[Org], host: str, form: dict[str, str], basic: str) -> Body:
    """The answer to a token request. Raises OAuthRefusal."""
    app = authenticated(world, form, basic)
    kind = form.get("grant_type")
    if kind == "authorization_code":
        return exchange(world, host, form, app)
    if kind == "refresh_token":
        return await refresh(orgs, host, form.get("refresh_token", ""), app)
    raise OAuthRefusal("unsupported_grant_type", "grant type not supported")


def authenticated(world: World, form: dict[str, str], basic: str) -> ClientApp:
    """The app that shows its secret, in the form or by HTTP Basic."""
    client_id, secret = credentials(form, basic)
    app = world.apps.get(client_id)
    if app is None:
        raise OAuthRefusal("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(secret.encode(), app.client_secret.encode()):
        raise OAuthRefusal("invalid_client", "invalid client credentials")
    return app


def credentials(form: dict[str, str], basic: str) -> tuple[str, str]:
    scheme, _, coded = basic.partition(" ")
    if scheme.lower() == "basic" and "client_secret" not in form:
        try:
            name, _, secret = base64.b64decode(coded).decode().partition(":")
            return unquote(name), unquote(secret)
        except (binascii.Error, UnicodeDecodeError):
            raise OAuthRefusal("invalid_client", "invalid client credentials") from None
    return form.get("client_id", ""), form.get("client_secret", "")


def exchange(world: World, host: str, form: dict[str, str], app: ClientApp) -> Body:
    code = world.logins.redeem(form, app)
    scopes = granted(code.org, code.login.scopes)
    refuse_token_error(code.org, code.user.username)
    grant, session = code.org.grants.open(code.user.username, app.client_id, scopes)
    body = answer(code.org, host, app, session)
    if grant.refresh_token is not None:
        body["refresh_token"] = grant.refresh_token
    return body


async def refresh(orgs: list[Org], host: str, spent: str, app: ClientApp) -> Body:
    """A new session, and with rotation a new refresh token. Two at once collide."""
    org = next((each for each in orgs if each.grants.find(spent)), None)
    if org is None:
        raise dead_token()
    grant = org.grants.check_refresh(spent, app.client_id)
    check_refreshable(org, grant, app)
    grant.is_refreshing = True
    try:
        await asyncio.sleep(org.switches.refresh_ms / 1000)
    finally:
        grant.is_refreshing = False
    if grant.number not in org.grants.grants:
        raise dead_token()
    body_token = None
    if org.switches.rotation:
        org.grants.rotate(grant)
        body_token = grant.refresh_token
    body = answer(org, host, app, org.grants.open_session(grant))
    return {**body, "refresh_token": body_token} if body_token else body


def check_refreshable(org: Org, grant: Grant, app: ClientApp) -> None:
    refuse_token_error(org, grant.username)
    if not org.users[grant.username].is_active:
        raise OAuthRefusal("invalid_grant", "inactive user")
    if not app.is_installed(org.id):
        raise OAuthRefusal("app_not_found", "External client app is not installed in this org")
    if not app.is_approved(grant.username):
        raise OAuthRefusal("invalid_app_access", "user is not admin approved to access this app")


def refuse_token_error(org: Org, username: str) -> None:
    if error := org.users[username].token_error:
        raise OAuthRefusal(*error)


def granted(org: Org, scopes: list[str]) -> list[str]:
    """In another order than asked, and with `id` (contract 1.5, 10.2)."""
    extra = ["id"] if org.switches.grant_id_scope and "id" not in scopes else []
    return sorted([*dict.fromkeys(scopes), *extra], reverse=True)


def answer(org: Org, host: str, app: ClientApp, session: Session) -> Body:
    """No `expires_in`, and `issued_at` is milliseconds as text (contract 1.6)."""
    user = org.users[session.username]
    identity = identity_url(host, org, user)
    issued_at = str(int(time.time() * 1000))
    body = {
        "access_token": session.token,
        "signature": sign(app.client_secret, identity + issued_at),
        "scope": " ".join(session.scopes),
        "instance_url": org.instance_url,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
        "api_instance_url": "https://api.salesforce.com",
    }
    if "openid" in session.scopes:
        body["id_token"] = id_token(host, app, user, identity)
    return body


def sign(secret: str, text: str) -> str:
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def revoke(orgs: list[Org], form: dict[str, str]) -> None:
    """A refresh token takes its sessions along. Raises OAuthRefusal."""
    wanted = form.get("token", "")
    if not wanted:
        raise OAuthRefusal("unsupported_token_type", "this token type is not supported")
    for org in orgs:
        if grant := org.grants.find(wanted):
            org.grants.revoke(grant)
            return
        if org.grants.session(wanted):
            del org.grants.sessions[wanted]
            return
    raise OAuthRefusal("invalid_token", "invalid token")


def introspect(world: World, orgs: list[Org], form: dict[str, str], basic: str) -> Body:
    """Whether a token lives, and until when."""
    authenticated(world, form, basic)
    for org in orgs:
        session = org.grants.sessions.get(form.get("token", ""))
        seconds = org.switches.access_token_seconds
        if session is not None and session.is_alive(seconds, time.time()):
            return {
                "active": True,
                "scope": " ".join(session.scopes),
                "client_id": session.client_id,
                "username": session.username,
                "sub": identity_url(
                    "https://login.salesforce.com", org, org.users[session.username]
                ),
                "token_type": "access_token",
                "exp": int(session.used_at + seconds),
                "iat": int(session.issued_at),
                "nbf": int(session.issued_at),
            }
    return {"active": False}
