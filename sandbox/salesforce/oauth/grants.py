"""Grants, refresh tokens and sessions of one org: how they live and die (contract 1.9 and 2)."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import OAuthRefusal

if TYPE_CHECKING:
    from ..org import Org


@dataclass
class Session:
    """An access token. It slides: each use renews it."""

    token: str
    username: str
    client_id: str
    scopes: list[str]
    grant: int
    used_at: float
    issued_at: float = 0

    def is_alive(self, seconds: float, now: float) -> bool:
        return now - self.used_at < seconds


@dataclass
class Grant:
    """What one user allowed one app. `refresh_token` is the one that works now."""

    number: int
    username: str
    client_id: str
    scopes: list[str]
    refresh_token: str | None
    made_at: float
    #: Tokens that rotation has replaced: using one again kills the grant.
    spent: list[str] = field(default_factory=list)
    is_refreshing: bool = False


def dead_token() -> OAuthRefusal:
    return OAuthRefusal("invalid_grant", "expired access/refresh token")


class GrantBook:
    def __init__(self, org: Org) -> None:
        self.org = org
        self.number = 0
        self.grants: dict[int, Grant] = {}
        self.sessions: dict[str, Session] = {}

    def open(self, username: str, client_id: str, scopes: list[str]) -> tuple[Grant, Session]:
        """A new grant with a first session. The oldest of too many is revoked."""
        self.number += 1
        wants_refresh = {"refresh_token", "offline_access"} & set(scopes)
        token = self._new_refresh_token() if wants_refresh else None
        grant = Grant(self.number, username, client_id, scopes, token, time.time())
        self.grants[grant.number] = grant
        held = [
            g for g in self.grants.values() if (g.username, g.client_id) == (username, client_id)
        ]
        for oldest in held[: -self.org.switches.max_grants]:
            self.revoke(oldest)
        return grant, self.open_session(grant)

    def open_session(self, grant: Grant) -> Session:
        token = f"{self.org.id[:15]}!AQ{secrets.token_urlsafe(64).replace('-', '.')}"
        now = time.time()
        session = Session(
            token, grant.username, grant.client_id, grant.scopes, grant.number, now, now
        )
        self.sessions[token] = session
        return session

    def session(self, token: str) -> Session | None:
        """The living session, renewed by this use."""
        session = self.sessions.get(token)
        now = time.time()
        if session is None:
            return None
        if not session.is_alive(self.org.switches.access_token_seconds, now):
            del self.sessions[token]
            return None
        session.used_at = now
        return session

    def find(self, refresh_token: str) -> Grant | None:
        for grant in self.grants.values():
            if refresh_token == grant.refresh_token or refresh_token in grant.spent:
                return grant
        return None

    def check_refresh(self, refresh_token: str, client_id: str) -> Grant:
        """The grant to refresh. Raises OAuthRefusal; reuse of a spent token revokes it all."""
        grant = self.find(refresh_token)
        if grant is None or grant.client_id != client_id:
            raise dead_token()
        if grant.is_refreshing:
            raise OAuthRefusal("invalid_grant", "expired authorization code")
        if refresh_token in grant.spent:
            self.revoke(grant)
            raise dead_token()
        return grant

    def rotate(self, grant: Grant) -> None:
        grant.spent.append(grant.refresh_token)
        grant.refresh_token = self._new_refresh_token()

    def revoke(self, grant: Grant) -> None:
        """End the grant with all its sessions."""
        self.grants.pop(grant.number, None)
        for token in [t for t, s in self.sessions.items() if s.grant == grant.number]:
            del self.sessions[token]

    def revoke_all(self, username: str = "") -> None:
        for grant in list(self.grants.values()):
            if username in ("", grant.username):
                self.revoke(grant)

    def kill_sessions(self, username: str = "") -> None:
        for token, session in list(self.sessions.items()):
            if username in ("", session.username):
                del self.sessions[token]

    def _new_refresh_token(self) -> str:
        return f"5Aep861{secrets.token_urlsafe(60)}{self.org.pod}"
