"""One object of an org: its fields, and the full describe (contract 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..ids import KEY_PREFIXES
from . import lead, standard
from .fields import Field

TRUE_FLAGS = (
    "compactLayoutable createable deletable feedEnabled layoutable mergeable mruEnabled queryable "
    "replicateable retrieveable searchLayoutable searchable triggerable undeletable updateable"
)
FALSE_FLAGS = (
    "activateable custom customSetting deepCloneable deprecatedAndHidden hasSubtypes isInterface "
    "isSubtype"
)
NULLS = (
    "associateEntityType associateParentEntity defaultImplementation extendedBy extendsInterfaces "
    "implementedBy implementsInterfaces listviewable lookupLayoutable networkScopeFieldName"
)
SCOPES = [
    {"label": "All leads", "name": "everything"},
    {"label": "My leads", "name": "mine"},
    {"label": "Queue owned leads", "name": "queue_owned"},
    {"label": "Filter by scope", "name": "scopingRule"},
    {"label": "My team's leads", "name": "team"},
    {"label": "User owned leads", "name": "user_owned"},
]
READ_ONLY = {"CampaignMemberStatus", "Organization", "User", "UserPermissionAccess", "Group"}
MASTER_RECORD_TYPE = "012000000000000AAA"

STANDARD = {
    "Lead": ("Lead", "Leads", lead.FIELDS),
    "Campaign": ("Campaign", "Campaigns", standard.CAMPAIGN),
    "CampaignMember": ("Campaign Member", "Campaign Members", standard.CAMPAIGN_MEMBER),
    "CampaignMemberStatus": (
        "Campaign Member Status",
        "Campaign Member Statuses",
        standard.CAMPAIGN_MEMBER_STATUS,
    ),
    "Contact": ("Contact", "Contacts", standard.CONTACT),
    "Account": ("Account", "Accounts", standard.ACCOUNT),
    "User": ("User", "Users", standard.USER),
    "UserPermissionAccess": (
        "User Permission Access",
        "User Permission Access",
        standard.USER_PERMISSION_ACCESS,
    ),
    "Group": ("Group", "Group", standard.GROUP),
    "Organization": ("Organization", "Organizations", standard.ORGANIZATION),
}


@dataclass
class ObjectSchema:
    """`fields` keeps describe's order. Replace `fields` as a whole: what follows is derived."""

    name: str
    label: str
    plural: str
    fields: dict[str, Field]

    @classmethod
    def of(cls, name: str, extra: Iterable[Field] = ()) -> ObjectSchema:
        label, plural, fields = STANDARD[name]
        return cls(name, label, plural, {each.name: each for each in (*fields, *extra)})

    @property
    def is_writable(self) -> bool:
        return self.name not in READ_ONLY

    @cached_property
    def by_lower_name(self) -> dict[str, Field]:
        return {name.lower(): each for name, each in self.fields.items()}

    @cached_property
    def required(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields.values() if each.is_required)

    @cached_property
    def never_null(self) -> tuple[str, ...]:
        """Fields that fill themselves, yet refuse an explicit null."""
        return tuple(
            name
            for name, each in self.fields.items()
            if each.createable and each.defaulted and not each.nillable
        )

    @cached_property
    def unique(self) -> tuple[Field, ...]:
        return tuple(each for each in self.fields.values() if each.unique)

    @cached_property
    def indexed(self) -> tuple[str, ...]:
        return tuple(n for n, each in self.fields.items() if each.is_indexed and n != "Id")

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What a new record gets where nothing is sent."""
        return {
            name: each.default_value
            for name, each in self.fields.items()
            if each.default_value is not None
        }

    @cached_property
    def relationships(self) -> dict[str, Field]:
        return {f.relationship.lower(): f for f in self.fields.values() if f.relationship}

    def replace_fields(self, fields: Iterable[Field]) -> ObjectSchema:
        """A copy with these fields; a copy because everything derived must be derived anew."""
        return ObjectSchema(self.name, self.label, self.plural, {f.name: f for f in fields})

    def describe(
        self, version: str, host: str, hidden: set[str], read_only: set[str]
    ) -> dict[str, Any]:
        """The fields and frame of a describe for a user to whom `hidden` fields do not exist."""
        base = f"/services/data/v{version}/sobjects/{self.name}"
        fields = [f.describe() for f in self.fields.values() if f.name not in hidden]
        for each in fields:
            if each["name"] in read_only:
                each.update(createable=False, updateable=False)
        return {
            "actionOverrides": [],
            "childRelationships": self._child_relationships(),
            "fields": fields,
            "namedLayoutInfos": [],
            "recordTypeInfos": [record_type(base)],
            "sobjectDescribeOption": "FULL",
            "supportedScopes": SCOPES,
            "urls": _urls(base, host, self.name),
        }

    def _child_relationships(self) -> list[dict[str, Any]]:
        return [
            {
                "cascadeDelete": True,
                "childSObject": child,
                "deprecatedAndHidden": False,
                "field": each.name,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": f"{child}s" if child == "CampaignMember" else None,
                "restrictedDelete": False,
            }
            for child, (_, _, fields) in STANDARD.items()
            for each in fields
            if self.name in each.reference_to and self.name != "User"
        ]


def summary(schema: ObjectSchema, letters: str) -> dict[str, Any]:
    """The object as the global describe lists it for a user who may do `letters` of "crud"."""
    data: dict[str, Any] = dict.fromkeys(TRUE_FLAGS.split(), True)
    data.update(dict.fromkeys(FALSE_FLAGS.split(), False), **dict.fromkeys(NULLS.split()))
    may = letters if schema.is_writable else "r"
    data.update(createable="c" in may, updateable="u" in may, deletable="d" in may)
    data.update(
        keyPrefix=KEY_PREFIXES.get(schema.name),
        label=schema.label,
        labelPlural=schema.plural,
        name=schema.name,
    )
    return data


def record_type(base: str) -> dict[str, Any]:
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": MASTER_RECORD_TYPE,
        "urls": {"layout": f"{base}/describe/layouts/{MASTER_RECORD_TYPE}"},
    }


def _urls(base: str, host: str, name: str) -> dict[str, str]:
    return {
        "compactLayouts": f"{base}/describe/compactLayouts",
        "rowTemplate": f"{base}/{{ID}}",
        "approvalLayouts": f"{base}/describe/approvalLayouts",
        "uiDetailTemplate": f"{host}/{{ID}}",
        "uiEditTemplate": f"{host}/{{ID}}/e",
        "listviews": f"{base}/listviews",
        "describe": f"{base}/describe",
        "uiNewRecord": f"{host}/{KEY_PREFIXES.get(name)}/e",
        "quickActions": f"{base}/quickActions",
        "layouts": f"{base}/describe/layouts",
        "sobject": base,
    }
