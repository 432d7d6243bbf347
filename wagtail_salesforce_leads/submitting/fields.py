"""The form field of each field type, and the place to add one's own.

A site's own field type, in its ``apps.py``::

    from django import forms
    from wagtail_salesforce_leads.blocks import common_arguments, register_field_type

    def postcode(field):
        return forms.RegexField(r"\\d{3}-?\\d{4}", **common_arguments(field))

    register_field_type("postcode", postcode, fits_like="single_line")

``field`` is the field as the published form knows it (``LeadFormVersion.definition``). Its markup
is ``wagtail_salesforce_leads/fields/postcode.html`` where a site has that template, else
``fields/field.html``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .numbers import number_of
from .problems import ValueProblem
from .values import FITS

Field = Mapping[str, Any]
Factory = Callable[[Field], forms.Field]

#: The greatest lengths of answers, unless a mapped property takes less.
LONGEST_LINE = 1000
LONGEST_TEXT = 32_000


def register(field_type: str, factory: Factory, *, fits_like: str = "single_line") -> None:
    """Add a field type, or replace one; it may be mapped where ``fits_like`` may be."""
    FACTORIES[field_type] = factory
    FITS[field_type] = FITS[fits_like]


def form_field(field: Field) -> forms.Field:
    """The Django form field for a field of a published form; an unknown type is a single line."""
    return FACTORIES.get(field["type"], single_line)(field)


def common(field: Field) -> dict[str, Any]:
    """The arguments that every form field takes."""
    return {
        "label": field["label"],
        "help_text": field.get("help_text", ""),
        "required": field.get("required", False),
        "initial": field.get("default", ""),
    }


def text(field: Field, longest: int = LONGEST_LINE) -> dict[str, Any]:
    """The arguments of a field that is typed into."""
    limit = field.get("limits", {}).get("max_length") or longest
    return {**common(field), "max_length": min(limit, longest)}


def attributes(field: Field, **more: Any) -> dict[str, Any]:
    """The HTML attributes of the widget: placeholder, autocomplete and ``more``, where filled."""
    named = {"placeholder": field.get("placeholder"), "autocomplete": field.get("autocomplete")}
    return {name: value for name, value in {**named, **more}.items() if value}


def choices(field: Field) -> list[tuple[str, str]]:
    return [(choice["value"], choice["label"]) for choice in field.get("choices", ())]


class TelInput(forms.TextInput):
    input_type = "tel"


class NumberField(forms.CharField):
    """A number as text, so that full-width digits and long decimals arrive as they were typed."""

    def __init__(self, *, limits: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limits = limits

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return format(_number(typed), "f") if typed else ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            self._check_range(Decimal(value))

    def _check_range(self, number: Decimal) -> None:
        least, most = self.limits.get("min"), self.limits.get("max")
        if least is not None and number < Decimal(least):
            raise ValidationError(_("Enter %(least)s or more."), params={"least": least})
        if most is not None and number > Decimal(most):
            raise ValidationError(_("Enter %(most)s or less."), params={"most": most})


def _number(typed: str) -> Decimal:
    try:
        return number_of(typed)
    except ValueProblem as problem:
        raise ValidationError(problem.message, code=problem.code) from None


def single_line(field: Field) -> forms.Field:
    return forms.CharField(**text(field), widget=forms.TextInput(attributes(field)))


def multi_line(field: Field) -> forms.Field:
    widget = forms.Textarea(attributes(field, rows=6))
    return forms.CharField(**text(field, LONGEST_TEXT), widget=widget)


def email(field: Field) -> forms.Field:
    return forms.EmailField(**text(field, 254), widget=forms.EmailInput(attributes(field)))


def phone(field: Field) -> forms.Field:
    return forms.CharField(**text(field, 40), widget=TelInput(attributes(field)))


def number(field: Field) -> forms.Field:
    widget = forms.TextInput(attributes(field, inputmode="decimal"))
    return NumberField(**text(field, 60), limits=field.get("limits", {}), widget=widget)


def url(field: Field) -> forms.Field:
    """As text to the browser: ``type=url`` would refuse "example.com" before we can complete it."""
    widget = forms.TextInput(attributes(field, inputmode="url"))
    return forms.URLField(**text(field, 2000), assume_scheme="https", widget=widget)


def checkbox(field: Field) -> forms.Field:
    return forms.BooleanField(**{**common(field), "initial": bool(field.get("default"))})


def consent(field: Field) -> forms.Field:
    """Never ticked beforehand, whatever the editor left as its default."""
    return forms.BooleanField(**{**common(field), "initial": False})


def checkboxes(field: Field) -> forms.Field:
    return forms.MultipleChoiceField(
        **common(field), choices=choices(field), widget=forms.CheckboxSelectMultiple
    )


def multi_select(field: Field) -> forms.Field:
    return forms.MultipleChoiceField(**common(field), choices=choices(field))


def dropdown(field: Field) -> forms.Field:
    widget = forms.Select(attributes(field))
    blank = ("", field.get("placeholder") or _("Please choose"))
    return forms.ChoiceField(**common(field), choices=[blank, *choices(field)], widget=widget)


def radio(field: Field) -> forms.Field:
    return forms.ChoiceField(**common(field), choices=choices(field), widget=forms.RadioSelect)


def date(field: Field) -> forms.Field:
    widget = forms.DateInput({**attributes(field), "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(**common(field), input_formats=["%Y-%m-%d", "%Y/%m/%d"], widget=widget)


class HiddenField(forms.CharField):
    """Nobody sees it, so nothing about it may turn a visitor away: what no script of a site would
    put there is cut."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> str:
        return super().to_python(value)[:LONGEST_TEXT]


def hidden(field: Field) -> forms.Field:
    return HiddenField(**{**common(field), "required": False})


FACTORIES: dict[str, Factory] = {
    "single_line": single_line,
    "multi_line": multi_line,
    "email": email,
    "phone": phone,
    "number": number,
    "url": url,
    "checkbox": checkbox,
    "consent": consent,
    "checkboxes": checkboxes,
    "multi_select": multi_select,
    "dropdown": dropdown,
    "radio": radio,
    "date": date,
    "hidden": hidden,
}
