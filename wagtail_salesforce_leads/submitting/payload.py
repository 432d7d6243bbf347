"""Answers into the Lead that Salesforce gets. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .problems import LeadProblems, ValueProblem
from .values import LEFT_OUT, convert

Json = dict[str, Any]
Row = Mapping[str, Any]

LEAD_SOURCE = "LeadSource"


def build_lead(
    definition: Json,
    mapping: Sequence[Row],
    answers: Mapping[str, Any],
    context: Mapping[str, str],
    lead_source: str = "",
) -> Json:
    """Property API name -> JSON value. What is not mapped, or blank and optional, is not in it.

    ``definition`` and ``mapping`` are a form version's; ``answers`` and ``context`` a submission's.
    ``lead_source`` goes where no mapped row fills LeadSource. Raises LeadProblems naming every
    property that cannot take its value.
    """
    fields = {field["key"]: field for field in definition["fields"]}
    lead: Json = {LEAD_SOURCE: lead_source} if lead_source else {}
    problems: list[tuple[str, ValueProblem]] = []
    for row in mapping:
        try:
            value = _value(row, fields, answers, context)
        except ValueProblem as problem:
            problems.append((row["property"], problem))
        else:
            if value is not LEFT_OUT:
                lead[row["property"]] = value
    if problems:
        raise LeadProblems(problems)
    return lead


def _value(row: Row, fields: Json, answers: Mapping[str, Any], context: Mapping[str, str]) -> Any:
    if row["source"] == "context":
        return _context_value(row, context)
    if row["source"] == "constant":
        return convert(row["value"], {}, row.get("spec"), inverted=row.get("inverted", False))
    if row["value"] not in fields:
        return LEFT_OUT
    field = fields[row["value"]]
    answer = answers.get(field["key"])
    return convert(answer, field, row.get("spec"), inverted=row.get("inverted", False))


def _context_value(row: Row, context: Mapping[str, str]) -> Any:
    """Where a visitor came from never costs a lead: what does not fit is cut or left out."""
    text, spec = context.get(row["value"], ""), row.get("spec")
    try:
        return convert(text, {}, spec)
    except ValueProblem as problem:
        return _cut(text, spec) if problem.code == "too_long" else LEFT_OUT


def _cut(text: str, spec: Mapping[str, Any]) -> Any:
    """As much of ``text`` as the property holds; an address loses its query, or it goes."""
    shorter = text.partition("?")[0] if spec["type"] == "url" else text[: spec["max_length"]]
    try:
        return convert(shorter, {}, spec)
    except ValueProblem:
        return LEFT_OUT
