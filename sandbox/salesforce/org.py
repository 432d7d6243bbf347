"""One Salesforce org: its people, its schema, its records and how it is set up."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from . import ids
from .call_log import CallLog
from .errors import Refusal, not_found
from .faults import FaultList
from .limits import ApiUse, Running
from .oauth.grants import GrantBook
from .records.store import Row, Store
from .records.values import Reader, as_stored
from .rules import addresses, members
from .rules.assignment import AssignmentRule
from .rules.duplicates import DuplicateRule
from .rules.validation import ValidationRule
from .schema import demo
from .schema.objects import STANDARD, ObjectSchema
from .switches import Switches
from .users import User

CAMPAIGN_OBJECTS = {"Campaign", "CampaignMember", "CampaignMemberStatus"}
MODSTAMP = ("LastModifiedDate", "SystemModstamp")


class Org:
    def __init__(self, index: int, name: str, domain: str, *, is_sandbox: bool) -> None:
        self.index = index
        self.name = name
        #: Host name of its My Domain, as it would be at Salesforce.
        self.domain = domain
        self.is_sandbox = is_sandbox
        self.pod = ("5g", "7F", "0k", "8d")[(index - 1) % 4]
        self.id = ids.make("Organization", self.pod, 20_000_000 + index)
        self.instance_url = ""
        self.sequence = 1_000_000
        self.switches = Switches()
        self.schemas = {object_name: ObjectSchema.of(object_name) for object_name in STANDARD}
        self.schemas["Lead"] = ObjectSchema.of("Lead", demo.LEAD)
        self.schema_moved = dict.fromkeys(self.schemas, time.time())
        self.store = Store(self.schemas)
        self.users: dict[str, User] = {}
        self.duplicate_rules = [DuplicateRule()]
        self.assignment_rules: list[AssignmentRule] = []
        self.validation_rules: list[ValidationRule] = []
        #: Values that a flow writes over those of every new lead.
        self.flow_writes: Row = {}
        #: Leads that sharing hides from users without View All, whoever owns them.
        self.hidden_leads: set[str] = set()
        self.use = ApiUse()
        self.running = Running()
        self.faults = FaultList(random.Random(index))
        self.grants = GrantBook(self)
        self.log = CallLog()
        #: Which call of the log made a record.
        self.origins: dict[str, int] = {}
        self.cursors: dict[str, list[Row]] = {}

    @property
    def reader(self) -> Reader:
        switches = self.switches
        return Reader(
            trim=switches.trim_text,
            clean_html=switches.clean_rich_text,
            refuse_controls=switches.refuse_control_characters,
            counts=switches.textarea_counts,
        )

    def now(self) -> datetime:
        return datetime.fromtimestamp(
            time.time() + self.switches.clock_offset_seconds, timezone.utc
        )

    def now_text(self) -> str:
        return as_stored(self.now())

    def new_id(self, object_name: str) -> str:
        self.sequence += 1
        return ids.make(object_name, self.pod, self.sequence)

    def add_user(self, user: User) -> None:
        user.id = self.new_id("User")
        self.users[user.username] = user
        self.store.insert("User", user.as_row())

    def user_by_id(self, user_id: str) -> User | None:
        return next((user for user in self.users.values() if user.id == user_id), None)

    def insert(self, object_name: str, row: Row, user_id: str) -> str:
        """Store a record that is complete but for what the system fills in."""
        now = self.now_text()
        record_id = self.new_id(object_name)
        row.update(
            Id=record_id,
            IsDeleted=False,
            CreatedDate=now,
            CreatedById=user_id,
            LastModifiedDate=now,
            LastModifiedById=user_id,
            SystemModstamp=now,
        )
        self.store.insert(object_name, row)
        if self.log.working is not None:
            self.origins[record_id] = self.log.working
        return record_id

    def update(self, object_name: str, record_id: str, changes: Row, user_id: str) -> None:
        stamps = dict.fromkeys(MODSTAMP, self.now_text())
        self.store.update(
            object_name, record_id, {**changes, **stamps, "LastModifiedById": user_id}
        )

    def add_campaign(self, name: str, statuses: Iterable[str] = (), **values: Any) -> str:
        """A campaign whose first status is its default and whose later ones mean "responded"."""
        owner = next(iter(self.users.values())).id
        row = {"Name": name, "IsActive": True, "OwnerId": owner, **values}
        campaign_id = self.insert("Campaign", row, owner)
        for place, label in enumerate(statuses or ("Sent", "Responded"), start=1):
            self.add_status(campaign_id, label, place, is_default=place == 1, responded=place > 1)
        return campaign_id

    def add_status(
        self, campaign_id: str, label: str, place: int, *, is_default: bool, responded: bool
    ) -> str:
        row = {
            "CampaignId": campaign_id,
            "Label": label,
            "SortOrder": place,
            "IsDefault": is_default,
            "HasResponded": responded,
        }
        return self.insert("CampaignMemberStatus", row, next(iter(self.users.values())).id)

    def add_member(self, campaign_id: str, lead_id: str, status: str, user_id: str) -> str:
        row = {"CampaignId": campaign_id, "LeadId": lead_id, "Status": status}
        members.prepare(self, row)
        return self.insert("CampaignMember", row, user_id)

    def schema_for(self, user: User, object_name: str) -> ObjectSchema | None:
        """The object's schema, None where it does not exist for the user."""
        if object_name in CAMPAIGN_OBJECTS and not self.switches.campaigns_enabled:
            return None
        return self.schemas.get(object_name) if user.may("r", object_name) else None

    def replace_schema(self, schema: ObjectSchema) -> None:
        self.schemas[schema.name] = schema
        self.schema_moved[schema.name] = time.time()
        self.store.reindex(schema)

    def switch(self, name: str, value: Any) -> None:
        """Raises KeyError for an unknown name, TypeError or ValueError for a wrong value."""
        self.switches.set(name, value)
        if name == "state_country_picklists":
            lead = self.schemas["Lead"]
            fields = [f for f in lead.fields.values() if f.name not in addresses.CODE_FIELDS]
            codes = addresses.code_fields() if value else ()
            self.replace_schema(lead.replace_fields([*fields, *codes]))

    def touch_describe(self) -> None:
        self.schema_moved = dict.fromkeys(self.schemas, time.time())

    def sees(self, user: User, object_name: str, row: Row) -> bool:
        """Whether sharing lets the user see the record."""
        if user.view_all or object_name not in {"Lead", "CampaignMember"}:
            return True
        if object_name == "CampaignMember":
            lead = self.store.get("Lead", row.get("LeadId"))
            return lead is None or self.sees(user, "Lead", lead)
        if row["Id"] in self.hidden_leads:
            return False
        return not self.switches.private_sharing or row.get("OwnerId") == user.id

    def reachable(self, user: User, object_name: str, record_id: str) -> Row:
        """The row. Raises Refusal if it does not exist, is deleted or hidden."""
        row = self.store.get(object_name, ids.canonical(record_id))
        if row is None or not self.sees(user, object_name, row):
            raise not_found()
        if row.get("IsDeleted"):
            raise Refusal("ENTITY_IS_DELETED", "entity is deleted", status=404, fields=[])
        return row
