"""System checks of what visitors need. Ids W040 to W049."""

from __future__ import annotations

import uuid

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.module_loading import import_string

from wagtail_salesforce_leads.addresses import path_info
from wagtail_salesforce_leads.conf import SETTING, settings

from .views import submit

ID = "wagtail_salesforce_leads"
INCLUDE = 'path("salesforce/", include("wagtail_salesforce_leads.urls"))'
#: Settings that name a site's own code.
HOOKS = ("SPAM_CHECK", "VARIANT", "ATTRIBUTION_CONSENT", "CLIENT_ADDRESS", "PREPARE_LEAD")
#: Caches that count for one process only, or keep nothing.
LONELY_CACHES = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)


@register(Tags.urls)
def check_urls(app_configs, **kwargs) -> list[CheckMessage]:
    """The public forms' address exists, and no other pattern takes it first."""
    try:
        address = reverse("wagtail_salesforce_leads:submit", args=[uuid.UUID(int=0)])
    except NoReverseMatch:
        hint = f"Add {INCLUDE} to the project's urls, before Wagtail's."
        return [Error("Lead forms have no address to be sent to.", hint=hint, id=f"{ID}.E040")]
    if _is_ours(address):
        return []
    return [
        Error(
            f"Another URL pattern takes what is sent to lead forms ({address}).",
            hint=f"Move {INCLUDE} up, before Wagtail's urls.",
            id=f"{ID}.E041",
        )
    ]


def _is_ours(address: str) -> bool:
    try:
        return resolve(path_info(address)).func is submit
    except Resolver404:
        return False


@register(Tags.compatibility)
def check_hooks(app_configs, **kwargs) -> list[CheckMessage]:
    return [
        Error(
            f"{SETTING}[{name!r}] names {getattr(settings, name)!r}, which cannot be called.",
            hint="Give the dotted path of a function, or leave it empty.",
            id=f"{ID}.E042",
        )
        for name in HOOKS
        if getattr(settings, name) and not _is_callable(getattr(settings, name))
    ]


def _is_callable(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False


@register(Tags.caches, deploy=True)
def check_cache(app_configs, **kwargs) -> list[CheckMessage]:
    backend = django_settings.CACHES.get("default", {}).get("BACKEND")
    if backend not in LONELY_CACHES or not (settings.RATE_LIMIT or settings.FORM_CEILING):
        return []
    return [
        Warning(
            "The default cache counts for one process only, and so do the rate limit and the "
            "ceiling of lead forms.",
            hint="Use a cache that all processes share: Redis, Memcached or the database.",
            id=f"{ID}.W043",
        )
    ]
