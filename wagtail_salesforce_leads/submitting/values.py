"""One answer into one JSON value for one Lead property. Pure.

Never a silent change of meaning: what a property cannot hold is a ``ValueProblem``. The formats
are Salesforce's (REST API Guide and SOAP API Guide v67; object field reference for lengths).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from wagtail_salesforce_leads.salesforce.describe import PropertyType

from .numbers import json_number
from .problems import ValueProblem
from .text import clean_line, clean_text

Field = Mapping[str, Any]
Spec = Mapping[str, Any]


class LeftOut:
    """The property is not sent, so that Salesforce's own default stays."""

    def __repr__(self) -> str:
        return "LEFT_OUT"

    def __bool__(self) -> bool:
        return False


LEFT_OUT: Final = LeftOut()

AREAS = frozenset({PropertyType.TEXT_AREA, PropertyType.LONG_TEXT, PropertyType.RICH_TEXT})
TEXTS = AREAS | {PropertyType.TEXT, PropertyType.ENCRYPTED_TEXT}
NUMBERS = frozenset({PropertyType.NUMBER, PropertyType.CURRENCY, PropertyType.PERCENT})
PICKLISTS = frozenset({PropertyType.PICKLIST, PropertyType.MULTI_PICKLIST})
YES_OR_NO = frozenset({PropertyType.CHECKBOX})
ANY = frozenset(PropertyType)

#: Field types whose visitors choose from a list, and those of them that take several choices.
SEVERAL_CHOICES = frozenset({"checkboxes", "multi_select"})
CHOICE_TYPES = SEVERAL_CHOICES | {"dropdown", "radio"}

#: Field type -> the property types it can fill. Constants and context values count as types here.
FITS: dict[str, frozenset[PropertyType]] = {
    "single_line": TEXTS | {PropertyType.EMAIL, PropertyType.PHONE, PropertyType.URL},
    "multi_line": AREAS,
    "email": TEXTS | {PropertyType.EMAIL},
    "phone": TEXTS | {PropertyType.PHONE},
    "url": TEXTS | {PropertyType.URL},
    "number": TEXTS | NUMBERS,
    "date": TEXTS | {PropertyType.DATE},
    "checkbox": YES_OR_NO,
    "consent": YES_OR_NO,
    "checkboxes": TEXTS | YES_OR_NO | {PropertyType.MULTI_PICKLIST},
    "multi_select": TEXTS | {PropertyType.MULTI_PICKLIST},
    "dropdown": TEXTS | PICKLISTS | NUMBERS | YES_OR_NO,
    "radio": TEXTS | PICKLISTS | NUMBERS | YES_OR_NO,
    "hidden": ANY,
    "constant": ANY,
    "context": TEXTS | {PropertyType.URL, PropertyType.PICKLIST},
}

#: Django's rule allows quoted and international addresses; Salesforce takes neither.
EMAIL = re.compile(
    r"(?!\.)(?!.*\.\.)[a-z0-9.!#$%&'*/=?^_+\-`{|}~]{1,64}(?<!\.)"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
URL_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.ASCII | re.IGNORECASE)
#: Salesforce's own range of dates.
FIRST_DATE, LAST_DATE = date(1700, 1, 1), date(4000, 12, 31)
MOST_CHOICES = 100
TRUTH = {"true": True, "false": False}

#: What Salesforce takes of a type, whatever the describe says.
LENGTHS = {PropertyType.PHONE: 40, PropertyType.EMAIL: 80, PropertyType.URL: 255}


def fits(field_type: str, property_type: PropertyType | str) -> bool:
    """Whether answers of ``field_type`` may be mapped to ``property_type``.

    A type that is not known here is a developer's own and fits what a single line fits, unless
    ``fields.register`` said otherwise.
    """
    return PropertyType(property_type) in FITS.get(field_type, FITS["single_line"])


def convert(answer: Any, field: Field, spec: Spec | None, *, inverted: bool = False) -> Any:
    """The JSON value that ``answer`` is for the property, or ``LEFT_OUT`` for a blank one.

    ``answer`` is as submissions store it; ``spec`` is ``LeadProperty.as_json()``, or None when the
    org's schema was not known: then the answer goes as it is. Raises ValueProblem.
    """
    if spec is None:
        return _as_it_is(answer, inverted)
    return CONVERTERS[PropertyType(spec["type"])](answer, field, spec, inverted)


