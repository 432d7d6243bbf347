"""What the current request edits, for checks that a block's value alone cannot answer.

Wagtail hands a block's ``clean`` nothing but its value.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.contrib.admin.utils import unquote
from django.http import HttpRequest
from django.urls import ResolverMatch
from wagtail.models import Site

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import LeadForm
from wagtail_salesforce_leads.models.pages import page_model

PAGE_VIEWS = {"wagtailadmin_pages:add": "parent_page_id", "wagtailadmin_pages:edit": "page_id"}


@dataclass
class Edit:
    request: HttpRequest
    #: When Salesforce was first asked in this request, by the monotonic clock.
    asked_at: float | None = None


_edit: ContextVar[Edit | None] = ContextVar("salesforce_edit", default=None)


@contextmanager
def remembered(request: HttpRequest) -> Iterator[None]:
    """While this context is open, the functions below are about ``request``."""
    token = _edit.set(Edit(request))
    try:
        yield
    finally:
        _edit.reset(token)


def current_request() -> HttpRequest | None:
    """The request being answered, for what is rendered without one, as ``{{ page.body }}`` is."""
    edit = _edit.get()
    return edit.request if edit else None


def edited_site() -> Site | None:
    """The site of the page that is edited or created; None for anything else."""
    edit = _edit.get()
    match = edit.request.resolver_match if edit else None
    return site_of_match(match) if match else None


def site_of_match(match: ResolverMatch) -> Site | None:
    """The site of the page that the editor at this address is for; None for anything else."""
    argument = PAGE_VIEWS.get(match.view_name)
    if argument is None:
        return None
    page = page_model().objects.filter(pk=match.kwargs[argument]).first()
    return page.get_site() if page else None


def is_edited(form: LeadForm) -> bool:
    """Whether the current request edits the snippet that holds ``form``."""
    edit = _edit.get()
    match = edit.request.resolver_match if edit else None
    model = f"{form.content_type.app_label}_{form.content_type.model}"
    return (
        match is not None
        and match.namespaces == [f"wagtailsnippets_{model}"]
        and unquote(str(match.kwargs.get("pk", ""))) == form.object_id
    )


def seconds_left() -> float:
    """What all forms of one editor's request may still spend on asking Salesforce."""
    edit = _edit.get()
    if edit is None:
        return settings.EDITOR_BUDGET
    edit.asked_at = edit.asked_at or time.monotonic()
    return max(0.0, settings.EDITOR_BUDGET - (time.monotonic() - edit.asked_at))
