"""What is to be created at Salesforce, and what became of it. Values only, no HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .refusals import Refusal

#: Since v52 one illegal reference id fails the whole composite call; ours get a suffix of letters.
REFERENCE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_]*", re.ASCII)


@dataclass(frozen=True)
class LeadPayload:
    """One Lead to create, with its campaign membership if ``campaign_id`` is set.

    ``fields`` are the values for JSON by API name, frozen with the submission; no repr shows them.
    """

    reference: str
    fields: Mapping[str, Any] = field(repr=False)
    campaign_id: str = ""
    #: "" leaves it to the campaign's default.
    member_status: str = ""
    #: The unique field that makes a second Lead impossible, and its value.
    submission_id_field: str = ""
    submission_id: str = ""
    #: Run the org's active lead assignment rule.
    auto_assign: bool = True
    #: Create the Lead where a duplicate rule would only warn.
    allow_save: bool = True

    def __post_init__(self) -> None:
        _check_reference(self.reference)

    @property
    def body(self) -> dict[str, Any]:
        if not self.submission_id_field:
            return dict(self.fields)
        return {**self.fields, self.submission_id_field: self.submission_id}

    @property
    def headers(self) -> dict[str, str]:
        """The HTTP headers this Lead needs; all Leads of one collections call must share them."""
        return {
            "Sforce-Duplicate-Rule-Header": f"allowSave={str(self.allow_save).lower()}",
            "Sforce-Auto-Assign": str(self.auto_assign).upper(),
        }

    @property
    def size(self) -> int:
        """Bytes of its record in a collections body."""
        return len(json.dumps(self.body, ensure_ascii=False).encode("utf-8", "replace")) + 40


@dataclass(frozen=True)
class MemberPayload:
    """The member step alone, for a Lead that exists, or for the Contact it was converted to."""

    reference: str
    lead_id: str
    campaign_id: str
    status: str = ""
    contact_id: str = ""
    #: The campaign member itself, where it exists and only its status is to be set.
    member_id: str = ""

    def __post_init__(self) -> None:
        _check_reference(self.reference)

    @property
    def person(self) -> tuple[str, str]:
        """The reference field in use, and its id. With both, Salesforce keeps only the Contact."""
        return ("ContactId", self.contact_id) if self.contact_id else ("LeadId", self.lead_id)

    @property
    def body(self) -> dict[str, str]:
        if self.member_id:
            return {"Id": self.member_id, "Status": self.status}
        field_name, record_id = self.person
        body = {field_name: record_id, "CampaignId": self.campaign_id}
        return {**body, "Status": self.status} if self.status else body


@dataclass(frozen=True)
class Outcome:
    """What a call did for one payload. Empty ids are unknown or not there; the flags tell which."""

    lead_id: str = ""
    member_id: str = ""
    #: As Salesforce has it; "" where it was not read.
    member_status: str = ""
    #: The submission's Lead had been created before: its id is to be looked up.
    already_there: bool = False
    lead_refusals: tuple[Refusal, ...] = ()
    member_refusals: tuple[Refusal, ...] = ()
    #: The answer does not prove that no Lead was made.
    lead_may_exist: bool = False
    member_may_exist: bool = False
    #: The Lead lives on as this Contact.
    contact_id: str = ""
    #: The Lead was deleted, and not by a merge.
    is_deleted: bool = False

    @property
    def is_already_member(self) -> bool:
        """A membership exists whose id this answer did not tell; only one can, per campaign."""
        return any(refusal.code == "DUPLICATE_VALUE" for refusal in self.member_refusals)


def looks_like_reference(*bodies: Any) -> bool:
    """Whether /composite would take something in there for a reference and put a value in."""
    return "@{" in json.dumps(bodies)


def _check_reference(reference: str) -> None:
    if not REFERENCE.fullmatch(reference):
        raise ValueError("A reference is made of letters, digits and underscores.")
