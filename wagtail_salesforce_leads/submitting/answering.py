"""What a visitor gets back: the thank-you, the form again with what is wrong, or words.

Each exists twice: as a page for browsers without our script, as JSON for the in-place submit.
"""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, get_language_from_path, override
from django.utils.translation import gettext as _

from wagtail_salesforce_leads.addresses import path_info
from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion
from wagtail_salesforce_leads.models.pages import page_model
from wagtail_salesforce_leads.publishing.editing import remembered

from .forms import LeadFormBase
from .published import content_of
from .rendering import BOUND, SUBMITTED, form_of_current_version, html_id
from .visits import Visit, wants_json

FORM_PAGE = "wagtail_salesforce_leads/form_page.html"
WORDS_PAGE = "wagtail_salesforce_leads/words_page.html"


def thanks(visit: Visit, version: LeadFormVersion) -> HttpResponse:
    """To the thank-you page, or back to the form's page, which shows the message in its place."""
    elsewhere = _thank_you_address(visit.request, content_of(version).definition)
    if visit.wants_json:
        return _json({"redirect": elsewhere})
    return _see_other(elsewhere or _with_message(visit.path, visit.form))


def back_to_page(visit: Visit) -> HttpResponse:
    """For somebody who opens the form's address instead of posting to it."""
    return _see_other(f"{visit.path}#{html_id(visit.form.key)}")


def words(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """A sentence where there is no form to show again."""
    if wants_json(request):
        return _json({"message": message}, status)
    return _uncached(render(request, WORDS_PAGE, {"message": message}, status=status))


def again(visit: Visit, bound: LeadFormBase, status: int = 422) -> HttpResponse:
    """The form with what was typed and what is wrong with it."""
    if visit.wants_json:
        errors = {key: texts for key, texts in bound.errors.items() if key in bound.fields}
        whole = " ".join(bound.non_field_errors())
        return _json({"errors": errors, "message": whole}, status)
    response = _page_again(visit, bound)
    if response is None:
        public = form_of_current_version(visit.form, bound)
        response = render(visit.request, FORM_PAGE, {"public": public})
    response.status_code = status
    return _uncached(response)


def changed(visit: Visit) -> HttpResponse:
    """Today's form for what was typed into one that is too old. The script posts once more by
    itself without JSON, which shows the page."""
    if visit.wants_json:
        return _json({"reload": True}, 409)
    text = _("This form has changed since you opened it. Please check it and send it again.")
    return again(visit, _todays(visit, text))


def too_fast(visit: Visit) -> HttpResponse:
    text = _("Too many answers at once. Please try again in a minute.")
    return again(visit, _todays(visit, text), status=429)


def _todays(visit: Visit, message: str) -> LeadFormBase:
    """The current version's form with what was typed, and ``message`` above it."""
    bound = visit.bound(visit.form.current_version)
    bound.add_error(None, message)
    return bound


def _thank_you_address(request: HttpRequest, definition: dict[str, Any]) -> str:
    if not definition.get("thank_you_page"):
        return ""
    page = page_model().objects.filter(pk=definition["thank_you_page"], live=True).first()
    return (page and page.get_url(request)) or ""


def _with_message(path: str, form: LeadForm) -> str:
    """A cache in front of the site tells the page with the message apart by its query."""
    path, _, query = path.partition("?")
    kept = [(name, value) for name, value in QueryDict(query).items() if name != SUBMITTED]
    return f"{path}?{urlencode([*kept, (SUBMITTED, str(form.key))])}#{html_id(form.key)}"


def _page_again(visit: Visit, bound: LeadFormBase) -> HttpResponse | None:
    """The page as a visitor would get it by GET, its form bound; None where it has no such form."""
    address = urlsplit(visit.path)
    getting = _as_get(visit.request, address.path, address.query)
    waiting = {visit.form.key: bound}
    setattr(getting, BOUND, waiting)
    with remembered(getting), override(getting.LANGUAGE_CODE):
        try:
            view, args, kwargs = resolve(getting.path_info)
            response = view(getting, *args, **kwargs)
        except Http404:
            return None
        if hasattr(response, "render"):
            response.render()
    return response if response.status_code == 200 and not waiting else None


def _as_get(request: HttpRequest, path: str, query: str) -> HttpRequest:
    getting = copy.copy(request)
    getting.method = "GET"
    getting.path, getting.path_info = unquote(path), path_info(path)
    getting.GET, getting.POST = QueryDict(query), QueryDict()
    getting._files = type(request.FILES)()
    getting.META = {
        **request.META,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": getting.path_info,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": "0",
    }
    getting.resolver_match = None
    # As LocaleMiddleware: under ``i18n_patterns`` the address alone decides.
    getting.LANGUAGE_CODE = get_language_from_path(getting.path_info) or get_language()
    return getting


def _see_other(address: str) -> HttpResponse:
    """303: whatever the method was, the next one is GET."""
    return _uncached(HttpResponse(status=303, headers={"Location": address}))


def _json(content: dict[str, Any], status: int = 200) -> HttpResponse:
    return _uncached(JsonResponse(content, status=status))


def _uncached(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
