"""A form block's value into the form that visitors see.

Reads only the value: neither the page nor the block's id is known where ``{{ page.body }}`` is
rendered, and the request only from the middleware. The form's key in the value leads to the
published version, which is what visitors get.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from django.core.cache import cache
from django.db import DatabaseError
from django.forms import BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import cached_property

from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion
from wagtail_salesforce_leads.publishing.definition import definition_of
from wagtail_salesforce_leads.publishing.editing import current_request
from wagtail_salesforce_leads.publishing.first_use import form_for, keyless_form
from wagtail_salesforce_leads.publishing.streams import key_of

from .forms import LeadFormBase, form_class
from .languages import shown_language
from .published import content_of, form_by_key
from .spam import HONEYPOT

logger = logging.getLogger(__name__)

#: Seconds until the log says again that visitors of an address meet a form without its own.
TELL_AGAIN = 600
TEMPLATE = "wagtail_salesforce_leads/form.html"
#: In the address of the page that a visitor comes back to: the key of the form they submitted.
SUBMITTED = "lead-form"
#: Where the submitting view leaves the bound form for the page that shows it again.
BOUND = "_wagtail_salesforce_leads_bound"


@dataclass
class PublicForm:
    """One form on one page: what the templates ask for."""

    form: LeadFormBase
    definition: Mapping[str, Any]
    key: str
    version: LeadFormVersion | None = None
    is_submitted: bool = False
    #: The page it stands on, where the template knows it.
    page_id: Any = ""
    honeypot: ClassVar[str] = HONEYPOT

    @property
    def id(self) -> str:
        return html_id(self.key)

    @property
    def action(self) -> str:
        """Empty for a preview and for a form that was never published: nothing to post to."""
        if self.version is None:
            return ""
        return reverse("wagtail_salesforce_leads:submit", args=[self.key])

    @cached_property
    def errors(self) -> list[dict[str, str]]:
        """{"id", "label", "message"} of each error; without an id where there is nothing to see."""
        whole = [{"id": "", "label": "", "message": text} for text in self.form.non_field_errors()]
        return whole + [
            {"id": _target(field), "label": field.label, "message": text}
            for field in self.form
            for text in field.errors
        ]


def _target(field: BoundField) -> str:
    return "" if field.is_hidden else field.id_for_label or field.auto_id


def html_id(key: UUID | str) -> str:
    """The form's id and anchor on its page."""
    return f"lead-form-{str(key)[:8]}"


def render_form(value: Mapping[str, Any], request: HttpRequest | None, page: Any = None) -> str:
    """The HTML of a LeadFormBlock's value. ``page`` is where it stands, if the template knows.

    On a preview the draft is shown, without an address; so is what nobody can send, and the log
    says so.
    """
    request = request or current_request()
    page = page or _served_page(request)
    with translation.override(shown_language(page)):
        public = public_form(value, request, page)
        return render_to_string(TEMPLATE, {"public": public, "page": page}, request=request)


def public_form(
    value: Mapping[str, Any], request: HttpRequest | None, page: Any = None
) -> PublicForm:
    key = value.get("form_key") or ""
    is_preview = getattr(request, "is_preview", False)
    is_for_visitors = bool(request) and not is_preview and not _is_in_admin(request)
    published = None if is_preview else _published(value, page, is_for_visitors)
    if published is None:
        if is_for_visitors:
            _tell_developer(request)
        return _preview(value, str(key))
    bound = getattr(request, BOUND, {}).pop(published.key, None)
    return form_of_current_version(
        published,
        bound,
        is_submitted=bool(request) and request.GET.get(SUBMITTED) == str(published.key),
        page_id=getattr(page, "pk", ""),
    )


def _served_page(request: HttpRequest | None) -> Any:
    """The page that Wagtail found at this address, for templates that hand none on."""
    route = getattr(request, "_wagtail_route_for_request", None)
    return route[0] if route else None


def _is_in_admin(request: HttpRequest) -> bool:
    """It shows drafts, and previews of blocks. A process for visitors alone may have none."""
    try:
        return request.path.startswith(reverse("wagtailadmin_home"))
    except NoReverseMatch:
        return False


def _tell_developer(request: HttpRequest) -> None:
    """Once in a while for each address."""
    key = f"wagtail_salesforce_leads.unsendable.{quote(request.path)[-150:]}"
    try:
        is_news = cache.add(key, True, TELL_AGAIN)
    except Exception:  # a cache in trouble is no matter of the visitor's page
        is_news = True
    if is_news:
        logger.warning(
            "Visitors of %s meet a lead form that they cannot send: what holds it is not "
            "published, or was imported without keys (manage.py salesforce_compile_forms).",
            request.path,
        )


def form_of_current_version(
    lead_form: LeadForm, bound: LeadFormBase | None = None, **details: Any
) -> PublicForm:
    """The form's current version, filled with what was typed where ``bound`` is given."""
    version = lead_form.current_version
    content = content_of(version)
    form = bound if bound is not None else content.form_class(auto_id=auto_id(lead_form.key))
    return PublicForm(form, content.definition, str(lead_form.key), version, **details)


def auto_id(key: UUID | str) -> str:
    """Several forms stand on one page, so ids begin with the form's."""
    return f"{html_id(key)}-%s"


def _preview(value: Mapping[str, Any], key: str) -> PublicForm:
    definition = definition_of(value)
    return PublicForm(form_class(definition)(auto_id=auto_id(key)), definition, key)


def _published(value: Mapping[str, Any], page: Any, is_for_visitors: bool) -> LeadForm | None:
    key = key_of(value)
    form = (key and form_by_key(key)) or _compiled(value, page, is_for_visitors)
    return form if form and form.is_open and form.current_version else None


def _compiled(value: Mapping[str, Any], page: Any, is_for_visitors: bool) -> LeadForm | None:
    """A form that went live without a publish is compiled when it is first seen. The page is shown
    also where nothing can be written, in a database that is locked or read only."""
    try:
        return form_for(value, page) or (keyless_form(value) if is_for_visitors else None)
    except DatabaseError as error:
        logger.error("a lead form could not be compiled: %s", type(error).__name__)
        return None
