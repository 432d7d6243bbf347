"""Who a token belongs to: identity, userinfo, and id tokens (contract 1.7)."""

from __future__ import annotations

import base64
import json
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

if TYPE_CHECKING:
    from ..org import Org
    from ..users import User
    from .apps import ClientApp

KEY_ID = "simulator-1"
ID_TOKEN_SECONDS = 120


def identity_url(host: str, org: Org, user: User) -> str:
    return f"{host}/id/{org.id}/{user.id}"


def identity(host: str, org: Org, user: User, version: str | None) -> dict[str, Any]:
    """Addresses keep the literal `{version}` unless the caller asked for `latest`."""
    shown = f"{org.switches.newest_version}.0" if version == "latest" else "{version}"
    rest = f"{org.instance_url}/services/data/v{shown}/"
    return {
        "id": identity_url(host, org, user),
        "asserted_user": True,
        "user_id": user.id,
        "organization_id": org.id,
        "username": user.username,
        "nick_name": user.username.partition("@")[0],
        "display_name": user.name,
        "email": user.email,
        "email_verified": True,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "timezone": "Asia/Tokyo",
        "active": user.is_active,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "ja_JP",
        "utcOffset": 32400000,
        "urls": {
            "rest": rest,
            "sobjects": f"{rest}sobjects/",
            "query": f"{rest}query/",
            "search": f"{rest}search/",
            "profile": f"{org.instance_url}/{user.id}",
            "custom_domain": org.instance_url,
        },
        "last_modified_date": org.now_text(),
        "is_app_installed": True,
    }


def userinfo(host: str, org: Org, user: User, version: str | None) -> dict[str, Any]:
    data = identity(host, org, user, version)
    return {
        "sub": data["id"],
        "user_id": user.id,
        "organization_id": org.id,
        "preferred_username": user.username,
        "nickname": data["nick_name"],
        "name": user.name,
        "email": user.email,
        "email_verified": True,
        "given_name": user.first_name,
        "family_name": user.last_name,
        "zoneinfo": data["timezone"],
        "active": user.is_active,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "ja_JP",
        "urls": data["urls"],
    }


@cache
def signing_key() -> rsa.RSAPrivateKey:
    """Made at the first id token: nothing else needs it."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def id_token(host: str, app: ClientApp, user: User, subject: str) -> str:
    now = int(time.time())
    claims = {
        "iss": host,
        "sub": subject,
        "aud": app.client_id,
        "iat": now,
        "exp": now + ID_TOKEN_SECONDS,
        "email": user.email,
        "name": user.name,
    }
    head = {"alg": "RS256", "kid": KEY_ID, "typ": "JWT"}
    signed = f"{packed(head)}.{packed(claims)}"
    signature = signing_key().sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{coded(signature)}"


def keys() -> dict[str, Any]:
    """The public key, as `/id/keys` shows it."""
    numbers = signing_key().public_key().public_numbers()
    n = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
    key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": KEY_ID}
    return {"keys": [{**key, "n": coded(n), "e": coded(numbers.e.to_bytes(3, "big"))}]}


def packed(data: dict[str, Any]) -> str:
    return coded(json.dumps(data).encode())


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
