"""A call to the REST API and its answer, the same for a request and for a part of a composite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import Refusal
from ..org import Org
from ..records.saving import Manner
from ..users import User

FIRST_WITH_DUPLICATE_HEADER = 52


@dataclass
class Call:
    """`path` is what follows `/services/data/vNN.N`; `headers` have lower-case names."""

    org: Org
    user: User
    method: str
    version: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    #: The origin this came to, for addresses in answers.
    host: str = ""
    #: Answers a part of a composite, a graph or a batch.
    dispatch: Callable[[Call], Answer] | None = field(default=None, repr=False)

    @property
    def base(self) -> str:
        return f"/services/data/v{self.version}"

    @property
    def manner(self) -> Manner:
        """How records of this call are saved, by its headers (contract 6)."""
        duplicate = {}
        if float(self.version) >= FIRST_WITH_DUPLICATE_HEADER:
            duplicate = options_of(self.headers.get("sforce-duplicate-rule-header", ""))
        return Manner(
            user=self.user,
            version=self.version,
            allow_save=duplicate.get("allowsave") == "true",
            include_record_details=duplicate.get("includerecorddetails") == "true",
            auto_assign=self.headers.get("sforce-auto-assign", "TRUE").strip() or "TRUE",
        )

    def record_body(self) -> dict[str, Any]:
        """The body as one object. Raises Refusal."""
        if not isinstance(self.body, dict):
            raise bad_json("START_OBJECT expected")
        return self.body


@dataclass
class Answer:
    """`body` None sends nothing; `records` is what PER_RECORD_MS multiplies."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    records: int = 0
    #: API calls it counts for.
    calls: int = 1

    @classmethod
    def of(cls, refusal: Refusal) -> Answer:
        return cls(refusal.status, refusal.errors)

    @property
    def is_good(self) -> bool:
        return self.status < 300


def options_of(header: str) -> dict[str, str]:
    """`allowSave=true; x=y` as lower-case names and values."""
    parts = (part.partition("=") for part in header.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in parts}


def bad_json(what: str) -> Refusal:
    return Refusal("JSON_PARSER_ERROR", f"{what} at [line:1, column:1]")
