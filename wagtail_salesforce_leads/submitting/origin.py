"""Whether a submission comes from another site's page.

The page holds no token, so that it can be cached; the browser's own headers say where a form was.
Only positive evidence refuses: honest visitors sit behind proxies that drop or rewrite headers.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.http import HttpRequest
from wagtail.models import Site


def is_cross_site(request: HttpRequest) -> bool:
    """Sec-Fetch-Site decides where the browser sends it, else Origin compared by host.

    Browsers send Sec-Fetch-Site on https only; a sandboxed page or a strict referrer policy makes
    Origin ``null``, which says nothing.
    """
    if fetch_site := request.headers.get("Sec-Fetch-Site"):
        return fetch_site == "cross-site"
    origin = request.headers.get("Origin", "null")
    return origin != "null" and not _is_own_host(_host(origin), request)


def is_same_origin(request: HttpRequest) -> bool:
    """Positive evidence that the form was on this very host, as private pages demand."""
    if fetch_site := request.headers.get("Sec-Fetch-Site"):
        return fetch_site == "same-origin"
    evidence = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return _host(evidence) == _bare(request.get_host())


def is_silent(request: HttpRequest) -> bool:
    """Nothing says where it comes from, which is rare for a browser."""
    origin = request.headers.get("Origin", "null")
    return "Sec-Fetch-Site" not in request.headers and origin == "null"


def own_path(request: HttpRequest, address: str) -> str:
    """Path and query of ``address`` if it is on this host, else ""."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or _host(address) != _bare(request.get_host()):
        return ""
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def sites_at(request: HttpRequest) -> set[int]:
    """The ids of the sites with this very host name."""
    host = _bare(request.get_host())
    return {root[0] for root in Site.get_site_root_paths() if _host(root[2]) == host}


def _is_own_host(host: str, request: HttpRequest) -> bool:
    """A proxy may have rewritten the Host header, so every host that the project names counts."""
    if host == _bare(request.get_host()):
        return True
    trusted = {_host(origin) for origin in django_settings.CSRF_TRUSTED_ORIGINS}
    return host in trusted or host in {_host(root[2]) for root in Site.get_site_root_paths()}


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def _bare(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""
