"""Who answers for the account of a form that belongs to no site, as a snippet's does.

A page's form can send to accounts of its own site only: delivery holds anything else. A snippet may
be shown on any site, so its leads go where its account is, because somebody who may use that
account said so. That is whoever saved the revision that goes live: approvals, schedules and code
publish what others wrote, without a form that would ask who they are.
"""

from __future__ import annotations

from django.db import models
from wagtail.models import Page, Revision

from ..models import LeadForm, SalesforceOrg
from ..orgs.visible import may_use
from .contents import HeldForm, forms_of
from .editing import current_request


def unauthorised_forms(source: models.Model, revision: Revision | None) -> list[HeldForm]:
    """The forms of ``source`` whose account is not for the author of ``revision``, going live now.

    An account that a form was already published with stays. Code that saves without a revision, or
    another account than the revision names, answers for itself.
    """
    author = _author(revision) if revision and not isinstance(source, Page) else None
    if author is None:
        return []
    taken = [held for held in forms_of(source) if _is_taken(source, held, author)]
    said = {_account(held) for held in forms_of(revision.as_object())} if taken else ()
    return [held for held in taken if _account(held) in said]


def _author(revision: Revision):
    """Of a user who was deleted Wagtail keeps the revision only; then whoever publishes it."""
    publisher = getattr(current_request(), "user", None)
    return revision.user or (publisher if publisher and publisher.is_authenticated else None)


def _is_taken(source: models.Model, held: HeldForm, author) -> bool:
    account = _account(held)
    if not held.content.integration.sync or not account.isdecimal():
        return False
    org = SalesforceOrg.objects.select_related("site__root_page").filter(pk=account).first()
    if org is None or (org.site is not None and may_use(author, org.site)):
        return False
    forms = LeadForm.objects.of_source(source).filter(block_id=held.block_id)
    return not forms.filter(current_version__org=org).exists()


def _account(held: HeldForm) -> str:
    return held.content.integration.account
