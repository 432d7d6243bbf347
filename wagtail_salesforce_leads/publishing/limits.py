"""What a mapped property asks of an answer, told to the public form. Pure."""

from __future__ import annotations

from decimal import Decimal

from wagtail_salesforce_leads.salesforce.describe import LeadProperty, PropertyType
from wagtail_salesforce_leads.submitting.numbers import decimal_places, integer_digits
from wagtail_salesforce_leads.submitting.values import NUMBERS, PICKLISTS, TEXTS, max_length

from .definition import Json

TYPED_IN = frozenset({"single_line", "multi_line", "email", "phone", "url", "hidden"})
LINES = TEXTS | {PropertyType.EMAIL, PropertyType.PHONE, PropertyType.URL}


def limited(field: Json, specs: list[LeadProperty]) -> Json:
    """The field with the limits of all properties that it is mapped to."""
    limits: Json = dict(field["limits"])
    for spec in specs:
        limits = _tightest(limits, limits_of(field, spec))
    return {**field, "limits": limits}


def limits_of(field: Json, spec: LeadProperty) -> Json:
    """{"max_length", "min", "max", "scale", "email", "choices_only"}, each only where it counts."""
    if spec.type in NUMBERS and field["type"] == "number":
        return _range(spec)
    limits: Json = {}
    if spec.type in LINES and field["type"] in TYPED_IN and (length := max_length(spec.as_json())):
        limits["max_length"] = length
    if spec.type is PropertyType.EMAIL:
        limits["email"] = True
    if spec.type in PICKLISTS and spec.restricted:
        limits["choices_only"] = [choice.value for choice in spec.choices]
    return limits


def _range(spec: LeadProperty) -> Json:
    scale = decimal_places(spec.as_json())
    largest = Decimal(10) ** integer_digits(spec.as_json()) - Decimal(1).scaleb(-scale)
    return {"min": str(-largest), "max": str(largest), "scale": scale}


def _tightest(one: Json, other: Json) -> Json:
    both = {**one, **other}
    for name, tighter in (("max_length", min), ("scale", min)):
        if name in one and name in other:
            both[name] = tighter(one[name], other[name])
    if "max" in one and "max" in other:
        both["max"] = min(one["max"], other["max"], key=Decimal)
        both["min"] = max(one["min"], other["min"], key=Decimal)
    if "choices_only" in one and "choices_only" in other:
        both["choices_only"] = [c for c in one["choices_only"] if c in other["choices_only"]]
    return both
