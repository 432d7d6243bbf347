"""System checks of what connections need: ids W002 to W019 and E002 to E019."""

from __future__ import annotations

import re
from dataclasses import fields
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections, router
from wagtail.admin.utils import get_admin_base_url

from wagtail_salesforce_leads.conf import SETTING, Defaults, settings
from wagtail_salesforce_leads.models import SalesforceGrant
from wagtail_salesforce_leads.salesforce.hosts import HostRefused, login_origin

ID = "wagtail_salesforce_leads"
#: Characters of a key that is not to be guessed.
KEY_LENGTH = 32
PROXY_ADDRESS = re.compile(r"http://(?:[^\s/@:]+@)?[\w.-]+:[0-9]{1,5}/?", re.ASCII)
LOCAL_HOSTS = frozenset({"", "localhost", "127.0.0.1", "::1"})


@register(Tags.security, deploy=True)
def check_encryption_keys_are_set(app_configs, **kwargs) -> list[CheckMessage]:
    if settings.ENCRYPTION_KEYS:
        return []
    return [
        Warning(
            "Salesforce tokens are encrypted with a key derived from SECRET_KEY.",
            hint=f'Set {SETTING}["ENCRYPTION_KEYS"] = [key], a key from '
            '`python -c "import secrets; print(secrets.token_urlsafe(32))"`.',
            id=f"{ID}.W002",
        )
    ]


@register(Tags.security, deploy=True)
def check_encryption_keys_are_long(app_configs, **kwargs) -> list[CheckMessage]:
    if all(len(key) >= KEY_LENGTH for key in settings.ENCRYPTION_KEYS):
        return []
    return [
        Warning(
            f"A key in ENCRYPTION_KEYS has fewer than {KEY_LENGTH} characters.",
            hint="Put a random one before it and run `manage.py salesforce_rotate_keys`.",
            id=f"{ID}.W003",
        )
    ]


@register(Tags.security)
def check_lists(app_configs, **kwargs) -> list[CheckMessage]:
    """A text would be taken letter by letter, or for a list of all that is part of it."""
    names = [field.name for field in fields(Defaults) if isinstance(field.default, tuple)]
    return [
        Error(
            f"{name} is not a list.",
            hint="Write it in brackets, each text in quotes of its own, even if there is one.",
            id=f"{ID}.E004",
        )
        for name in names
        if not isinstance(getattr(settings, name), (list, tuple))
    ]


@register(Tags.security)
def check_extra_hosts(app_configs, **kwargs) -> list[CheckMessage]:
    if django_settings.DEBUG or not settings.EXTRA_HOSTS:
        return []
    return [
        Warning(
            "EXTRA_HOSTS lets tokens and leads go to addresses that are not Salesforce's.",
            hint="Remove it: it is meant for a simulator on a developer's machine. Silence this "
            "check if each is the address of your own org in another of Salesforce's clouds.",
            id=f"{ID}.W005",
        )
    ]


@register(Tags.security)
def check_callback(app_configs, **kwargs) -> list[CheckMessage]:
    address = settings.REDIRECT_URI or get_admin_base_url()
    if not address:
        return [
            Warning(
                "This site does not know its own address, so no Salesforce org can be connected.",
                hint=f'Set WAGTAILADMIN_BASE_URL, or {SETTING}["REDIRECT_URI"].',
                id=f"{ID}.W006",
            )
        ]
    parts = urlsplit(address)
    if django_settings.DEBUG or parts.scheme == "https" or parts.hostname in LOCAL_HOSTS:
        return []
    return [
        Warning(
            "The callback of Salesforce's sign-in is not over https, and Salesforce refuses it.",
            hint="Give WAGTAILADMIN_BASE_URL, or REDIRECT_URI, its https address.",
            id=f"{ID}.W007",
        )
    ]


@register(Tags.compatibility)
def check_login_url(app_configs, **kwargs) -> list[CheckMessage]:
    try:
        login_origin(settings.LOGIN_URL, settings.EXTRA_HOSTS)
    except HostRefused:
        return [
            Error(
                "LOGIN_URL is not an address of Salesforce's login.",
                hint='Use "https://login.salesforce.com", "https://test.salesforce.com" or the '
                'My Domain address "https://….my.salesforce.com".',
                id=f"{ID}.E008",
            )
        ]
    return []


@register(Tags.compatibility)
def check_default_app(app_configs, **kwargs) -> list[CheckMessage]:
    if bool(settings.CLIENT_ID) == bool(settings.CLIENT_SECRET):
        return []
    return [
        Error(
            "Of CLIENT_ID and CLIENT_SECRET only one is set.",
            hint="Set both, or neither and enter them for each connection.",
            id=f"{ID}.E009",
        )
    ]


@register(Tags.compatibility)
def check_clock(app_configs, **kwargs) -> list[CheckMessage]:
    """Leases compare the database's clock with stored times, which only UTC makes comparable."""
    database = connections[router.db_for_write(SalesforceGrant)]
    stores_zones = database.features.supports_timezones
    if django_settings.USE_TZ and (stores_zones or database.timezone_name == "UTC"):
        return []
    return [
        Error(
            "Times are not stored in UTC.",
            hint="Set USE_TZ = True, and no TIME_ZONE in DATABASES.",
            id=f"{ID}.E010",
        )
    ]


@register(Tags.security, deploy=True)
def check_installation(app_configs, **kwargs) -> list[CheckMessage]:
    """Where the database is tells nothing if it is local, or a bare name as containers have."""
    host = connections[router.db_for_write(SalesforceGrant)].settings_dict.get("HOST") or ""
    if settings.INSTALLATION or (host not in LOCAL_HOSTS and "." in host):
        return []
    return [
        Warning(
            "A copy of this site's database may not be recognised as one, and send leads.",
            hint=f'Set {SETTING}["INSTALLATION"] to a name, another one on every installation.',
            id=f"{ID}.W011",
        )
    ]


@register(Tags.compatibility)
def check_proxy(app_configs, **kwargs) -> list[CheckMessage]:
    has_place = "@" in settings.PROXY or not settings.PROXY_PASSWORD
    if not settings.PROXY or (PROXY_ADDRESS.fullmatch(settings.PROXY) and has_place):
        return []
    return [
        Error(
            "PROXY is not the address of a proxy, or names no user for PROXY_PASSWORD.",
            hint='Write it as "http://host:port" or "http://user@host:port", and the password as '
            "PROXY_PASSWORD: this setting stands in Django's error mails.",
            id=f"{ID}.E012",
        )
    ]


@register(Tags.compatibility)
def check_settings_app(app_configs, **kwargs) -> list[CheckMessage]:
    if apps.is_installed("wagtail.contrib.settings"):
        return []
    return [
        Error(
            "wagtail.contrib.settings is not installed as an app, so Settings → Salesforce has no "
            "screen.",
            hint='Add "wagtail.contrib.settings" to INSTALLED_APPS.',
            id=f"{ID}.E013",
        )
    ]
