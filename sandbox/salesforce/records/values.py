"""One JSON value for one field: what Salesforce stores, or refuses (contract 7.3 and 8)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import ROUND_DOWN, Decimal
from typing import Any

from .. import ids
from ..errors import Refusal
from ..schema.fields import Field

EMAIL = re.compile(
    r"[a-z0-9!#$%&'*/=?^_+\-`{|}~]+(?:\.[a-z0-9!#$%&'*/=?^_+\-`{|}~]+)*"
    r"@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+",
    re.ASCII | re.IGNORECASE,
)
#: NUL, the other C0 controls that XML forbids, and halves of surrogate pairs.
OUTSIDE_CHARSET = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
KEPT_TAGS = (
    "a|abbr|acronym|address|b|bdo|big|blockquote|br|caption|cite|code|col|colgroup|dd|del|dfn|div|"
    "dl|dt|em|font|h1|h2|h3|h4|h5|h6|hr|i|img|ins|kbd|li|ol|p|pre|q|s|samp|small|span|strike|"
    "strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var"
)
DROPPED_TAG = re.compile(rf"</?(?!(?:{KEPT_TAGS})\b)[a-z][^>]*>", re.IGNORECASE)
MAX_MULTIPLE = 100


class Reader:
    """Reads values the way one org is switched."""

    def __init__(self, *, trim: bool, clean_html: bool, refuse_controls: bool, counts: str) -> None:
        self.trim = trim
        self.clean_html = clean_html
        self.refuse_controls = refuse_controls
        self.counts = counts

    def read(self, field: Field, value: Any) -> Any:
        """The value to store, None for none. Raises Refusal."""
        if value is None:
            if field.type == "boolean":
                raise wrong_type(field, "VALUE_NULL", None)
            return None
        return READERS.get(field.type, Reader.text)(self, field, value)

    def text(self, field: Field, value: Any) -> str | None:
        if not isinstance(value, str):
            raise wrong_type(field, json_token(value), value)
        if self.refuse_controls and OUTSIDE_CHARSET.search(value):
            raise Refusal(
                "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET",
                f"{field.label}: text contains characters outside the supported character set",
                fields=[field.name],
            )
        if self.trim:
            value = value.strip()
        self.check_length(field, value)
        return value or None

    def check_length(self, field: Field, value: str) -> None:
        limit, length = field.length, len(value)
        if field.type == "textarea" and self.counts == "html" and not field.html:
            length += 4 * value.count("&") + 3 * (value.count("<") + value.count(">"))
        elif field.type == "textarea" and self.counts == "bytes":
            length = len(value.encode())
        if length > limit:
            raise Refusal(
                "STRING_TOO_LONG",
                f"{field.label}: data value too large: {value} (max length={limit})",
                fields=[field.name],
            )

    def long_text(self, field: Field, value: Any) -> str | None:
        text = self.text(field, value)
        if text and field.html and self.clean_html:
            return DROPPED_TAG.sub("", text)
        return text

    def email(self, field: Field, value: Any) -> str | None:
        text = self.text(field, value)
        if text and not EMAIL.fullmatch(text):
            raise Refusal(
                "INVALID_EMAIL_ADDRESS",
                f"{field.label}: invalid email address: {text}",
                fields=[field.name],
            )
        return text

    def picklist(self, field: Field, value: Any) -> str | None:
        text = self.text(field, value)
        if text and field.restricted and not field.allows(text):
            raise bad_choice(field, text)
        return text

    def multipicklist(self, field: Field, value: Any) -> str | None:
        text = self.text(field, value)
        if not text:
            return None
        chosen = [part for part in text.split(";") if part]
        if len(chosen) > MAX_MULTIPLE:
            raise Refusal(
                "TOO_MANY_ENUM_VALUE",
                f"{field.label}: too many values for multi-select picklist",
                fields=[field.name],
            )
        for choice in chosen if field.restricted else ():
            if not field.allows(choice):
                raise bad_choice(field, choice)
        return ";".join(chosen)

    def boolean(self, field: Field, value: Any) -> bool:
        if not isinstance(value, bool):
            raise wrong_type(field, json_token(value), value)
        return value

    def whole_number(self, field: Field, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(field, json_token(value), value)
        if abs(value) >= 10**field.digits:
            raise out_of_range(field, value)
        return value

    def number(self, field: Field, value: Any) -> int | float:
        """Extra decimals are cut without a word; too many whole digits are refused."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise wrong_type(field, json_token(value), value)
        if abs(value) >= 10 ** (field.precision - field.scale):
            raise out_of_range(field, value)
        if isinstance(value, int):
            return float(value)
        return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-field.scale), ROUND_DOWN))

    def day(self, field: Field, value: Any) -> str:
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                raise ValueError(value)
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError):
            raise wrong_type(field, json_token(value), value) from None

    def moment(self, field: Field, value: Any) -> str:
        try:
            return as_stored(read_datetime(value))
        except (TypeError, ValueError):
            raise wrong_type(field, json_token(value), value) from None

    def reference(self, field: Field, value: Any) -> str | None:
        if value == "":
            return None
        record_id = ids.canonical(value)
        target = ids.object_of(record_id) if record_id else None
        if record_id is None or (target or "?") not in (*field.reference_to, "?"):
            raise malformed_id(field, value)
        return record_id


