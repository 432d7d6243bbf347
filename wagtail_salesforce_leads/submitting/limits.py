"""How much one address, and how much everybody, may send to one form."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import LeadForm

from .hooks import ask

logger = logging.getLogger(__name__)

MINUTE = 60
#: One household or one phone gets a whole IPv6 network of this length.
IPV6_NETWORK = 64


def is_too_fast(request: HttpRequest, form: LeadForm) -> bool:
    """Whether this address sent more than ``RATE_LIMIT`` submissions to the form this minute."""
    limit, address = settings.RATE_LIMIT, visitor_address(request)
    if not (limit and address):
        return False
    minute = int(time.time()) // MINUTE
    hashed = salted_hmac("wagtail_salesforce_leads.limits", address, algorithm="sha256").hexdigest()
    return _count(f"minute-{form.pk}-{minute}-{hashed}", int) > limit


def is_over_ceiling(form: LeadForm) -> bool:
    """Whether the form gets more than ``FORM_CEILING`` submissions an hour.

    Counted in the database once a minute, and in the cache from then on.
    """
    ceiling = settings.FORM_CEILING
    return bool(ceiling) and _count(f"hour-{form.pk}", partial(_last_hour, form, ceiling)) > ceiling


def _last_hour(form: LeadForm, most: int) -> int:
    """The submissions of the last hour, counted up to ``most``."""
    since = timezone.now() - timedelta(hours=1)
    recent = form.submissions.filter(submitted_at__gt=since).order_by("-submitted_at")
    return recent[:most].count()


def visitor_address(request: HttpRequest) -> str:
    """The visitor's address or network, "" where it is not known.

    Behind a proxy in a private network the last hop it wrote is the visitor; without this all
    visitors would share the proxy's limit. ``CLIENT_ADDRESS`` knows better where set.
    """
    named = ask("CLIENT_ADDRESS", request, otherwise="")
    return _network(named or _hop(request))


def _hop(request: HttpRequest) -> str:
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and _is_private(peer):
        return forwarded.rpartition(",")[2].strip()
    return peer


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        # A Unix socket has no address.
        return not address


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if ip.version == 4:
        return str(ip)
    return str(ipaddress.ip_network((ip, IPV6_NETWORK), strict=False))


def _count(name: str, start: Callable[[], int]) -> int:
    """Count one more within this minute, beginning at ``start()``.

    A cache in trouble counts none: it must not turn visitors away.
    """
    key = f"wagtail-salesforce-leads-{name}"
    try:
        if cache.get(key) is None:
            cache.add(key, start(), MINUTE)
        return cache.incr(key)
    except Exception as error:
        logger.warning("submissions not counted: %s", type(error).__name__)
        return 0
