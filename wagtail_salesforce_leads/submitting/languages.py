"""The language in which a visitor reads a form, and is answered when they have sent it.

A page's form speaks the page's language wherever Wagtail knows it, whatever the browser prefers.
The form is posted to an address of its own, outside a site's ``i18n_patterns``, so it says itself
in which language it was shown.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from wagtail.coreutils import get_supported_content_language_variant

from wagtail_salesforce_leads.addresses import path_info

#: The input in which a form names the language it was shown in.
INPUT = "wsl-language"


def page_language(page: Any) -> str:
    """The page's own, or the request's variant of it as in page addresses; "" where pages have
    none: a site of one locale may still speak several."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return ""
    language = getattr(getattr(page, "locale", None), "language_code", "")
    active = translation.get_language()
    return active if language and _content_language(active) == language else language


def shown_language(page: Any) -> str | None:
    """The language in which a form is shown: the page's, else the request's."""
    return page_language(page) or translation.get_language()


def posted_language(stated: str, page: Any, came_from: str) -> str | None:
    """In which a form was shown: as it says, or for a template that does not say as well as can be
    known. ``came_from``: path of the page on which it was filled in."""
    by_path = translation.get_language_from_path(path_info(came_from))
    return _supported(stated) or page_language(page) or by_path or translation.get_language()


def _content_language(code: str | None) -> str:
    try:
        return get_supported_content_language_variant(code)
    except LookupError:
        return ""


def _supported(code: str) -> str:
    try:
        return translation.get_supported_language_variant(code)
    except (LookupError, ValueError):
        return ""