READERS: dict[str, Callable[[Reader, Field, Any], Any]] = {
    "textarea": Reader.long_text,
    "email": Reader.email,
    "picklist": Reader.picklist,
    "multipicklist": Reader.multipicklist,
    "boolean": Reader.boolean,
    "int": Reader.whole_number,
    "double": Reader.number,
    "currency": Reader.number,
    "percent": Reader.number,
    "date": Reader.day,
    "datetime": Reader.moment,
    "reference": Reader.reference,
}


def read_datetime(value: str) -> datetime:
    """Raises ValueError unless `value` is an ISO date and time with an offset."""
    text = re.sub(r"Z$", "+00:00", value)
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text)
    text = re.sub(r"\.(\d{1,6})", lambda found: "." + found[1].ljust(6, "0"), text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or "T" not in value:
        raise ValueError(value)
    return moment


def as_stored(moment: datetime) -> str:
    """As Salesforce answers: UTC, whole seconds (contract 8)."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def json_token(value: Any) -> str:
    if isinstance(value, bool):
        return "VALUE_TRUE" if value else "VALUE_FALSE"
    if isinstance(value, int):
        return "VALUE_NUMBER_INT"
    if isinstance(value, float):
        return "VALUE_NUMBER_FLOAT"
    if isinstance(value, dict):
        return "START_OBJECT"
    return "START_ARRAY" if isinstance(value, list) else "VALUE_STRING"


def wrong_type(field: Field, token: str, value: Any) -> Refusal:
    kind = {"currency": "double", "percent": "double"}.get(field.type, field.type)
    kind = kind if kind in {"boolean", "int", "double", "date", "datetime"} else "string"
    shown = value if isinstance(value, str) else json.dumps(value)
    shown = f'"{shown}"' if isinstance(value, str) else shown
    column = len(field.name) + len(str(shown)) + 6
    return Refusal(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {kind} from {token} value {shown} "
        f"at [line:1, column:{column}]",
    )


def bad_choice(field: Field, value: str) -> Refusal:
    return Refusal(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        f"{field.label}: bad value for restricted picklist field: {value}",
        fields=[field.name],
    )


def out_of_range(field: Field, value: float) -> Refusal:
    return Refusal(
        "NUMBER_OUTSIDE_VALID_RANGE",
        f"{field.label}: value outside of valid range on numeric field: {value}",
        fields=[field.name],
    )


def malformed_id(field: Field, value: Any) -> Refusal:
    return Refusal(
        "MALFORMED_ID",
        f"{field.label}: id value of incorrect type: {value}",
        fields=[field.name],
    )
