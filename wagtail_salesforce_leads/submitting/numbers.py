"""A written number into the JSON number that a Lead property can hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from .problems import ValueProblem

#: Salesforce numbers have at most 18 digits; anything far beyond is refused before arithmetic.
MOST_DIGITS = 18
ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)
#: Full-width forms as a Japanese keyboard makes them, and the true minus. Not NFKC: it would
#: turn 10² into 102.
HALF_WIDTH = {0x2212: "-"} | {0xFF01 + n: chr(0x21 + n) for n in range(0x5E)}
#: No thousands separators: whether "1,500" is 1500 or 1.5 depends on who wrote it.
PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE)


def number_of(text: str) -> Decimal:
    """The number that ``text`` writes, full-width digits included. Raises ValueProblem."""
    plain = text.translate(HALF_WIDTH).strip()
    if not PLAIN_NUMBER.fullmatch(plain):
        raise ValueProblem("not_a_number", _("Enter a number."))
    return Decimal(plain)


def json_number(text: str, spec: Mapping[str, Any]) -> int | float:
    """``text`` as a JSON number, rounded half up to the property's decimal places.

    Salesforce would cut further decimals silently and refuse further integer digits
    (SOAP API Guide v67, precision and scale). Raises ValueProblem.
    """
    number = number_of(text)
    if number.adjusted() >= MOST_DIGITS:
        raise _too_large(integer_digits(spec))
    rounded = number.quantize(Decimal(1).scaleb(-decimal_places(spec)), context=ROUNDING)
    if abs(rounded) >= Decimal(10) ** integer_digits(spec):
        raise _too_large(integer_digits(spec))
    return _exact(rounded)


def decimal_places(spec: Mapping[str, Any]) -> int:
    """How many the property keeps; none where it counts digits, as whole numbers do."""
    return 0 if spec.get("digits") else spec.get("scale") or 0


def integer_digits(spec: Mapping[str, Any]) -> int:
    """The most digits that the property takes before the decimal point."""
    if spec.get("digits"):
        return spec["digits"]
    return (spec.get("precision") or MOST_DIGITS) - decimal_places(spec)


def _exact(number: Decimal) -> int | float:
    """JSON readers keep numbers as doubles: one that a double cannot hold would change."""
    as_float = float(number)
    if Decimal(repr(as_float)) != number:
        raise ValueProblem("too_precise", _("This number has too many digits."))
    return int(number) if number == number.to_integral_value() else as_float


def _too_large(digits: int) -> ValueProblem:
    return ValueProblem(
        "number_too_large",
        _("Enter a number of at most %(digits)s digits before the decimal point."),
        digits=digits,
    )
