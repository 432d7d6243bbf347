"""Tokens and secrets at rest: encrypted in the database, readable only at the moment of use."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings as django_settings
from django.db import models

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import PendingConnection, SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.salesforce.secret import Secret

from .unavailable import SecretUnreadable

#: Where encrypted texts are kept.
SECRETS: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (SalesforceGrant, ("access_token", "refresh_token")),
    (SalesforceOrg, ("consumer_secret",)),
    (PendingConnection, ("consumer_secret", "verifier")),
)


@dataclass(frozen=True)
class Rotation:
    """What :func:`rotate` did, in secrets."""

    rotated: int
    unreadable: int


def encrypt(text: str) -> str:
    """With the first key. A blank text stays blank."""
    return _cipher().encrypt(text.encode()).decode() if text else ""


def decrypt(text: str) -> Secret:
    """With whichever key fits. Raises SecretUnreadable if none does."""
    try:
        return Secret(_cipher().decrypt(text.encode()).decode() if text else "")
    except InvalidToken:
        raise SecretUnreadable from None


def rotate() -> Rotation:
    """Encrypt every stored secret anew with the first key.

    Each is written only where it is still what was read: a refresh that stores a new token
    meanwhile wins, and its token is already under a key of its own process.
    """
    done = [_rotate(model, pk, name) for model, pk, name in _stored_secrets()]
    return Rotation(rotated=done.count(True), unreadable=done.count(False))


def _stored_secrets() -> Iterator[tuple[type[models.Model], int, str]]:
    for model, names in SECRETS:
        for name in names:
            for pk in list(model.objects.exclude(**{name: ""}).values_list("pk", flat=True)):
                yield model, pk, name


def _rotate(model: type[models.Model], pk: int, name: str) -> bool | None:
    """Whether it could be read; None when it is gone."""
    while stored := model.objects.filter(pk=pk).values_list(name, flat=True).first():
        try:
            renewed = _cipher().rotate(stored.encode()).decode()
        except InvalidToken:
            return False
        if model.objects.filter(pk=pk, **{name: stored}).update(**{name: renewed}):
            return True
    return None


def _cipher() -> MultiFernet:
    secret_keys = (django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS)
    return _cipher_of((*settings.ENCRYPTION_KEYS, *secret_keys))


@lru_cache(maxsize=4)
def _cipher_of(keys: tuple[str | bytes, ...]) -> MultiFernet:
    """What SECRET_KEY's key encrypted stays readable after ENCRYPTION_KEYS has been set."""
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    """HKDF: any text will do as a key, and SECRET_KEY serves no second purpose as it is."""
    material = key if isinstance(key, bytes) else key.encode()
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wagtail_salesforce_leads.tokens")
    return base64.urlsafe_b64encode(hkdf.derive(material))
