"""After publishing: what works, but may cost leads."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import DraftStateMixin

from .contents import forms_of, holders
from .editing import edited_site
from .problems import problems_in


def warn_after_publish(request: HttpRequest, source: models.Model) -> None:
    """Tells the editor the warnings about each form that ``source`` holds."""
    if type(source) not in holders():
        return
    for held in forms_of(source):
        title = held.content.definition["title"] or _("Lead form")
        for problem in problems_in(held.content, edited_site()):
            if not problem.is_error:
                words = {"form": title, "problem": problem.message}
                messages.warning(request, _("%(form)s: %(problem)s") % words)


def warn_after_save(request: HttpRequest, snippet: models.Model) -> None:
    """As :func:`warn_after_publish`, for snippets without drafts: saving them publishes them."""
    if not isinstance(snippet, DraftStateMixin):
        warn_after_publish(request, snippet)
