"""Who answers for a form's account where it is not one of the form's own site.

A snippet belongs to no site and may be shown on any, so its leads go where its account is, because
somebody who may use that account said so. That is whoever saved the revision that goes live: bulk
actions, approvals, schedules and code publish what others wrote, without a form that would ask who
they are. A page's leads for another site's account are held anyway; the refusal never shows that
account's name to somebody who may not use it.
"""

from __future__ import annotations

from django.db import models
from wagtail.models import Revision, Site

from wagtail_salesforce_leads.models import LeadForm, SalesforceOrg
from wagtail_salesforce_leads.orgs.visible import may_use

from .compile import site_of
from .contents import HeldForm, forms_of
from .editing import current_request


def unauthorised_forms(source: models.Model, revision: Revision | None) -> list[HeldForm]:
    """The forms of ``source`` whose account is not for the author of the revision going live.

    ``revision``: by default the one that ``source`` names. An account that a form was already
    published with stays. Code that saves without a revision, or another account than the revision
    names, answers for itself.
    """
    sending = [held for held in forms_of(source) if held.content.integration.sync]
    if not sending:
        return []
    revision = revision or getattr(source, "live_revision", None)
    author = _author(revision) if revision else None
    if author is None:
        return []
    site = site_of(source)
    taken = [held for held in sending if _is_taken(source, site, held, author)]
    said = {_account(held) for held in forms_of(revision.as_object())} if taken else ()
    return [held for held in taken if _account(held) in said]


def _author(revision: Revision):
    """The revision's author; if that person was deleted or shut out since, whoever publishes it."""
    if revision.user and revision.user.is_active:
        return revision.user
    publisher = getattr(current_request(), "user", None)
    return publisher if publisher and publisher.is_authenticated else None


def _is_taken(source: models.Model, site: Site | None, held: HeldForm, author) -> bool:
    org = SalesforceOrg.objects.select_related("site__root_page").named_by(_account(held))
    if org is None or (site and org.site_id == site.pk):
        return False
    if org.site is not None and may_use(author, org.site):
        return False
    forms = LeadForm.objects.of_source(source).filter(block_id=held.block_id)
    return not forms.filter(current_version__org=org).exists()


def _account(held: HeldForm) -> str:
    return held.content.integration.account
