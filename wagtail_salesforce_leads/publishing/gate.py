"""Refuses to let a form go live that cannot work, by whatever way it is published.

Wagtail validates streams only in its editor's forms; ``revision.publish()``, bulk actions,
workflow approvals, the API and schedules go past them. All of them save the object, so the gate
stands there. It asks for structure only, never for Salesforce's state, or old live pages would
become unsavable.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Revision

from wagtail_salesforce_leads.exceptions import PublishBlocked

from .authority import unauthorised_forms
from .checks import structure_problems
from .contents import forms_of
from .definition import FormContent
from .problem import ACCOUNT, Problem

logger = logging.getLogger(__name__)

NOT_YOURS = Problem(
    "account_not_yours",
    ACCOUNT,
    gettext_lazy(
        "Whoever saved this draft may not use its account. Somebody who may has to open and "
        "publish it, or another account be chosen."
    ),
)


def block_wrong_forms(source: models.Model, revision: Revision | None = None) -> None:
    """Raises PublishBlocked naming each problem of each form that ``source`` holds.

    ``revision`` is the one that goes live, by default what ``source`` says of itself.
    """
    messages = [_words(problem, content) for content, problem in _problems(source, revision)]
    if messages:
        logger.warning("Publishing %s %s was blocked", source._meta.label, source.pk)
        raise PublishBlocked(messages, source=source)


def _problems(
    source: models.Model, revision: Revision | None
) -> Iterator[tuple[FormContent, Problem]]:
    for held in forms_of(source):
        for problem in structure_problems(held.content):
            if problem.is_error:
                yield held.content, problem
    for held in unauthorised_forms(source, revision):
        yield held.content, NOT_YOURS


def _words(problem: Problem, content: FormContent) -> str:
    title = content.definition["title"] or _("Lead form")
    return _("%(form)s: %(problem)s") % {"form": title, "problem": problem.message}
