"""The OAuth 2.0 web-server flow with PKCE, over requests-oauthlib.

Salesforce and the library part ways in places: no ``expires_in``, scopes that come back changed, a
verifier made in another process, HTML where JSON was due. Each is met where it bites.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import requests
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests_oauthlib import OAuth2Session
from urllib3.exceptions import HTTPError

from wagtail_salesforce_leads.conf import settings

from .errors import (
    AnswerLost,
    NotSent,
    OAuthOutage,
    OAuthProblem,
    OAuthRefused,
    SessionExpired,
    call_problem,
    without_frames,
)
from .hosts import instance_origin, login_origin
from .secret import Secret
from .token_answers import (
    Refusing,
    TokenAnswer,
    json_of,
    refusal_of_refresh,
    token_answer,
    token_body,
)
from .transport import SalesforceSession, over_https, time_limit, unanswered

AUTHORIZE = "/services/oauth2/authorize"
TOKEN = "/services/oauth2/token"
REVOKE = "/services/oauth2/revoke"
USERINFO = "/services/oauth2/userinfo"


def _not_debug(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


# At DEBUG it logs bodies with secrets and tokens. A filter holds at whatever level a site sets.
logging.getLogger("requests_oauthlib.oauth2_session").addFilter(_not_debug)


@dataclass(frozen=True)
class Identity:
    """Who the connected user is."""

    org_id: str
    user_id: str
    username: str
    name: str


class LoginSession(SalesforceSession, OAuth2Session):
    """requests-oauthlib over our transport.

    The token answer is read before oauthlib reads it, which takes a maintenance page for a missing
    token, and hands back the old refresh token where none came.
    """

    answer: dict[str, Secret]

    def __init__(self, client_id: str, refusal: Refusing, **kwargs: Any) -> None:
        super().__init__(client_id, extra_hosts=settings.EXTRA_HOSTS, **kwargs)
        self.refusal = refusal
        self.register_compliance_hook("access_token_response", self.check)
        self.register_compliance_hook("refresh_token_response", self.check)

    def check(self, response: requests.Response) -> requests.Response:
        self.answer = token_body(response, self.refusal)
        return response


def new_verifier() -> str:
    """A PKCE verifier of 86 characters. The callback needs it again, so keep it, encrypted."""
    return secrets.token_urlsafe(64)


def authorization_url(
    login: str,
    client_id: str,
    redirect_uri: str,
    state: str,
    verifier: str,
    scopes: Collection[str],
    prompt: str = "",
) -> str:
    """Where the admin's browser goes to log in and allow the app."""
    origin = login_origin(login, settings.EXTRA_HOSTS)
    client = WebApplicationClient(client_id)
    url = client.prepare_request_uri(
        over_https(origin) + AUTHORIZE,
        redirect_uri=redirect_uri,
        scope=" ".join(scopes),
        state=state,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        **({"prompt": prompt} if prompt else {}),
    )
    return origin + url.removeprefix(over_https(origin))


def exchange_code(
    login: str,
    client_id: str,
    client_secret: str,
    redirect_uri: str,
    code: str,
    verifier: str,
    *,
    deadline: float | None = None,
) -> TokenAnswer:
    """The first tokens of a connection. Raises OAuthRefused, OAuthOutage, HostRefused."""
    # The library keeps a verifier on the object that built the URL, which was another process's:
    # so no `pkce`, and the verifier as one more field. No `scope` either: when Salesforce grants
    # others than were asked for, the library raises a Warning after the code is used up.
    token_url = _token_url(login)
    session = LoginSession(client_id, OAuthRefused, redirect_uri=redirect_uri)
    return _tokens(
        session,
        client_secret,
        lambda: session.fetch_token(
            token_url,
            code=code,
            code_verifier=verifier,
            include_client_id=True,
            client_secret=client_secret,
            timeout=time_limit(deadline or settings.CALL_DEADLINE),
        ),
    )


def refresh(
    login: str,
    client_id: str,
    client_secret: str,
    refresh_token: str,
    *,
    deadline: float | None = None,
) -> TokenAnswer:
    """New tokens. Under rotation the old refresh token is dead the moment Salesforce answers.

    Raises GrantDead (reconnect), GrantCollision, OAuthRefused (set-up), OAuthOutage (try later;
    its ``may_have_run`` tells whether a rotated token can be lost), HostRefused.
    """
    token_url = _token_url(login)
    session = LoginSession(client_id, refusal_of_refresh)
    return _tokens(
        session,
        client_secret,
        lambda: session.refresh_token(
            token_url,
            refresh_token=refresh_token,
            client_id=client_id,
            client_secret=client_secret,
            timeout=time_limit(deadline or settings.CALL_DEADLINE),
        ),
    )


def revoke(instance_url: str, token: str, *, deadline: float | None = None) -> None:
    """End a grant (its refresh token) or a session. Already ended is fine.

    Raises OAuthOutage where Salesforce did not say so; delete our copy in any case.
    """
    url = over_https(instance_origin(instance_url, settings.EXTRA_HOSTS)) + REVOKE
    try:
        status = _send("POST", url, deadline, data={"token": token}).status_code
    except (AnswerLost, NotSent) as error:
        problem = OAuthOutage("unreachable", may_have_run=error.may_have_run)
    else:
        if status in (200, 400):
            return
        problem = OAuthOutage("no_answer", http_status=status)
    raise problem


def identity(instance_url: str, access_token: str, *, deadline: float | None = None) -> Identity:
    """The user behind a token. Raises SessionExpired and the other call errors."""
    url = over_https(instance_origin(instance_url, settings.EXTRA_HOSTS)) + USERINFO
    headers = {"Authorization": Secret(f"Bearer {access_token}")}
    response = _send("GET", url, deadline, headers=headers)
    body = json_of(response)
    if response.status_code in (401, 403):  # 403 "Bad_OAuth_Token" on some hosts
        raise SessionExpired((), response.status_code)
    if response.status_code != 200 or not isinstance(body, dict):
        raise call_problem(response.status_code, body)
    return Identity(
        org_id=str(body.get("organization_id") or ""),
        user_id=str(body.get("user_id") or ""),
        username=str(body.get("preferred_username") or ""),
        name=str(body.get("name") or ""),
    )


def _token_url(login: str) -> str:
    return over_https(login_origin(login, settings.EXTRA_HOSTS)) + TOKEN


def _tokens(session: LoginSession, client_secret: str, ask: Callable[[], Any]) -> TokenAnswer:
    """Raises outside the ``except``: the frames inside it hold secrets."""
    with session:
        try:
            ask()
        except OAuthProblem as error:
            problem = error.with_traceback(None)
        except requests.RequestException as error:
            problem = OAuthOutage("unreachable", may_have_run=unanswered(error).may_have_run)
        except (OAuth2Error, HTTPError, OSError, ValueError):
            problem = OAuthOutage("no_answer")
        except BaseException as ended:
            raise without_frames(ended) from None
        else:
            return token_answer(session.answer, client_secret)
    raise problem


def _send(method: str, url: str, deadline: float | None, **kwargs: Any) -> requests.Response:
    """One call beside the token endpoint. Raises AnswerLost or NotSent."""
    limit = time_limit(deadline or settings.CALL_DEADLINE)
    with SalesforceSession(extra_hosts=settings.EXTRA_HOSTS) as session:
        try:
            return session.request(method, url, timeout=limit, **kwargs)
        except requests.RequestException as error:
            problem = unanswered(error)
        except BaseException as ended:
            raise without_frames(ended) from None
    raise problem
