"""Whether a field's choices are ones that its picklist, or other property, can take. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..salesforce.describe import LeadProperty, PropertyType
from ..submitting.problems import ValueProblem
from ..submitting.values import convert, size
from .definition import Json
from .problem import Path, Problem, Severity

CHOICE_TYPES = frozenset({"dropdown", "radio", "checkboxes", "multi_select"})
SEVERAL_CHOICES = frozenset({"checkboxes", "multi_select"})
PICKLISTS = frozenset({PropertyType.PICKLIST, PropertyType.MULTI_PICKLIST})
LISTED_CHOICES = 5


def choice_problems(field: Json, spec: LeadProperty, path: Path) -> Iterator[Problem]:
    """``path`` is that of the mapping row. Restricted picklists are compared exactly (S15)."""
    values = [choice["value"] for choice in field["choices"]]
    if spec.type in PICKLISTS and spec.restricted:
        yield from _differing_choices(values, spec, path)
    else:
        yield from _refused_choices(field, values, spec, path)


def _differing_choices(values: list[str], spec: LeadProperty, path: Path) -> Iterator[Problem]:
    known = [choice.value for choice in spec.choices]
    if foreign := [value for value in values if value not in known]:
        yield Problem(
            "choices_unknown",
            path,
            _("Salesforce's %(property)s does not have: %(choices)s. Use Salesforce's choices."),
            {"property": spec.label, "choices": _listed(foreign)},
        )
    elif missing := [value for value in known if value not in values]:
        yield Problem(
            "choices_fewer",
            path,
            _("Salesforce's %(property)s also has: %(choices)s. Visitors cannot choose them here."),
            {"property": spec.label, "choices": _listed(missing)},
            Severity.WARNING,
        )


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


def _listed(choices: list[str]) -> str:
    shown = ", ".join(f"“{choice}”" for choice in choices[:LISTED_CHOICES])
    return f"{shown}, …" if len(choices) > LISTED_CHOICES else shown
