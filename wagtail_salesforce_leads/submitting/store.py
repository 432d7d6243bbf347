"""Puts a submission and its delivery into the database: both or neither, and once."""

from __future__ import annotations

import logging
import random
import time
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from wagtail_salesforce_leads.delivery import nudges, outbox
from wagtail_salesforce_leads.delivery.outcomes.announcing import announce_after_commit
from wagtail_salesforce_leads.models import (
    Delivery,
    LeadForm,
    LeadFormVersion,
    LeadSubmission,
    SalesforceOrg,
)
from wagtail_salesforce_leads.publishing.compile import site_of

from .limits import is_over_ceiling
from .preparing import Prepared, prepare
from .published import Content, content_of
from .sources import is_form_of_page
from .who import who

Json = dict[str, Any]

logger = logging.getLogger(__name__)

#: Locks, deadlocks and serialization failures pass; each try waits a little longer.
TRIES = 4
PAUSE = 0.05


def store(
    version: LeadFormVersion,
    answers: Json,
    context: Mapping[str, str],
    *,
    token: uuid.UUID | None = None,
    is_spam: bool = False,
    is_test: bool = False,
    source: tuple[str, str] = ("", ""),
    form_submission_id: int | None = None,
) -> LeadSubmission:
    """Keep a valid submission, with its delivery where the form syncs. Calls nobody.

    ``source`` is the holding object's ("app.model", pk). The same ``token`` with the same answers
    again gives the submission that is there. Inside a caller's transaction nothing is retried.
    """
    content, form, org = content_of(version), version.form, version.org
    submission = LeadSubmission(
        form=form,
        version=version,
        site_id=_site_id(form, org),
        submitted_at=timezone.now(),
        client_token=token,
        answers=answers,
        context=dict(context),
        who=who(content.definition["fields"], content.mapping, answers),
        form_title=form.title,
        page_title=context.get("page_title", ""),
        page_url=context.get("page_url", ""),
        source_model=source[0],
        source_id=source[1],
        form_submission_id=form_submission_id,
        is_test=is_test,
        spam=LeadSubmission.Spam.SUSPECTED if is_spam else LeadSubmission.Spam.NONE,
    )
    return _write(submission, version, _prepared(submission, version, content))


def _site_id(form: LeadForm, org: SalesforceOrg | None) -> int | None:
    """A snippet's submission takes its account's site.

    A page may have been moved into a site since its form was compiled, so ask again; outside every
    site this is None, and the lead is held.
    """
    if form.site_id or org is None:
        return form.site_id
    if not is_form_of_page(form):
        return org.site_id
    site = site_of(form.source)
    return site and site.pk


def _prepared(
    submission: LeadSubmission, version: LeadFormVersion, content: Content
) -> Prepared | None:
    """Called before the transaction opens, because it runs the site's own PREPARE_LEAD code."""
    if not version.sync:
        return None
    return prepare(submission, content.definition, content.mapping, version.lead_source)


def _write(
    submission: LeadSubmission, version: LeadFormVersion, prepared: Prepared | None
) -> LeadSubmission:
    held = _held(submission) if prepared else ""
    tries = 0
    while True:
        try:
            return _insert(submission, version, prepared, held)
        except IntegrityError:
            if there := _already_there(submission):
                return there
            if submission.client_token is None:
                raise
            # A page from the back button: the token was used, for other answers.
            submission.client_token = None
        except OperationalError:
            tries += 1
            if tries == TRIES or connection.in_atomic_block:
                raise
            time.sleep(PAUSE * 2**tries * random.uniform(0.5, 1.5))


def _insert(
    submission: LeadSubmission, version: LeadFormVersion, prepared: Prepared | None, held: str
) -> LeadSubmission:
    submission.pk = None
    with transaction.atomic():
        submission.save(force_insert=True)
        if prepared:
            delivery = outbox.enqueue(
                submission, version, prepared.lead, held=held, failed=prepared.failed
            )
            if delivery.state == Delivery.State.DUE:
                _nudge(delivery.org_id)
            elif delivery.state == Delivery.State.FAILED:
                announce_after_commit([delivery.pk])
    return submission


def _nudge(org_pk: int) -> None:
    """The scheduled sweep finds what nobody was woken for, so trouble here costs a minute only."""
    try:
        with transaction.atomic():
            nudges.nudge(org_pk)
    except OperationalError:
        raise
    except Exception:
        logger.exception("no worker could be woken")


def _held(submission: LeadSubmission) -> str:
    if submission.spam:
        return Delivery.Hold.SPAM
    return Delivery.Hold.CEILING if is_over_ceiling(submission.form) else ""


def _already_there(submission: LeadSubmission) -> LeadSubmission | None:
    """The row that an earlier try committed, or that the same click made."""
    same = LeadSubmission.objects.filter(uuid=submission.uuid).first()
    if same or submission.client_token is None:
        return same
    clicked = LeadSubmission.objects.filter(
        form=submission.form, client_token=submission.client_token
    ).first()
    return clicked if clicked and clicked.answers == submission.answers else None
