"""What a parsed query consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Literal:
    """`kind`: string, number, boolean, null, date, datetime, or literal (such as TODAY)."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Comparison:
    path: str
    sign: str
    #: One literal, or several for IN, INCLUDES, EXCLUDES.
    literals: tuple[Literal, ...]
    start: int


@dataclass(frozen=True)
class Junction:
    """`word`: AND, OR, or NOT with one part."""

    word: str
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Order:
    path: str
    descending: bool
    nulls_last: bool
    start: int


@dataclass(frozen=True)
class Query:
    text: str
    #: Paths with their places in the text; for COUNT() none.
    fields: tuple[tuple[str, int], ...]
    counts: bool
    object: str
    object_start: int
    where: Any
    order: tuple[Order, ...]
    limit: int | None
    offset: int
    all_rows: bool
