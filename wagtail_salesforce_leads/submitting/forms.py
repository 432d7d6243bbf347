"""The Django form of a published form: made once a version, bound once a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.template.loader import select_template

from .fields import form_field
from .problems import ValueProblem
from .values import CHOICE_TYPES, convert

Json = dict[str, Any]

TEMPLATES = "wagtail_salesforce_leads/fields"

#: Problems that a visitor can put right by typing something else. The rest is the form's or the
#: mapping's fault: it turns nobody away, and the delivery says what is wrong.
REPAIRABLE = frozenset(
    ("too_long", "email", "url", "not_a_number", "number_too_large", "too_precise", "date")
)
#: Field types whose answers visitors choose or never see, and so cannot mistype.
NOT_TYPED = CHOICE_TYPES | {"hidden"}


class LeadFormField(forms.BoundField):
    """A field with the template of its type."""

    def as_field_group(self) -> str:
        """Label, help, errors and widget, by ``fields/<type>.html`` or ``fields/field.html``."""
        definition = self.form.definitions[self.name]
        template = select_template(
            [f"{TEMPLATES}/{definition['type']}.html", f"{TEMPLATES}/field.html"]
        )
        return template.render({"field": self, "definition": definition, "form": self.form})


class LeadFormBase(forms.Form):
    """What visitors answer. Answers are checked against the Lead properties they are mapped to."""

    bound_field_class = LeadFormField

    #: Path and query of the page it was filled in on, for one that is shown again.
    came_from = ""

    #: Set by :func:`form_class`: field key -> field, and -> its mapped rows.
    definitions: dict[str, Json] = {}
    mapped: dict[str, list[Mapping[str, Any]]] = {}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **{"label_suffix": "", **kwargs})

    def clean(self) -> Json:
        """Tell the visitor what Salesforce would refuse, while they can still change it."""
        answers = self.answers
        for key, rows in self.mapped.items():
            if key in answers:
                self._check_mapped(key, answers[key], rows)
        return self.cleaned_data

    @property
    def answers(self) -> Json:
        """The answers as submissions store them."""
        return {key: stored_answer(answer) for key, answer in self.cleaned_data.items()}

    def _check_mapped(self, key: str, answer: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        problems = (problem_to_repair(answer, self.definitions[key], row) for row in rows)
        if problem := next(filter(None, problems), None):
            self.add_error(key, forms.ValidationError(problem.message, code=problem.code))


def problem_to_repair(answer: Any, field: Json, row: Mapping[str, Any]) -> ValueProblem | None:
    """What keeps the answer from its mapped property, where the visitor can type another one."""
    if field["type"] in NOT_TYPED or not row.get("spec"):
        return None
    try:
        convert(answer, field, row["spec"], inverted=row.get("inverted", False))
    except ValueProblem as problem:
        return problem if problem.code in REPAIRABLE else None
    return None


def form_class(definition: Json, mapping: Sequence[Mapping[str, Any]] = ()) -> type[LeadFormBase]:
    """A form class for a version's definition and mapping."""
    definitions = {field["key"]: field for field in definition["fields"] if field["key"]}
    mapped = _mapped(definitions, mapping)
    form = type("LeadForm", (LeadFormBase,), {"definitions": definitions, "mapped": mapped})
    # Not as attributes: a key may be the name of one.
    form.base_fields = {key: form_field(field) for key, field in definitions.items()}
    return form


def _mapped(
    definitions: Mapping[str, Json], mapping: Sequence[Mapping[str, Any]]
) -> dict[str, list[Mapping[str, Any]]]:
    mapped: dict[str, list[Mapping[str, Any]]] = {}
    for row in mapping:
        field = definitions.get(row["value"]) if row["source"] == "field" else None
        if field:
            mapped.setdefault(field["key"], []).append(row)
    return mapped


def stored_answer(answer: Any) -> str | bool | list[str]:
    """Cleaned data of one field as submissions store it."""
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, (list, tuple)):
        return [str(item) for item in answer]
    if isinstance(answer, date):
        return answer.isoformat()
    return "" if answer is None else str(answer)
