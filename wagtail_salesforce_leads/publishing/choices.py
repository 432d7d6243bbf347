"""Whether a field's choices are ones that its picklist, or other property, can take. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from wagtail_salesforce_leads.salesforce.describe import LeadProperty
from wagtail_salesforce_leads.submitting.problems import ValueProblem
from wagtail_salesforce_leads.submitting.values import PICKLISTS, SEVERAL_CHOICES, convert, size

from .definition import Json
from .problem import Path, Problem, Severity

LISTED_CHOICES = 5

#: How a field's choices differ from its picklist's; the panel says the same while one edits.
UNKNOWN = _("Not in Salesforce's %(property)s: %(choices)s (%(count)s).")
UNKNOWN_AND_FEWER = _(
    "Not in Salesforce's %(property)s: %(choices)s (%(count)s). Not in the form: %(fewer)s."
)
FEWER = _("Choices of Salesforce's %(property)s that are not in the form: %(fewer)s.")
TAKE = _("Use Salesforce's choices.")
QUOTED, COMMA, MORE = _("“%(value)s”"), _(", "), "…"


def choice_problems(field: Json, spec: LeadProperty, path: Path) -> Iterator[Problem]:
    """``path`` is that of the mapping row. Restricted picklists are compared exactly (S15)."""
    values = [choice["value"] for choice in field["choices"]]
    if spec.type in PICKLISTS and spec.restricted:
        yield from _differing_choices(values, spec, path)
    else:
        yield from _refused_choices(field, values, spec, path)


def _differing_choices(values: list[str], spec: LeadProperty, path: Path) -> Iterator[Problem]:
    known = [choice.value for choice in spec.choices]
    foreign = [value for value in values if value not in known]
    fewer = sum(value not in values for value in known)
    said = {"property": spec.label, "count": len(foreign), "fewer": fewer}
    if foreign:
        words = format_lazy("{} {}", UNKNOWN_AND_FEWER if fewer else UNKNOWN, TAKE)
        yield Problem("choices_unknown", path, words, {**said, "choices": _listed(foreign)})
    elif fewer:
        yield Problem("choices_fewer", path, FEWER, said, Severity.WARNING)


def _refused_choices(
    field: Json, values: list[str], spec: LeadProperty, path: Path
) -> Iterator[Problem]:
    several = field["type"] in SEVERAL_CHOICES
    for value in values:
        try:
            convert([value] if several else value, field, spec.as_json())
        except ValueProblem as problem:
            yield Problem(
                "choice_refused",
                path,
                _("%(property)s cannot take the choice “%(choice)s”. %(cause)s"),
                {"property": spec.label, "choice": value, "cause": problem.message},
            )
            return
    if several and 0 < spec.max_length < size("; ".join(values), spec.type):
        yield Problem(
            "choices_too_long",
            path,
            _("All choices together are longer than %(property)s holds (%(limit)s characters)."),
            {"property": spec.label, "limit": spec.max_length},
            Severity.WARNING,
        )


def _list_now(choices: list[str]) -> str:
    shown = [QUOTED % {"value": choice} for choice in choices[:LISTED_CHOICES]]
    return str(COMMA).join(shown) + (MORE if len(choices) > LISTED_CHOICES else "")


#: Evaluated when it is read, in the reader's language, like the sentence around it.
_listed = lazy(_list_now, str)
