"""The pages a person clicks through, and the endpoints a site calls."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from ..errors import OAuthRefusal
from ..exchange import Exchange, orgs_that_log_in_at
from ..gateway import serve
from ..pages import page
from ..rest.calls import Answer
from . import identity, tokens
from .authorize import CallbackError, LoginError, PendingLogin

if TYPE_CHECKING:
    from ..org import Org
    from ..users import User

SCOPE_WORDS = {
    "api": "Manage user data via APIs",
    "id": "Access the identity URL service",
    "openid": "Access unique user identifiers",
    "profile": "Access your profile",
    "email": "Access your e-mail address",
    "refresh_token": "Perform requests at any time",
    "offline_access": "Perform requests at any time",
    "full": "Full access to all data you can see",
    "web": "Access Salesforce pages",
}
ERROR_PAGE = "/setup/secur/RemoteAccessErrorPage"
NO_STORE = {"Cache-Control": "no-store"}
PAGE = {
    "Content-Type": "text/html;charset=UTF-8",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"
    ),
}


async def authorize(request: web.Request) -> web.StreamResponse:
    return await serve(request, _authorize)


async def _authorize(exchange: Exchange) -> Answer:
    """A person already signed in here skips the login, unless the site says `prompt=login`."""
    world = exchange.world
    query = dict(parse_qsl(exchange.body.decode())) | dict(exchange.request.query)
    try:
        login = world.logins.begin(world, query)
        known = signed_in_browser(exchange)
        if known is None or "login" in login.prompt or "select_account" in login.prompt:
            return login_page(exchange, login)
        world.logins.sign_in(login, *known)
        return consent_or_callback(exchange, login)
    except LoginError as error:
        return error_redirect(error)
    except CallbackError as error:
        return redirect(error.address)


async def log_in(request: web.Request) -> web.StreamResponse:
    return await serve(request, _log_in)


async def _log_in(exchange: Exchange) -> Answer:
    form = dict(parse_qsl(exchange.body.decode(), keep_blank_values=True))
    world = exchange.world
    login = world.logins.logins.get(form.get("login", ""))
    if login is None:
        return error_redirect(LoginError("invalid_request", "This login has ended. Start again."))
    found = world.find_user(form.get("username", ""), orgs_that_log_in_at(exchange))
    if found is None or not password_fits(exchange, *found, form.get("password", "")):
        return login_page(exchange, login, form.get("username", ""), failed=True)
    try:
        world.logins.sign_in(login, *found)
    except LoginError as error:
        return error_redirect(error)
    except CallbackError as error:
        return redirect(error.address)
    answer = consent_or_callback(exchange, login)
    answer.headers["Set-Cookie"] = browser_cookie(exchange, *found)
    return answer


def password_fits(exchange: Exchange, org: Org, user: User, password: str) -> bool:
    """Also not where the org wants logins at its My Domain only (contract 1.1)."""
    is_general = len(orgs_that_log_in_at(exchange)) > 1
    return user.password == password and not (org.switches.my_domain_only and is_general)


def consent_or_callback(exchange: Exchange, login: PendingLogin) -> Answer:
    """Consent is asked once for an app and its scopes, or with `prompt=consent`."""
    held = login.org.grants.grants.values()
    has_consented = any(
        grant.username == login.user.username
        and grant.client_id == login.app.client_id
        and set(login.scopes) <= set(grant.scopes)
        for grant in held
    )
    if has_consented and "consent" not in login.prompt:
        return redirect(exchange.world.logins.allow(login))
    scopes = [SCOPE_WORDS.get(scope, scope) for scope in login.scopes]
    return html(page("consent.html", login=login, scopes=list(dict.fromkeys(scopes))))


async def consent(request: web.Request) -> web.StreamResponse:
    return await serve(request, _consent)


async def _consent(exchange: Exchange) -> Answer:
    form = dict(parse_qsl(exchange.body.decode()))
    logins = exchange.world.logins
    login = logins.logins.get(form.get("login", ""))
    if login is None or login.user is None:
        return error_redirect(LoginError("invalid_request", "This login has ended. Start again."))
    decide = logins.allow if form.get("decision") == "allow" else logins.deny
    return redirect(decide(login))


def login_page(
    exchange: Exchange, login: PendingLogin, username: str = "", *, failed: bool = False
) -> Answer:
    orgs = orgs_that_log_in_at(exchange)
    text = page(
        "login.html",
        login=login,
        username=username or login.login_hint,
        failed=failed,
        orgs=orgs,
        is_general=len(orgs) > 1,
    )
    return html(text)


def browser_cookie(exchange: Exchange, org: Org, user: User) -> str:
    """The name has the port, since cookies of one host are shared by all its ports."""
    return f"sid_{port_of(exchange)}={org.id}.{user.id}; Path=/; HttpOnly; SameSite=Lax"


def signed_in_browser(exchange: Exchange) -> tuple[Org, User] | None:
    value = exchange.request.cookies.get(f"sid_{port_of(exchange)}", "")
    org_id, _, user_id = value.partition(".")
    org = exchange.world.org_by_id(org_id) if org_id else None
    user = org.user_by_id(user_id) if org in orgs_that_log_in_at(exchange) else None
    return (org, user) if user else None


def port_of(exchange: Exchange) -> str:
    return exchange.request.host.rpartition(":")[2]


async def error_page(request: web.Request) -> web.Response:
    error = request.query.get("error", "")
    text = page("oauth_error.html", error=error, words=request.query.get("error_description", ""))
    return web.Response(text=text, status=400, content_type="text/html")


def error_redirect(error: LoginError) -> Answer:
    words = {"error": error.error, "error_description": error.description}
    return redirect(f"{ERROR_PAGE}?{urlencode(words)}")


async def token(request: web.Request) -> web.StreamResponse:
    return await serve(request, _token)


async def _token(exchange: Exchange) -> Answer:
    form = dict(parse_qsl(exchange.body.decode(), keep_blank_values=True))
    basic = exchange.request.headers.get("Authorization", "")
    orgs = orgs_that_log_in_at(exchange)
    try:
        body = await tokens.token(exchange.world, orgs, exchange.host, form, basic)
    except OAuthRefusal as refusal:
        return Answer(refusal.status, refusal.body, dict(NO_STORE))
    return Answer(200, body, dict(NO_STORE))


async def revoke(request: web.Request) -> web.StreamResponse:
    return await serve(request, _revoke)


async def _revoke(exchange: Exchange) -> Answer:
    form = dict(parse_qsl(exchange.body.decode())) | dict(exchange.request.query)
    try:
        tokens.revoke(orgs_that_log_in_at(exchange), form)
    except OAuthRefusal as refusal:
        return Answer(refusal.status, refusal.body)
    return Answer(200, "", {"Content-Type": "text/plain"})


async def introspect(request: web.Request) -> web.StreamResponse:
    return await serve(request, _introspect)


async def _introspect(exchange: Exchange) -> Answer:
    form = dict(parse_qsl(exchange.body.decode()))
    basic = exchange.request.headers.get("Authorization", "")
    try:
        orgs = orgs_that_log_in_at(exchange)
        return Answer(200, tokens.introspect(exchange.world, orgs, form, basic))
    except OAuthRefusal as refusal:
        return Answer(401, refusal.body)


async def userinfo(request: web.Request) -> web.StreamResponse:
    return await serve(request, partial(_whoami, make=identity.userinfo))


async def identity_of(request: web.Request) -> web.StreamResponse:
    return await serve(request, partial(_whoami, make=identity.identity))


async def _whoami(exchange: Exchange, make: object) -> Answer:
    """A wrong token is told in text, not in JSON (contract 1.7, unverified)."""
    match = exchange.request.match_info
    for org in orgs_that_log_in_at(exchange):
        session = org.grants.session(exchange.bearer)
        if session is None or not {"id", "openid", "full"} & set(session.scopes):
            continue
        user = org.users[session.username]
        if match.get("user_id", user.id)[:15] != user.id[:15]:
            break
        version = exchange.request.query.get("version")
        return Answer(200, make(exchange.host, org, user, version))
    return Answer(403, "Bad_OAuth_Token", {"Content-Type": "text/html;charset=UTF-8"})


async def keys(request: web.Request) -> web.Response:
    return web.json_response(identity.keys())


async def discovery(request: web.Request) -> web.Response:
    host = f"{request.scheme}://{request.host}"
    oauth = f"{host}/services/oauth2"
    body = {
        "issuer": host,
        "authorization_endpoint": f"{oauth}/authorize",
        "token_endpoint": f"{oauth}/token",
        "revocation_endpoint": f"{oauth}/revoke",
        "userinfo_endpoint": f"{oauth}/userinfo",
        "introspection_endpoint": f"{oauth}/introspect",
        "jwks_uri": f"{host}/id/keys",
        "scopes_supported": list(SCOPE_WORDS),
        "response_types_supported": ["code", "token", "token id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    }
    return web.json_response(body)


def html(text: str) -> Answer:
    return Answer(200, text, {**PAGE, **NO_STORE})


def redirect(address: str) -> Answer:
    return Answer(302, "", {"Location": address, **NO_STORE})


def routes() -> list[web.RouteDef]:
    return [
        web.get("/services/oauth2/authorize", authorize),
        web.post("/services/oauth2/authorize", authorize),
        web.post("/login", log_in),
        web.post("/consent", consent),
        web.get(ERROR_PAGE, error_page),
        web.post("/services/oauth2/token", token),
        web.post("/services/oauth2/revoke", revoke),
        web.get("/services/oauth2/revoke", revoke),
        web.post("/services/oauth2/introspect", introspect),
        web.get("/services/oauth2/userinfo", userinfo),
        web.post("/services/oauth2/userinfo", userinfo),
        web.get("/id/keys", keys),
        web.get("/id/{org_id}/{user_id}", identity_of),
        web.get("/.well-known/openid-configuration", discovery),
    ]
