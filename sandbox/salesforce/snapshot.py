"""Keeping the world over a restart, for the demo, in one JSON file.

What is kept is what a person would miss: records, schema, people, rules, switches, faults, grants.
The call log is not.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .faults import Fault
from .oauth.apps import ClientApp
from .oauth.grants import Grant, GrantBook, Session
from .org import Org
from .records.store import Store
from .rules.assignment import AssignmentRule
from .rules.duplicates import DuplicateRule
from .rules.validation import ValidationRule
from .schema.fields import Field
from .users import User

if TYPE_CHECKING:
    from .world import World

FORMAT = 1
#: Saving may take this share of the time at most, however large the world grows.
SHARE = 0.05

Data = dict[str, Any]


class Keeper:
    """Saves the world to `path` and gets it back; without a path it does nothing."""

    def __init__(self, world: World, path: Path | None) -> None:
        self.world = world
        self.path = path
        self.saved_at_change = world.changes
        self.rest_until = 0.0

    def restore(self) -> None:
        """A file that cannot be read is put aside, and the world starts anew."""
        if self.path is None or not self.path.exists():
            return
        try:
            load(self.world, json.loads(self.path.read_text()))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            aside = self.path.with_suffix(".unreadable")
            self.path.replace(aside)
            self.world.reset()
            sys.stderr.write(f"The state was not readable ({error!r}) and is now {aside}\n")

    def save_if_changed(self) -> None:
        if self.world.changes != self.saved_at_change and time.monotonic() >= self.rest_until:
            self.save()

    def save(self) -> None:
        if self.path is None:
            return
        started = time.monotonic()
        self.saved_at_change = self.world.changes
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(dump(self.world)))
        os.replace(fresh, self.path)
        self.rest_until = time.monotonic() + (time.monotonic() - started) / SHARE


def dump(world: World) -> Data:
    return {
        "format": FORMAT,
        "apps": [app.as_json() for app in world.apps.values()],
        "orgs": [dump_org(org) for org in world.orgs],
    }


def dump_org(org: Org) -> Data:
    return {
        "sequence": org.sequence,
        "log_number": org.log.number,
        "switches": org.switches.as_json(),
        "users": [user.as_json() for user in org.users.values()],
        "fields": {
            name: [field.as_json() for field in schema.fields.values()]
            for name, schema in org.schemas.items()
        },
        "schema_moved": org.schema_moved,
        "rows": {name: list(org.store.rows(name).values()) for name in org.schemas},
        "origins": org.origins,
        "duplicate_rules": [asdict(rule) for rule in org.duplicate_rules],
        "assignment_rules": [asdict(rule) for rule in org.assignment_rules],
        "validation_rules": [asdict(rule) for rule in org.validation_rules],
        "flow_writes": org.flow_writes,
        "hidden_leads": sorted(org.hidden_leads),
        "calls_by_minute": list(org.use.by_minute.items()),
        "faults": [fault.as_json() for fault in org.faults.faults],
        "grants": dump_grants(org.grants),
    }


def dump_grants(book: GrantBook) -> Data:
    return {
        "number": book.number,
        "grants": [asdict(grant) for grant in book.grants.values()],
        "sessions": [asdict(session) for session in book.sessions.values()],
    }


def load(world: World, data: Data) -> None:
    """Raises ValueError or KeyError for a file of another format."""
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']}")
    for app in data["apps"]:
        world.add_app(ClientApp(**app))
    for org, kept in zip(world.orgs, data["orgs"], strict=False):
        load_org(org, kept)


def load_org(org: Org, data: Data) -> None:
    org.sequence, org.log.number = data["sequence"], data["log_number"]
    for name, value in data["switches"].items():
        org.switches.set(name, value)
    org.users = {user["username"]: User(**user) for user in data["users"]}
    load_records(org, data)
    org.duplicate_rules = [DuplicateRule(**tupled(rule)) for rule in data["duplicate_rules"]]
    org.assignment_rules = [AssignmentRule(**rule) for rule in data["assignment_rules"]]
    org.validation_rules = [ValidationRule(**rule) for rule in data["validation_rules"]]
    org.flow_writes, org.hidden_leads = data["flow_writes"], set(data["hidden_leads"])
    org.use.by_minute = dict(data["calls_by_minute"])
    org.use.total = sum(org.use.by_minute.values())
    for fault in data["faults"]:
        org.faults.add(Fault(**fault))
    load_grants(org.grants, data["grants"])


def load_records(org: Org, data: Data) -> None:
    for name, fields in data["fields"].items():
        schema = org.schemas[name].replace_fields(Field.from_json(field) for field in fields)
        org.schemas[name] = schema
    org.schema_moved, org.origins = data["schema_moved"], data["origins"]
    org.store = Store(org.schemas)
    for name, rows in data["rows"].items():
        for row in rows:
            org.store.insert(name, row)


def load_grants(book: GrantBook, data: Data) -> None:
    book.number = data["number"]
    book.grants = {grant["number"]: Grant(**grant) for grant in data["grants"]}
    book.sessions = {session["token"]: Session(**session) for session in data["sessions"]}
    for grant in book.grants.values():
        grant.is_refreshing = False


def tupled(data: Data) -> Data:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
