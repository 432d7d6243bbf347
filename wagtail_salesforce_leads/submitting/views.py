"""The address a public form posts to. No call to Salesforce, and few queries.

The page that holds the form carries no token, so that it can be cached: hence ``csrf_exempt``, with
``origin`` in its place. Not atomic as a whole: ``store`` keeps its own short transaction.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion

from . import answering
from .context import context_of
from .forms import LeadFormBase
from .languages import INPUT as LANGUAGE
from .languages import posted_language
from .limits import is_too_fast
from .origin import is_cross_site, is_same_origin, own_path
from .published import form_by_key, version_for_visitor
from .sources import Source, source_of
from .spam import is_suspected
from .store import store
from .text import clean_answer, whole_number
from .visits import Visit


# Answers stay out of the mail that Django sends to ADMINS about an error.
@sensitive_post_parameters()
@sensitive_variables()
@csrf_exempt
@transaction.non_atomic_requests
def submit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take a submission of the form with this key."""
    form = form_by_key(key)
    if form is None:
        raise Http404
    try:
        post = clean_post(request.POST)
    except RequestDataTooBig:
        post = None
    source = source_of(form, whole_number(post.get("wsl-page", "")) if post else None)
    with translation.override(_language(request, post, source)):
        if post is None:
            return answering.words(request, 413, _("The answers are too long to be sent."))
        if source is None or not _is_open(form, source):
            return answering.words(request, 410, _("This form is closed."))
        return _answer(Visit(request, form, source, post))


def _language(request: HttpRequest, post: QueryDict | None, source: Source | None) -> str | None:
    """The one that the visitor reads, also where nothing else of the form is left."""
    stated = post.get(LANGUAGE, "") if post else ""
    referrer = own_path(request, request.headers.get("Referer", ""))
    return posted_language(stated, source and source.page, referrer)


def _is_open(form: LeadForm, source: Source) -> bool:
    return bool(form.is_open and form.current_version_id and source.is_live)


def _answer(visit: Visit) -> HttpResponse:
    if visit.request.method != "POST":
        return answering.back_to_page(visit)
    if refusal := _refusal(visit):
        return answering.words(visit.request, 403, refusal)
    version = version_for_visitor(visit.form, whole_number(visit.post.get("wsl-version", "")))
    if version is None:
        return answering.changed(visit)
    bound = visit.bound(version)
    if not bound.is_valid():
        return _again(visit, bound, version)
    if is_too_fast(visit.request, visit.form):
        return answering.too_fast(visit)
    _keep(visit, bound, version)
    return answering.thanks(visit, version)


def _again(visit: Visit, bound: LeadFormBase, version: LeadFormVersion) -> HttpResponse:
    """A page that is shown anew has today's form; the script's page still has its own."""
    if version.pk == visit.form.current_version_id or visit.wants_json:
        return answering.again(visit, bound)
    return answering.changed(visit)


def _refusal(visit: Visit) -> str:
    """The session is used for the page's view restriction only, and then from the same origin."""
    is_private = bool(visit.source.restrictions)
    if is_cross_site(visit.request) or (is_private and not is_same_origin(visit.request)):
        return _("This form can only be sent from its own page.")
    if is_private and not visit.source.admits(visit.request):
        return _("This page is private. Open it in another tab to be let in, then send this again.")
    return ""


def clean_post(post: QueryDict) -> QueryDict:
    """A copy without what cannot be stored, before any field sees it."""
    cleaned = QueryDict(mutable=True)
    for name, values in post.lists():
        cleaned.setlist(name, clean_answer(values))
    return cleaned


def _keep(visit: Visit, bound: LeadFormBase, version: LeadFormVersion) -> None:
    answers, source = bound.answers, visit.source
    store(
        version,
        answers,
        context_of(visit),
        token=_token(visit.post.get("wsl-token", "")),
        is_spam=is_suspected(visit.request, visit.post, version, answers),
        source=(source.label, str(source.instance.pk)),
    )


def _token(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
