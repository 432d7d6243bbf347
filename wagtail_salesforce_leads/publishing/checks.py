"""Whether a form can work: on its own, and against what its org says of itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_salesforce_leads.salesforce.describe import LeadProperty
from wagtail_salesforce_leads.submitting.payload import LEAD_SOURCE
from wagtail_salesforce_leads.submitting.problems import ValueProblem
from wagtail_salesforce_leads.submitting.values import CHOICE_TYPES, convert, fits

from .choices import choice_problems
from .definition import FormContent, Json
from .destination import campaign_problems, lead_source_problems
from .problem import ACCOUNT, MAPPING, Path, Problem, Severity, property_gone

EMAIL = "Email"

#: The panel says the same while one edits.
REQUIRED_UNFILLED = _(
    "%(property)s is required in Salesforce and nothing fills it. "
    "Map a required field or add a constant."
)
REQUIRED_OPTIONAL = _(
    "%(property)s is required in Salesforce, but visitors may leave it empty: "
    "such leads are refused. Make the form field required."
)
DEPENDENT = _(
    "The choices of %(property)s depend on another property (%(controller)s), "
    "which a form cannot follow. Choose another property."
)
EMAIL_UNMAPPED = _("Map a form field to Salesforce's e-mail property, Email.")

#: What a page's visit always has; the other context values may be blank.
ALWAYS_THERE = frozenset({"page_title", "page_url", "language"})


def structure_problems(content: FormContent) -> list[Problem]:
    """The problems that show without Salesforce; with Lead sync off, only those of the fields."""
    problems = chain(_key_problems(content), _field_problems(content))
    if content.integration.sync:
        problems = chain(
            problems,
            _setting_problems(content),
            _row_problems(content),
            _repeated_properties(content),
            _email_problems(content),
        )
    return list(problems)


def schema_problems(content: FormContent, schema: Any) -> list[Problem]:
    """What the org's ``orgs.schema.Schema`` says against the form; nothing while it is unknown."""
    if not content.integration.sync or not schema.is_known:
        return []
    return [
        *_required_problems(content, schema.properties),
        *_mapped_problems(content, schema.properties),
        *lead_source_problems(content, schema.properties),
        *campaign_problems(content, schema.campaigns),
    ]


def _key_problems(content: FormContent) -> Iterator[Problem]:
    seen = set()
    for place, field in enumerate(content.fields):
        path = ("fields", place, "key")
        if not field["key"]:
            yield Problem("key_missing", path, _("This field has no key. Save the page again."))
        elif field["key"] in seen:
            yield Problem(
                "key_repeated",
                path,
                _("Another field has the same key. Remove this field and add it anew."),
            )
        seen.add(field["key"])


def _field_problems(content: FormContent) -> Iterator[Problem]:
    for place, field in enumerate(content.fields):
        if not field["label"] and field["type"] != "hidden":
            words = _("Give this field a label, so that visitors know what to enter.")
            yield Problem("label_missing", ("fields", place, "label"), words)
        if not field["choices"] and field["type"] in CHOICE_TYPES:
            words = _("Add at least one choice.")
            yield Problem("choices_missing", ("fields", place, "choices"), words)


def _setting_problems(content: FormContent) -> Iterator[Problem]:
    if not content.fields:
        yield Problem("no_fields", ("fields",), _("Add at least one form field."))
    if not content.integration.account:
        yield Problem(
            "no_account", ACCOUNT, _("Choose the account, or switch Lead sync off for this form.")
        )


def _row_problems(content: FormContent) -> Iterator[Problem]:
    for place, row in enumerate(content.mapping):
        if problem := _row_problem(row, content):
            code, words = problem
            yield Problem(code, (*MAPPING, place), words)


def _row_problem(row: Json, content: FormContent) -> tuple[str, Any] | None:
    if row["source"] == "field":
        if row["property"] and content.field_by_key(row["value"]) is None:
            return "field_gone", _("This form field no longer exists. Remove the row.")
        return None
    if row["source"] not in ("constant", "context"):
        return "row_incomplete", _("Choose what is sent, or remove the row.")
    if not row["value"]:
        return "value_missing", _("Say what is sent, or remove the row.")
    if not row["property"]:
        return "property_missing", _("Choose a Salesforce property, or remove the row.")
    return None


def _repeated_properties(content: FormContent) -> Iterator[Problem]:
    seen = {LEAD_SOURCE} if content.integration.lead_source else set()
    for place, row in enumerate(content.mapping):
        if row["property"] and row["property"] in seen:
            yield Problem(
                "property_repeated",
                (*MAPPING, place),
                _("%(property)s is filled twice. Keep one and set the other to “Not sent”."),
                {"property": row["property"]},
            )
        seen.add(row["property"])


def _email_problems(content: FormContent) -> Iterator[Problem]:
    if not any(row["property"] == EMAIL for row in content.mapping):
        yield Problem("email_unmapped", MAPPING, EMAIL_UNMAPPED)


def _required_problems(
    content: FormContent, properties: dict[str, LeadProperty]
) -> Iterator[Problem]:
    rows = {row["property"]: row for row in content.mapping}
    for name, spec in properties.items():
        if not spec.required or (name == LEAD_SOURCE and content.integration.lead_source):
            continue
        if name not in rows:
            yield Problem(
                "required_unfilled",
                MAPPING,
                REQUIRED_UNFILLED,
                {"property": spec.label},
            )
        elif not _always_fills(rows[name], content):
            yield Problem(
                "required_optional",
                (*MAPPING, content.mapping.index(rows[name])),
                REQUIRED_OPTIONAL,
                {"property": spec.label},
                Severity.WARNING,
            )


def _always_fills(row: Json, content: FormContent) -> bool:
    if row["source"] == "constant":
        return True
    if row["source"] == "context":
        return row["value"] in ALWAYS_THERE
    field = content.field_by_key(row["value"])
    if field is None or field["required"]:
        return True
    return field["type"] == "hidden" and bool(field["default"])


def _mapped_problems(
    content: FormContent, properties: dict[str, LeadProperty]
) -> Iterator[Problem]:
    for place, row in enumerate(content.mapping):
        if not row["property"]:
            continue
        path = (*MAPPING, place)
        spec = properties.get(row["property"])
        if spec is None:
            yield property_gone(path, row["property"])
        elif spec.controller:
            yield Problem(
                "property_dependent",
                path,
                DEPENDENT,
                {"property": spec.label, "controller": spec.controller},
            )
        else:
            yield from _source_problems(row, spec, content, path)


def _source_problems(
    row: Json, spec: LeadProperty, content: FormContent, path: Path
) -> Iterator[Problem]:
    if row["source"] == "constant":
        yield from _constant_problems(row, spec, path)
        return
    field = content.field_by_key(row["value"]) if row["source"] == "field" else None
    if row["source"] == "field" and field is None:
        return
    if not fits(field["type"] if field else "context", spec.type):
        yield Problem(
            "type_misfit",
            path,
            _("This cannot fill %(property)s, which is of another type. Choose another property."),
            {"property": spec.label},
        )
    elif field is not None and field["type"] in CHOICE_TYPES:
        yield from choice_problems(field, spec, path)


def _constant_problems(row: Json, spec: LeadProperty, path: Path) -> Iterator[Problem]:
    try:
        convert(row["value"], {}, spec.as_json(), inverted=row["inverted"])
    except ValueProblem as problem:
        yield Problem(
            "constant_refused",
            path,
            _("%(property)s cannot take this text. %(cause)s"),
            {"property": spec.label, "cause": problem.message},
        )
