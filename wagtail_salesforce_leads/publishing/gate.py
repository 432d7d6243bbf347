"""Refuses to let a form go live that cannot work, by whatever way it is published.

Wagtail validates streams only in its editor's forms; ``revision.publish()``, bulk actions,
workflow approvals, the API and schedules go past them. All of them save the object, so the gate
stands there. It asks for structure only, never for Salesforce's state, or old live pages would
become unsavable.
"""

from __future__ import annotations

import logging

from django.db import models
from django.utils.translation import gettext as _

from ..exceptions import PublishBlocked
from .checks import structure_problems
from .contents import forms_of
from .definition import FormContent
from .problem import Problem

logger = logging.getLogger(__name__)


def block_wrong_forms(source: models.Model) -> None:
    """Raises PublishBlocked naming each problem of each form that ``source`` holds."""
    messages = [
        _words(problem, held.content)
        for held in forms_of(source)
        for problem in structure_problems(held.content)
        if problem.is_error
    ]
    if messages:
        logger.warning("Publishing %s %s was blocked", source._meta.label, source.pk)
        raise PublishBlocked(messages, source=source)


def _words(problem: Problem, content: FormContent) -> str:
    title = content.definition["title"] or _("Lead form")
    return _("%(form)s: %(problem)s") % {"form": title, "problem": problem.message}
