"""External client apps: the keys that a site authorises itself with (contract 1.4)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}


@dataclass
class ClientApp:
    client_id: str
    client_secret: str
    name: str
    #: Exact callbacks; empty allows any on this machine.
    redirect_uris: list[str] = field(default_factory=list)
    scopes: list[str] = field(
        default_factory=lambda: ["api", "refresh_token", "offline_access", "id", "openid"]
    )
    #: Org ids that the app is installed in; None is all. A local app has one.
    orgs: list[str] | None = None
    #: User names that an administrator has approved; None lets everybody approve for himself.
    approved: list[str] | None = None

    def allows_redirect(self, uri: str) -> bool:
        if self.redirect_uris:
            return uri in self.redirect_uris
        parts = urlsplit(uri)
        is_here = parts.hostname in LOOPBACK or (parts.hostname or "").endswith(".localhost")
        return parts.scheme in {"http", "https"} and is_here

    def is_installed(self, org_id: str) -> bool:
        return self.orgs is None or org_id in self.orgs

    def is_approved(self, username: str) -> bool:
        return self.approved is None or username in self.approved

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
