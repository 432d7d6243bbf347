"""JSON for the editor's scripts: orgs, campaigns, statuses and properties that may be chosen.

Everything asked of Salesforce within one request shares the editor's budget; what does not come in
time is served from what is known of the org, or said in words. What asks runs in no request's
transaction (ATOMIC_REQUESTS), in which an expired session could not be renewed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Site

from wagtail_salesforce_leads.addresses import path_info
from wagtail_salesforce_leads.models import LeadForm, SalesforceOrg
from wagtail_salesforce_leads.orgs import schema as schemas
from wagtail_salesforce_leads.orgs.access import budget
from wagtail_salesforce_leads.orgs.health_words import words_of
from wagtail_salesforce_leads.orgs.unavailable import OrgUnavailable
from wagtail_salesforce_leads.orgs.visible import org_or_404, orgs_of
from wagtail_salesforce_leads.publishing.editing import site_of_match
from wagtail_salesforce_leads.salesforce import campaigns as salesforce_campaigns
from wagtail_salesforce_leads.salesforce.ids import is_record_id

from . import trial
from .offers import campaign_offers, schema_offer
from .words import UNREACHABLE

View = Callable[[HttpRequest], JsonResponse]

#: Campaigns that one search shows.
SHOWN = 50


def in_no_transaction(view: View) -> View:
    """On no database: a site may keep grants in another than the default one."""
    for alias in connections:
        view = transaction.non_atomic_requests(using=alias)(view)
    return view


def within_budget(view: View) -> View:
    """Salesforce's silence becomes words, not an error page."""

    @wraps(view)
    def answer(request: HttpRequest) -> JsonResponse:
        try:
            with budget():
                return view(request)
        except OrgUnavailable as problem:
            return JsonResponse({"message": trouble(problem)}, status=503)

    return answer


def trouble(problem: OrgUnavailable) -> str:
    """Why an org cannot be asked. What passes by itself needs no cause."""
    if not problem.hold_reason:
        return str(UNREACHABLE)
    return " ".join(map(str, words_of(problem.health, problem.code))).strip()


@require_GET
def orgs(request: HttpRequest) -> JsonResponse:
    """``from``: the editor's path, which tells the site; ``account``: what is chosen now."""
    offered = orgs_of(request.user, _edited_site(request.GET.get("from", "")))
    found = [{"id": str(org.pk), "name": str(org)} for org in offered]
    chosen = request.GET.get("account", "")
    if chosen and chosen not in {org["id"] for org in found}:
        found += _unusable(request.user, chosen)
    return JsonResponse({"orgs": found})


@in_no_transaction
@require_http_methods(["GET", "POST"])
def properties(request: HttpRequest) -> JsonResponse:
    """POST asks Salesforce for all of it; GET only for what may have changed since a minute ago.

    What is known of the org is shown also while it cannot be asked.
    """
    is_forced = request.method == "POST"
    asked = _posted(request) if is_forced else request.GET
    org = org_or_404(request.user, asked.get("org"))
    message = _read_anew(org, is_forced=is_forced)
    return JsonResponse(schema_offer(org, schemas.schema_of(org), message))


def _read_anew(org: SalesforceOrg, *, is_forced: bool) -> str:
    """Words where that did not work."""
    if schemas.schema_of(org).is_fresh and not is_forced:
        return ""
    try:
        with budget():
            schemas.refresh(org, force=is_forced)
    except OrgUnavailable as problem:
        return trouble(problem)
    return ""


@in_no_transaction
@require_GET
@within_budget
def campaigns(request: HttpRequest) -> JsonResponse:
    """Active campaigns with ``q`` in their name."""
    org = org_or_404(request.user, request.GET.get("org"))
    term = request.GET.get("q", "")[:80]
    found = schemas.ask(org, lambda client: salesforce_campaigns.search(client, term, SHOWN + 1))
    return JsonResponse({"campaigns": campaign_offers(found[:SHOWN]), "more": len(found) > SHOWN})


@in_no_transaction
@require_GET
@within_budget
def statuses(request: HttpRequest) -> JsonResponse:
    """The member statuses of ``campaign``; ``campaign`` is null where the org has none such."""
    org = org_or_404(request.user, request.GET.get("org"))
    campaign_id = request.GET.get("campaign", "")
    if not is_record_id(campaign_id):
        return JsonResponse({"campaign": None, "statuses": []})
    campaign = schemas.campaign(org, campaign_id)
    if campaign is None and campaign_id not in schemas.schema_of(org).campaigns:
        raise schemas.OrgSilent
    return JsonResponse(_campaign_offer(campaign))


@require_POST
def dry_run(request: HttpRequest) -> JsonResponse:
    """What the form on the editor's screen, saved or not, would send."""
    panel = _posted(request)
    org = org_or_404(request.user, panel.get("account"))
    return JsonResponse(trial.dry_run(panel, schemas.schema_of(org)))


@require_POST
def test_lead(request: HttpRequest) -> JsonResponse:
    """Sends one as the published form would; ``form`` is its key."""
    form = _open_form(_posted(request).get("form"))
    if form is None or not form.current_version.sync:
        message = _("Publish the form with Lead sync on first: a test lead is sent as published.")
        return JsonResponse({"message": message}, status=409)
    if AdminURLFinder(request.user).get_edit_url(form.source) is None:
        raise Http404
    org_or_404(request.user, form.current_version.org_id)
    submission = trial.send_test_lead(form)
    url = reverse("wagtail_salesforce_leads_reports:detail", args=[submission.pk])
    return JsonResponse({"url": url})


def _open_form(key: Any) -> LeadForm | None:
    try:
        form = LeadForm.objects.filter(key=key, is_open=True).first()
    except ValidationError:
        return None
    return form if form and form.current_version else None


def _campaign_offer(campaign: dict[str, Any] | None) -> dict[str, Any]:
    if campaign is None:
        return {"campaign": None, "statuses": []}
    return {
        "campaign": {"name": campaign["name"], "isActive": campaign["is_active"]},
        "statuses": [{"label": label} for label in campaign["statuses"]],
    }


def _edited_site(path: str) -> Site | None:
    try:
        return site_of_match(resolve(path_info(path)))
    except Resolver404:
        return None


def _unusable(user, pk: str) -> list[dict[str, str]]:
    """The chosen org by name, where the user may see it and cannot choose it here."""
    try:
        org = org_or_404(user, pk)
    except Http404:
        return []
    why = _("belongs to another site") if org.is_connected else _("disconnected")
    return [{"id": pk, "name": _("Missing: %(name)s – %(why)s") % {"name": org, "why": why}}]


def _posted(request: HttpRequest) -> dict[str, Any]:
    try:
        posted = json.loads(request.body)
    except ValueError:
        return {}
    return posted if isinstance(posted, dict) else {}
