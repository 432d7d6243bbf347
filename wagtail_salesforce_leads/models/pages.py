"""Wagtail's base page model, which a site may replace by its own from Wagtail 8.0 on."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models


def page_model() -> type[models.Model]:
    return apps.get_model(getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"))


def is_page(source: models.Model | type[models.Model] | None) -> bool:
    """Whether it has a place in the page tree; asked of what it can, not of its class."""
    return hasattr(source, "get_url_parts")
