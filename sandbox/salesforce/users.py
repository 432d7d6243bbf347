"""The people who log in, and what each may do."""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass, field
from typing import Any

PASSWORD = "lightning"
#: Of a record that is computed and not stored.
NO_ID = "000000000000000AAA"


@dataclass
class User:
    username: str
    first_name: str
    last_name: str
    email: str
    profile: str
    id: str = ""
    password: str = PASSWORD
    is_active: bool = True
    #: REST calls of a user without "API Enabled" are refused, a browser login is not.
    api_enabled: bool = True
    #: A Salesforce Integration licence cannot finish a browser flow (contract 1.4).
    api_only: bool = False
    #: Reads every record, whatever sharing says.
    view_all: bool = True
    view_encrypted: bool = False
    #: What is not listed here may be created, read, updated and deleted. Letters of "crud".
    objects: dict[str, str] = field(default_factory=dict)
    #: Field-level security, by object: fields that do not exist for this user, or are read-only.
    hidden: dict[str, list[str]] = field(default_factory=dict)
    read_only: dict[str, list[str]] = field(default_factory=dict)
    #: Error and description that the token endpoint answers, such as "ip restricted".
    token_error: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def may(self, letter: str, object_name: str) -> bool:
        return letter in self.objects.get(object_name, "crud")

    def hidden_fields(self, object_name: str) -> set[str]:
        return set(self.hidden.get(object_name, ()))

    def read_only_fields(self, object_name: str) -> set[str]:
        return set(self.read_only.get(object_name, ()))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def as_row(self) -> dict[str, Any]:
        """The User record that queries read."""
        return {
            "Id": self.id,
            "IsDeleted": False,
            "Username": self.username,
            "Name": self.name,
            "FirstName": self.first_name,
            "LastName": self.last_name,
            "Email": self.email,
            "IsActive": self.is_active,
            "UserType": "Standard",
        }

    def permissions_row(self) -> dict[str, Any]:
        """The one UserPermissionAccess record there is for a session of this user."""
        return {
            "Id": NO_ID,
            "PermissionsApiEnabled": self.api_enabled,
            "PermissionsViewAllData": self.view_all,
        }


CAMPAIGN_OBJECTS = ("Campaign", "CampaignMember", "CampaignMemberStatus")
#: User name, first and last name, profile, what to know about him, and what he may.
DEMO: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    ("admin", "Ada", "Admin", "System Administrator", "may do everything", {}),
    (
        "marketing",
        "Mari",
        "Marketing",
        "Marketing User",
        "sees only records shared with her when sharing is private",
        {"view_all": False, "objects": {"Campaign": "r"}},
    ),
    (
        "noapi",
        "Noa",
        "Noapi",
        "Standard User",
        "has no API Enabled",
        {"api_enabled": False},
    ),
    (
        "nocampaign",
        "Nico",
        "Nocampaign",
        "Standard User",
        "has no access to campaigns",
        {"objects": dict.fromkeys(CAMPAIGN_OBJECTS, "")},
    ),
    (
        "fields",
        "Fey",
        "Fields",
        "Standard User",
        "field-level security hides Phone, Industry, Budget__c; LeadSource is read-only",
        {
            "hidden": {"Lead": ["Phone", "Industry", "Budget__c"]},
            "read_only": {"Lead": ["LeadSource"]},
        },
    ),
    (
        "integration",
        "Inti",
        "Integration",
        "Salesforce Integration",
        "API-only licence: cannot finish a login in the browser",
        {"api_only": True},
    ),
)


def cast(suffix: str) -> list[User]:
    """The demo users of an org; a sandbox's user names end in its own suffix."""
    return [
        User(
            f"{name}@acme.example{suffix}",
            first,
            last,
            f"{name}@acme.example",
            profile,
            note=note,
            **copy.deepcopy(may),
        )
        for name, first, last, profile, note, may in DEMO
    ]
