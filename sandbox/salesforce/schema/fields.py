"""One field of an object, and the 57 attributes by which describe tells it (contract 3.1)."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import Any

SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
}
UNGROUPED = {"double", "currency", "percent", "datetime", "address", "multipicklist"}
#: References by which records are looked up at every save.
PARENTS = {"CampaignId", "LeadId", "ContactId"}

#: Attributes that no field of these orgs uses.
UNUSED: dict[str, Any] = {
    "aiPredictionField": False,
    "cascadeDelete": False,
    "defaultValueFormula": None,
    "deprecatedAndHidden": False,
    "displayLocationInDecimal": False,
    "encrypted": False,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "highScaleNumber": False,
    "mask": None,
    "maskType": None,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "restrictedDelete": False,
    "writeRequiresMasterRead": False,
}


@dataclass(frozen=True)
class Choice:
    """One entry of a picklist. `valid_for` has the positions of the controller's entries."""

    value: str
    label: str = ""
    active: bool = True
    default: bool = False
    valid_for: tuple[int, ...] | None = None

    def describe(self) -> dict[str, Any]:
        return {
            "active": self.active,
            "defaultValue": self.default,
            "label": self.label or self.value,
            "validFor": bitset(self.valid_for),
            "value": self.value,
        }


def bitset(positions: tuple[int, ...] | None) -> str | None:
    """Base64 of a bit set, most significant bit first (contract 3.1)."""
    if positions is None:
        return None
    data = bytearray(max([*positions, 23]) // 8 + 1)
    for position in positions:
        data[position >> 3] |= 0x80 >> position % 8
    return base64.b64encode(bytes(data)).decode()


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    type: str = "string"
    length: int = 0
    digits: int = 0
    precision: int = 0
    scale: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted: bool = False
    default: Any = None
    custom: bool = False
    permissionable: bool = True
    unique: bool = False
    case_sensitive: bool = False
    external_id: bool = False
    id_lookup: bool = False
    extra_type: str | None = None
    compound: str | None = None
    html: bool = False
    restricted: bool = False
    choices: tuple[Choice, ...] = ()
    controller: str | None = None
    reference_to: tuple[str, ...] = ()
    relationship: str | None = None
    name_field: bool = False
    auto_number: bool = False
    formula: str | None = None
    help_text: str | None = None

    @property
    def is_required(self) -> bool:
        """Whether a new record must bring a value (contract 3.3)."""
        return self.createable and not (self.nillable or self.defaulted or self.type == "boolean")

    @property
    def is_long(self) -> bool:
        return self.type == "textarea" and (self.html or self.length > 255)

    @property
    def is_indexed(self) -> bool:
        return self.unique or self.external_id or self.id_lookup or self.name in PARENTS

    @property
    def default_value(self) -> Any:
        if self.type == "boolean":
            return bool(self.default)
        return next((c.value for c in self.choices if c.default), self.default)

    def allows(self, value: str) -> bool:
        return any(choice.value == value and choice.active for choice in self.choices)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Field:
        """A field from its JSON. Choices may be objects or plain values.

        Raises TypeError for an attribute that fields do not have.
        """
        plain = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
        plain["choices"] = tuple(_choice(choice) for choice in data.get("choices") or ())
        return cls(**plain)

    def describe(self) -> dict[str, Any]:
        is_text = self.type not in SOAP_TYPES
        return {
            **UNUSED,
            "aggregatable": not (self.is_long or self.type in {"boolean", "address"}),
            "autoNumber": self.auto_number,
            "byteLength": self.length * 3 if is_text else self.length,
            "calculated": self.formula is not None,
            "calculatedFormula": self.formula,
            "caseSensitive": self.case_sensitive,
            "compoundFieldName": self.compound,
            "controllerName": self.controller,
            "createable": self.createable,
            "custom": self.custom,
            "defaultValue": self.default_value,
            "defaultedOnCreate": self.defaulted or self.type == "boolean",
            "dependentPicklist": self.controller is not None,
            "digits": self.digits,
            "externalId": self.external_id,
            "extraTypeInfo": self.extra_type,
            "filterable": not (self.is_long or self.type == "encryptedstring"),
            "groupable": not (self.is_long or self.type in UNGROUPED),
            "htmlFormatted": self.html,
            "idLookup": self.id_lookup or self.external_id,
            "inlineHelpText": self.help_text,
            "label": self.label,
            "length": self.length,
            "name": self.name,
            "nameField": self.name_field,
            "namePointing": len(self.reference_to) > 1,
            "nillable": self.nillable and self.type != "boolean",
            "permissionable": self.permissionable,
            "picklistValues": [choice.describe() for choice in self.choices],
            "polymorphicForeignKey": len(self.reference_to) > 1,
            "precision": self.precision,
            "queryByDistance": self.type == "address",
            "referenceTo": list(self.reference_to),
            "relationshipName": self.relationship,
            "restrictedPicklist": self.restricted,
            "scale": self.scale,
            "searchPrefilterable": self.type == "reference"
            and not {"User", "Group", "Lead"} & set(self.reference_to),
            "soapType": SOAP_TYPES.get(self.type, "xsd:string"),
            "sortable": not (self.is_long or self.type in {"address", "multipicklist"}),
            "type": self.type,
            "unique": self.unique,
            "updateable": self.updateable,
        }


def _choice(data: str | dict[str, Any]) -> Choice:
    if isinstance(data, str):
        return Choice(data)
    valid_for = data.get("valid_for")
    return Choice(**{**data, "valid_for": None if valid_for is None else tuple(valid_for)})
