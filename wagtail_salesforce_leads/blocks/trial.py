"""Trying a form out: what its example answers would make in Salesforce, and a test lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail_salesforce_leads.models import LeadForm, LeadSubmission
from wagtail_salesforce_leads.orgs.schema import Schema
from wagtail_salesforce_leads.publishing.definition import choices_of
from wagtail_salesforce_leads.submitting.payload import build_lead
from wagtail_salesforce_leads.submitting.problems import LeadProblems
from wagtail_salesforce_leads.submitting.store import store

from .examples import example_answers, example_context
from .mapping import Row, tidy_rows
from .words import CONTEXTS

Json = dict[str, Any]


def dry_run(panel: Mapping[str, Any], schema: Schema) -> Json:
    """What ``panel``, the state of the editor's screen, would send now.

    Gives {"lead": [{"name", "label", "value"}], "member": {"campaign", "status"} or None,
    "problems": [text]}.
    """
    fields = tidy_fields(panel.get("fields"))
    rows = [_with_spec(row, schema) for row in tidy_rows(panel.get("mapping")) if row["property"]]
    answers = example_answers(fields, _specs(rows))
    problems: list[str] = []
    try:
        source = str(panel.get("lead_source") or "")
        lead = build_lead({"fields": fields}, rows, answers, example_context(CONTEXTS), source)
    except LeadProblems as found:
        lead = {}
        problems = [
            f"{_label(name, schema)}: {problem.message}" for name, problem in found.problems
        ]
    shown = [
        {"name": name, "label": _label(name, schema), "value": value}
        for name, value in lead.items()
    ]
    return {"lead": shown, "member": _member(panel), "problems": problems}


def tidy_fields(fields: Any) -> list[Json]:
    """Fields with all that an example needs; whatever is not a field is left out."""
    if not isinstance(fields, list):
        return []
    return [_tidy_field(field) for field in fields if isinstance(field, dict)]


def _tidy_field(field: Mapping[str, Any]) -> Json:
    choices = field.get("choices")
    texts = {name: str(field.get(name) or "") for name in ("key", "type", "label", "default")}
    return {**texts, "choices": choices_of(choices if isinstance(choices, list) else ())}


def send_test_lead(form: LeadForm) -> LeadSubmission:
    """Put the example answers to the published form into its org, marked as a test."""
    version = form.current_version
    specs = _specs(version.mapping)
    return store(
        version,
        example_answers(version.fields, specs),
        example_context(CONTEXTS),
        is_test=True,
        source=(form.content_type.model_class()._meta.label_lower, form.object_id),
    )


def _with_spec(row: Row, schema: Schema) -> Json:
    found = schema.properties.get(row["property"])
    return {**row, "spec": found.as_json() if found else None}


def _specs(rows: Iterable[Mapping[str, Any]]) -> dict[str, Json]:
    return {row["value"]: row["spec"] for row in rows if row["source"] == "field" and row["spec"]}


def _label(name: str, schema: Schema) -> str:
    found = schema.properties.get(name)
    return found.label if found else name


def _member(panel: Mapping[str, Any]) -> Json | None:
    campaign = panel.get("campaign")
    if not isinstance(campaign, dict) or not campaign.get("id"):
        return None
    return {"campaign": campaign.get("name", ""), "status": panel.get("lead_status") or ""}
