"""Where a visitor came from: page, language, referrer, campaign parameters, variant.

With our script the browser says it in one JSON field; without, headers do. Either way it is a
visitor's input: only known names, cleaned and cut.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest
from django.utils import translation

from wagtail_salesforce_leads.conf import settings

from .hooks import ask
from .text import clean_line
from .visits import Visit

Context = dict[str, str]

#: The name of the hidden input that attribution.js fills.
INPUT = "wsl-context"

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
FIRST_UTM = tuple(f"first_{name}" for name in UTM)
#: Name -> its greatest length.
NAMES = {
    **dict.fromkeys(("page_title", "language", "variant", *UTM, *FIRST_UTM), 255),
    **dict.fromkeys(("page_url", "referrer"), 2000),
}
#: An address with more parameters than this is no campaign's link.
MOST_PARAMETERS = 100
ATTRIBUTION = ("referrer", *UTM, *FIRST_UTM)


def context_of(visit: Visit) -> Context:
    """Context name -> text, blank ones left out."""
    request, source = visit.request, visit.source
    said = _said(visit.post.get(INPUT, ""))
    path = visit.own_page(said.get("page_url", "")) or visit.came_from or visit.path
    page_url = request.build_absolute_uri(path)
    context = {
        **_utm_in(page_url),
        **said,
        "page_url": page_url,
        "page_title": source.title or said.get("page_title", ""),
        "language": source.language or said.get("language") or translation.get_language() or "",
        "variant": ask("VARIANT", request, otherwise="") or said.get("variant", ""),
    }
    return _cut(_with_consent(request, context))


def _said(text: str) -> Context:
    """What attribution.js wrote into its input; empty for anything else."""
    try:
        said = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, Mapping):
        return {}
    return {name: value for name, value in said.items() if name in NAMES and _is_text(value)}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _utm_in(address: str) -> Context:
    try:
        query = parse_qs(urlsplit(address).query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return {}
    return {name: query[name][-1] for name in UTM if name in query}


def _with_consent(request: HttpRequest, context: Context) -> Context:
    # A consent hook that fails has not consented.
    if ask("ATTRIBUTION_CONSENT", request, otherwise=not settings.ATTRIBUTION_CONSENT):
        return context
    return {name: text for name, text in context.items() if name not in ATTRIBUTION}


def _cut(context: Context) -> Context:
    lines = {name: clean_line(str(text), NAMES[name]) for name, text in context.items()}
    return {name: line for name, line in lines.items() if line}
