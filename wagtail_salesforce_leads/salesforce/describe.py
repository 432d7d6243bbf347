"""Lead properties out of a describe. Pure: the describe comes from the org or from our cache.

A describe holds only the fields that the connected user may see (SOAP API Guide v67,
describeSObjectResult), and older API versions lack some keys, hence the many ``get``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

Json = dict[str, Any]

#: A UUID with its dashes.
SUBMISSION_ID_LENGTH = 36


class PropertyType(str, Enum):
    """The kinds of Lead property an answer can go to."""

    URL = "url"
    CHECKBOX = "checkbox"
    TEXT = "text"
    ENCRYPTED_TEXT = "encrypted_text"
    TEXT_AREA = "text_area"
    PERCENT = "percent"
    EMAIL = "email"
    RICH_TEXT = "rich_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    PICKLIST = "picklist"
    MULTI_PICKLIST = "multi_picklist"
    CURRENCY = "currency"
    PHONE = "phone"
    DATE = "date"


SIMPLE_TYPES = {
    "boolean": PropertyType.CHECKBOX,
    "currency": PropertyType.CURRENCY,
    "date": PropertyType.DATE,
    "double": PropertyType.NUMBER,
    "email": PropertyType.EMAIL,
    "encryptedstring": PropertyType.ENCRYPTED_TEXT,
    "int": PropertyType.NUMBER,
    "multipicklist": PropertyType.MULTI_PICKLIST,
    "percent": PropertyType.PERCENT,
    "phone": PropertyType.PHONE,
    "picklist": PropertyType.PICKLIST,
    "string": PropertyType.TEXT,
}

#: Createable, yet nothing a visitor should set.
HIDDEN_NAMES = frozenset(
    {
        "CleanStatus",
        "CompanyDunsNumber",
        "DandbCompanyId",
        "GeocodeAccuracy",
        "IndividualId",
        "IsConverted",
        "IsUnreadByOwner",
        "Jigsaw",
        "Latitude",
        "Longitude",
        "OwnerId",
        "RecordTypeId",
    }
)

#: What the cache keeps of a field; all that this module reads.
FIELD_KEYS = (
    "name",
    "label",
    "type",
    "extraTypeInfo",
    "htmlFormatted",
    "length",
    "digits",
    "precision",
    "scale",
    "nillable",
    "createable",
    "calculated",
    "autoNumber",
    "deprecatedAndHidden",
    "defaultedOnCreate",
    "restrictedPicklist",
    "controllerName",
    "unique",
    "filterable",
)
CHOICE_KEYS = ("value", "label", "active")


@dataclass(frozen=True)
class Choice:
    """An active picklist value."""

    value: str
    label: str


@dataclass(frozen=True)
class LeadProperty:
    """One Lead field that an answer can be mapped to. Lengths are characters, 0 means no limit."""

    name: str
    label: str
    type: PropertyType
    required: bool = False
    max_length: int = 0
    #: Integer digits of a whole number (0: ``precision`` and ``scale`` count instead).
    digits: int = 0
    precision: int = 0
    scale: int = 0
    choices: tuple[Choice, ...] = ()
    #: Values outside ``choices`` are refused.
    restricted: bool = False
    #: The API name of the field whose value decides which choices are allowed.
    controller: str = ""
    unique: bool = False
    filterable: bool = True

    def as_json(self) -> Json:
        """A dict for a JSON column."""
        return {**asdict(self), "type": self.type.value}


def lead_properties(describe: Json) -> tuple[LeadProperty, ...]:
    """What may be mapped, in the order of the describe, which may be whole or trimmed."""
    return tuple(
        _property(field, property_type)
        for field in describe.get("fields", ())
        if (property_type := _offered_type(field)) is not None
    )


def readable_fields(describe: Json) -> frozenset[str]:
    """The API names of all fields that the connected user can read."""
    return frozenset(field["name"] for field in describe.get("fields", ()))


def can_hold_submission_id(lead_property: LeadProperty) -> bool:
    """Whether a submission's UUID can live there and make a second Lead of it impossible."""
    return (
        lead_property.type is PropertyType.TEXT
        and lead_property.unique
        and lead_property.filterable
        and lead_property.max_length >= SUBMISSION_ID_LENGTH
    )


def trim(describe: Json) -> Json:
    """The part of a describe that this module reads, for the cache: a third of the whole."""
    return {
        "name": describe.get("name", ""),
        "label": describe.get("label", ""),
        "createable": describe.get("createable", False),
        "fields": [_trimmed(field) for field in describe.get("fields", ())],
    }


def _trimmed(field: Json) -> Json:
    kept = {key: field[key] for key in FIELD_KEYS if key in field}
    if field.get("picklistValues"):
        kept["picklistValues"] = [
            {key: entry[key] for key in CHOICE_KEYS if key in entry}
            for entry in field["picklistValues"]
        ]
    return kept


def _offered_type(field: Json) -> PropertyType | None:
    if not field.get("createable") or field["name"] in HIDDEN_NAMES:
        return None
    if field.get("calculated") or field.get("autoNumber") or field.get("deprecatedAndHidden"):
        return None
    return _property_type(field)


def _property_type(field: Json) -> PropertyType | None:
    if field["type"] == "textarea":
        return _text_area_type(field)
    if field["type"] == "url":
        return None if field.get("extraTypeInfo") == "imageurl" else PropertyType.URL
    return SIMPLE_TYPES.get(field["type"])


def _text_area_type(field: Json) -> PropertyType:
    if field.get("extraTypeInfo") == "richtextarea" or field.get("htmlFormatted"):
        return PropertyType.RICH_TEXT
    return PropertyType.LONG_TEXT if field.get("length", 0) > 255 else PropertyType.TEXT_AREA


def _property(field: Json, property_type: PropertyType) -> LeadProperty:
    return LeadProperty(
        name=field["name"],
        label=field.get("label") or field["name"],
        type=property_type,
        required=_is_required(field),
        max_length=field.get("length") or 0,
        digits=field.get("digits") or 0,
        precision=field.get("precision") or 0,
        scale=field.get("scale") or 0,
        choices=tuple(_choices(field)),
        restricted=bool(field.get("restrictedPicklist")),
        controller=field.get("controllerName") or "",
        unique=bool(field.get("unique")),
        filterable=field.get("filterable", True),
    )


def _is_required(field: Json) -> bool:
    """Gives exactly LastName and Company on a real Lead describe."""
    optional = field.get("nillable", True) or field.get("defaultedOnCreate")
    return not optional and field["type"] != "boolean"


def _choices(field: Json) -> Iterator[Choice]:
    for entry in field.get("picklistValues") or ():
        if entry.get("active"):
            yield Choice(entry["value"], entry.get("label") or entry["value"])
