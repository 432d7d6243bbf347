"""A page of wagtail.contrib.forms as plain data: what visitors answer, in this package's terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import models
from wagtail.contrib.forms.forms import FormBuilder

from wagtail_salesforce_leads.models import LeadFormVersion
from wagtail_salesforce_leads.publishing.definition import (
    FormContent,
    Json,
    integration_of,
    mapping_of,
)
from wagtail_salesforce_leads.submitting.forms import problem_to_repair, stored_answer
from wagtail_salesforce_leads.submitting.text import clean_answer
from wagtail_salesforce_leads.submitting.values import CHOICE_TYPES

#: Wagtail's field types -> ours. A developer's own type keeps its name and fits like a single line.
FIELD_TYPES = {
    "singleline": "single_line",
    "multiline": "multi_line",
    "multiselect": "multi_select",
    "datetime": "single_line",
}


def content_of_page(fields: Iterable[models.Model], salesforce: Mapping[str, Any]) -> FormContent:
    """``salesforce`` is a SalesforceIntegrationBlock's value, or empty."""
    definition = {
        "title": "",
        "fields": [field_of(field) for field in fields],
        "submit_label": "",
        "success_message": "",
        "thank_you_page": None,
    }
    return FormContent(definition, mapping_of(salesforce), integration_of(salesforce))


def name_of(field: models.Model) -> str:
    """The field's name in forms and stored data; a new field gets it when it is first saved."""
    return field.clean_name or field.get_field_clean_name()


def field_of(field: models.Model) -> Json:
    return {
        "key": name_of(field),
        "type": _type(field),
        "label": field.label,
        "help_text": field.help_text,
        "required": field.required,
        "default": field.default_value,
        "placeholder": "",
        "autocomplete": "",
        "choices": _choices(field),
        "limits": {},
    }


def answers_of(cleaned_data: Mapping[str, Any], keys: Iterable[str]) -> Json:
    """Cleaned data as submissions store answers."""
    stored = {key: stored_answer(cleaned_data[key]) for key in keys if key in cleaned_data}
    return {key: clean_answer(answer) for key, answer in stored.items()}


def tell_refusals(form: forms.Form, version: LeadFormVersion) -> None:
    """Adds an error to each field where another answer would fit its mapped property."""
    fields = {field["key"]: field for field in version.fields} if version.sync else {}
    answers = answers_of(form.cleaned_data, fields)
    for row in version.mapping:
        if row["source"] != "field" or row["value"] not in answers or form.has_error(row["value"]):
            continue
        key = row["value"]
        if problem := problem_to_repair(answers[key], fields[key], row):
            form.add_error(key, forms.ValidationError(problem.message, code=problem.code))


def _type(field: models.Model) -> str:
    return FIELD_TYPES.get(field.field_type, field.field_type)


def _choices(field: models.Model) -> list[Json]:
    if _type(field) not in CHOICE_TYPES:
        return []
    formatted = FormBuilder([]).get_formatted_field_choices(field)
    return [{"value": value, "label": label} for value, label in formatted if value]
