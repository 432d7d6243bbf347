"""What looks like spam. It is kept, and held back from Salesforce until a person has looked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

from wagtail_salesforce_leads.models import LeadFormVersion

from .hooks import ask
from .origin import is_silent

#: Unseen by people; those who fill in everything fill it in.
HONEYPOT = "wsl-website"


def is_suspected(
    request: HttpRequest, post: QueryDict, version: LeadFormVersion, answers: Mapping[str, Any]
) -> bool:
    """The honeypot is filled, or nothing about the request is like a browser, or ``SPAM_CHECK``."""
    return (
        bool(post.get(HONEYPOT))
        or _is_no_browser(request)
        or bool(ask("SPAM_CHECK", request, version, answers, otherwise=False))
    )


def _is_no_browser(request: HttpRequest) -> bool:
    """Each of these can be missing for an honest visitor, all of them hardly."""
    return (
        is_silent(request)
        and "Accept-Language" not in request.headers
        and "Referer" not in request.headers
    )