def lookalike(text: str) -> str:
    """``text`` as people compare it: width, case and space do not count. For suggestions only."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def size(text: str, property_type: PropertyType | str) -> int:
    """The length of ``text`` as Salesforce may count it.

    UTF-16 units; multi-line properties may be measured with their markup escaped and their line
    breaks doubled (Salesforce Help 000382141).
    """
    if PropertyType(property_type) in AREAS - {PropertyType.RICH_TEXT}:
        text = html.escape(text, quote=False).replace("\n", "\r\n")
    return len(text.encode("utf-16-le", "replace")) // 2


def max_length(spec: Spec) -> int:
    """The most characters that the property takes; 0 means no limit."""
    limits = (spec.get("max_length"), LENGTHS.get(PropertyType(spec["type"])))
    return min(filter(None, limits), default=0)


def _as_it_is(answer: Any, inverted: bool) -> Any:
    if isinstance(answer, bool):
        return answer != inverted
    return _joined(answer) or LEFT_OUT


def _joined(answer: Any) -> str:
    """The answer as one text; several choices are set apart the way a person would."""
    if isinstance(answer, bool):
        raise _does_not_fit()
    if isinstance(answer, list):
        return "; ".join(filter(None, (clean_line(str(item)) for item in answer)))
    return clean_text("" if answer is None else str(answer)).strip()


def _line(answer: Any, spec: Spec) -> str:
    return _measured(clean_line(_joined(answer)), spec)


def _measured(text: str, spec: Spec) -> str:
    limit = max_length(spec)
    if limit and size(text, spec["type"]) > limit:
        raise ValueProblem(
            "too_long", _("Enter a shorter text: at most %(limit)s characters."), limit=limit
        )
    return text


def _to_text(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    return _line(answer, spec) or LEFT_OUT


def _to_area(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    return _measured(_joined(answer), spec) or LEFT_OUT


def _to_rich_text(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    """Shown as HTML in Salesforce, so what a visitor typed is escaped; the markup counts."""
    escaped = html.escape(_joined(answer), quote=False).replace("\n", "<br>")
    return _measured(escaped, spec) or LEFT_OUT


def _to_email(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    text = _line(answer, spec)
    if text and not EMAIL.fullmatch(text):
        raise ValueProblem("email", _("Enter an e-mail address such as name@example.com."))
    return text or LEFT_OUT


def _to_url(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    """Salesforce makes a link of it, so only web addresses, with or without their scheme."""
    text = _line(answer, spec)
    scheme = URL_SCHEME.match(text)
    is_host_and_port = scheme and text[scheme.end() : scheme.end() + 1].isdigit()
    if scheme and scheme[0].lower() not in ("http:", "https:") and not is_host_and_port:
        raise ValueProblem("url", _("Enter a web address that begins with https://."))
    return text or LEFT_OUT


def _to_number(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    text = _joined(answer)
    return json_number(text, spec) if text else LEFT_OUT


def _to_date(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    text = _joined(answer)
    if text and not _is_date(text):
        raise ValueProblem("date", _("Enter a date between the years 1700 and 4000."))
    return text or LEFT_OUT


def _is_date(text: str) -> bool:
    if not ISO_DATE.fullmatch(text):
        return False
    try:
        return FIRST_DATE <= date.fromisoformat(text) <= LAST_DATE
    except ValueError:
        return False


def _to_picklist(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    if isinstance(answer, list) and len(answer) > 1:
        raise _does_not_fit()
    text = _line(answer, spec)
    return _allowed(text, spec) if text else LEFT_OUT


def _to_multi_picklist(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    """One text joined by semicolons, at most 100 values (TOO_MANY_ENUM_VALUE)."""
    answers = answer if isinstance(answer, list) else [_joined(answer)]
    values = list(dict.fromkeys(filter(None, (clean_line(str(item)) for item in answers))))
    if any(";" in value for value in values):
        raise ValueProblem("semicolon", _("A choice that holds a semicolon cannot be sent."))
    if len(values) > MOST_CHOICES:
        raise ValueProblem("too_many", _("Choose at most %(most)s."), most=MOST_CHOICES)
    return _measured(";".join(_allowed(value, spec) for value in values), spec) or LEFT_OUT


def _allowed(value: str, spec: Spec) -> str:
    """Restricted picklists are compared exactly, as Salesforce does."""
    if spec.get("restricted") and value not in {choice["value"] for choice in spec["choices"]}:
        raise ValueProblem("choice", _("Salesforce does not have this choice."))
    return value


def _to_checkbox(answer: Any, field: Field, spec: Spec, inverted: bool) -> Any:
    """True or false. A group of one choice labelled true or false sends what its label says when
    ticked, and the opposite when not."""
    if isinstance(answer, bool):
        return answer != inverted
    if isinstance(answer, list):
        return (_truth(_only_choice(field)) == bool(answer)) != inverted
    text = _joined(answer)
    return _truth(_label(text, field)) != inverted if text else LEFT_OUT


def _only_choice(field: Field) -> str:
    choices = field.get("choices") or ()
    if len(choices) != 1:
        raise ValueProblem(
            "one_choice", _("A group of checkboxes needs exactly one choice to be true or false.")
        )
    return choices[0].get("label") or choices[0]["value"]


def _label(value: str, field: Field) -> str:
    labels = {choice["value"]: choice.get("label") for choice in field.get("choices") or ()}
    return labels.get(value) or value


def _truth(label: str) -> bool:
    try:
        return TRUTH[lookalike(label)]
    except KeyError:
        raise ValueProblem("truth", _("Only “true” or “false” can be sent here.")) from None


def _does_not_fit() -> ValueProblem:
    return ValueProblem("does_not_fit", _("This answer does not fit the Salesforce property."))


Converter = Callable[[Any, Field, Spec, bool], Any]

CONVERTERS: dict[PropertyType, Converter] = {
    PropertyType.TEXT: _to_text,
    PropertyType.ENCRYPTED_TEXT: _to_text,
    PropertyType.PHONE: _to_text,
    PropertyType.TEXT_AREA: _to_area,
    PropertyType.LONG_TEXT: _to_area,
    PropertyType.RICH_TEXT: _to_rich_text,
    PropertyType.EMAIL: _to_email,
    PropertyType.URL: _to_url,
    PropertyType.NUMBER: _to_number,
    PropertyType.PERCENT: _to_number,
    PropertyType.CURRENCY: _to_number,
    PropertyType.DATE: _to_date,
    PropertyType.PICKLIST: _to_picklist,
    PropertyType.MULTI_PICKLIST: _to_multi_picklist,
    PropertyType.CHECKBOX: _to_checkbox,
}
