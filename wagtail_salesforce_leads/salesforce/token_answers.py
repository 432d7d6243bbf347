"""What Salesforce's token endpoint answers: read, told apart, and believed only when signed."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import requests

from wagtail_salesforce_leads.conf import settings

from .errors import (
    BadSignature,
    GrantCollision,
    GrantDead,
    OAuthOutage,
    OAuthProblem,
    OAuthRefused,
)
from .hosts import ids_from_identity, instance_origin
from .secret import Secret

#: What is kept of a token answer.
TOKEN_KEYS = (
    "access_token",
    "refresh_token",
    "instance_url",
    "id",
    "issued_at",
    "scope",
    "signature",
)
#: The description of a refresh that another one overtook; every other invalid_grant is final.
COLLISION = "expired authorization code"
#: Token errors that pass by themselves.
PASSING = frozenset(
    {"rate_limit_exceeded", "server_error", "temporarily_unavailable", "unknown_error"}
)
#: From code, description and ``http_status`` to the error to raise.
Refusing = Callable[..., OAuthProblem]


@dataclass(frozen=True)
class TokenAnswer:
    """A token answer whose signature and addresses have been checked. Its repr shows no secret."""

    access_token: Secret
    #: None on a refresh: the one that was sent stays good, the app does not rotate.
    refresh_token: Secret | None
    instance_url: str
    org_id: str
    user_id: str
    scopes: frozenset[str]
    issued_at: datetime


def token_body(response: requests.Response, refusal: Refusing) -> dict[str, Secret]:
    """The texts of a token answer, unchecked. Raises OAuthOutage, or what ``refusal`` makes."""
    body = json_of(response)
    status = response.status_code
    if status == 200 and isinstance(body, dict) and body.get("access_token"):
        return {name: Secret(body.get(name) or "") for name in TOKEN_KEYS}
    code = body.get("error") if isinstance(body, dict) else None
    if not isinstance(code, str) or not 400 <= status < 500:
        raise OAuthOutage("no_answer", http_status=status)
    if code in PASSING:
        raise OAuthOutage(code, http_status=status, may_have_run=False)
    raise refusal(code, str(body.get("error_description") or "")[:200], http_status=status)


def refusal_of_refresh(code: str, detail: str, **kwargs: Any) -> OAuthProblem:
    """Only ``invalid_grant`` can mean that a grant is dead; all else is the app's set-up."""
    if code != "invalid_grant":
        return OAuthRefused(code, detail, **kwargs)
    return (GrantCollision if detail == COLLISION else GrantDead)(code, detail, **kwargs)


def token_answer(body: dict[str, Secret], client_secret: str) -> TokenAnswer:
    """Raises BadSignature, or HostRefused for an instance that is not Salesforce's."""
    if not _is_signed(body["signature"], body["id"] + body["issued_at"], client_secret):
        raise BadSignature("bad_signature")
    org_id, user_id = ids_from_identity(body["id"])
    return TokenAnswer(
        access_token=body["access_token"],
        refresh_token=body["refresh_token"] or None,
        instance_url=str(instance_origin(body["instance_url"], settings.EXTRA_HOSTS)),
        org_id=org_id,
        user_id=user_id,
        scopes=frozenset(body["scope"].split()),
        issued_at=datetime.fromtimestamp(int(body["issued_at"]) / 1000, tz=timezone.utc),
    )


def _is_signed(signature: str, text: str, client_secret: str) -> bool:
    """Base64 of HMAC-SHA256 with the app's secret over ``id`` and ``issued_at``."""
    digest = hmac.digest(client_secret.encode(), text.encode(), "sha256")
    return hmac.compare_digest(signature.encode(), base64.b64encode(digest))


def json_of(response: requests.Response) -> Any:
    """The parsed body, or None for a page of HTML."""
    try:
        return response.json()
    except requests.JSONDecodeError:
        return None
