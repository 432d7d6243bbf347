"""The settings of the package: names, types and defaults in one place, read live.

A site overrides them in one dict::

    WAGTAIL_SALESFORCE_LEADS = {"CLIENT_ID": "…", "CLIENT_SECRET": "…"}
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings as django_settings

SETTING = "WAGTAIL_SALESFORCE_LEADS"


@dataclass(frozen=True)
class Defaults:
    """Every setting with its default. Times are seconds unless the name says otherwise."""

    # Connecting
    CLIENT_ID: str = ""
    CLIENT_SECRET: str = ""
    LOGIN_URL: str = "https://login.salesforce.com"
    #: The registered callback. Empty: WAGTAILADMIN_BASE_URL + the callback's path.
    REDIRECT_URI: str = ""
    SCOPES: tuple[str, ...] = ("api", "refresh_token", "id")
    ENCRYPTION_KEYS: tuple[str, ...] = ()
    #: Further exact origins that count as Salesforce: the simulator's, or another cloud's.
    EXTRA_HOSTS: tuple[str, ...] = ()
    #: Tells this installation from a copy of its database. Empty: the database host and name.
    INSTALLATION: str = ""

    # Calling
    API_VERSION: str = "66.0"
    #: The proxy through which all of Salesforce is reached: "http://host:port", or
    #: "http://user@host:port" with a password of its own. Empty: none.
    PROXY: str = ""
    PROXY_PASSWORD: str = ""
    CONNECT_TIMEOUT: float = 5.0
    #: What all calls inside one editor's request may take together.
    EDITOR_BUDGET: float = 3.0
    CALL_DEADLINE: float = 15.0
    CALL_DEADLINE_PER_RECORD: float = 0.15
    CALL_DEADLINE_MAX: float = 45.0

    # Submitting
    #: A version that was live within these days still takes what a cached page sends it.
    VERSION_GRACE_DAYS: int = 7
    #: Submissions a minute from one address to one form. 0: no limit.
    RATE_LIMIT: int = 20
    #: Submissions an hour to one form above which deliveries are held. 0: no ceiling.
    FORM_CEILING: int = 1000
    #: Dotted path: (request, version, answers) -> bool, true for spam.
    SPAM_CHECK: str = ""
    #: Dotted path: (request) -> str, the variant of the page that the visitor saw.
    VARIANT: str = ""
    #: Dotted path: (request) -> bool, whether this visitor allows attribution to be stored.
    ATTRIBUTION_CONSENT: str = ""
    #: Dotted path: (request) -> str, the visitor's address. Empty: REMOTE_ADDR, or the last hop of
    #: X-Forwarded-For where that is a proxy in a private network.
    CLIENT_ADDRESS: str = ""
    #: Dotted path: (payload dict, submission) -> dict, the last word on a Lead before it is frozen.
    PREPARE_LEAD: str = ""

    # Delivering
    BATCH_SIZE: int = 200
    LEASE: float = 180.0
    TASK_TIMEOUT: float = 120.0
    RETRY_FIRST: float = 60.0
    RETRY_MAX: float = 3600.0
    #: How long a delivery's own attempts go on before a person is asked.
    GIVE_UP_AFTER: float = 3 * 86400.0
    #: When an unanswered call can no longer be running at Salesforce.
    LOOK_UP_AFTER: float = 600.0
    UNKNOWN_GIVE_UP_AFTER: float = 86400.0
    #: The part of the org's daily API calls that is left to others.
    API_RESERVE_PERCENT: int = 10

    # Keeping
    #: Days after which settled submissions are deleted. 0: never.
    RETENTION_DAYS: int = 0
    #: Addresses of the digest mail. Empty: those who may connect orgs.
    DIGEST_RECIPIENTS: tuple[str, ...] = ()


class Settings:
    """Live view on the site's dict over :class:`Defaults`; unknown names raise AttributeError."""

    def __getattr__(self, name: str) -> Any:
        default = getattr(Defaults, name)
        return getattr(django_settings, SETTING, {}).get(name, default)

    def unknown_names(self) -> set[str]:
        """Names in the site's dict that no setting has, for the system check."""
        known = {field.name for field in fields(Defaults)}
        return set(getattr(django_settings, SETTING, {})) - known


settings = Settings()
