"""Whether a Lead in Salesforce is the one we sent: by what can be read back. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

#: Together these say who somebody is; one set that is equal makes a Lead worth a person's look.
IDENTITIES = (
    frozenset({"Email"}),
    frozenset({"Phone"}),
    frozenset({"MobilePhone"}),
    frozenset({"LastName", "FirstName"}),
)


@dataclass(frozen=True)
class Matches:
    """Rows that are equal in all that was compared, and rows of somebody who looks the same."""

    exact: tuple[Row, ...] = ()
    similar: tuple[Row, ...] = ()


def matches(sent: Mapping[str, Any], rows: Iterable[Row], compared: Collection[str]) -> Matches:
    """``compared``: the fields that were sent, can be read back, and are kept as sent."""
    names = [name for name in sent if name in compared]
    exact, similar = [], []
    for row in rows:
        differing = {name for name in names if not same(sent[name], row.get(name))}
        if names and not differing:
            exact.append(row)
        elif _is_somebody_like(set(names) - differing, set(names)):
            similar.append(row)
    return Matches(tuple(exact), tuple(similar))


def same(sent: Any, read: Any) -> bool:
    """Salesforce trims text, and keeps an e-mail address in its own case."""
    if isinstance(sent, bool) or isinstance(read, bool):
        return sent is read
    if isinstance(sent, (int, float)) and isinstance(read, (int, float)):
        return math.isclose(sent, read, rel_tol=1e-12)
    return _text(sent) == _text(read)


def _is_somebody_like(equal: set[str], names: set[str]) -> bool:
    known = [identity for identity in IDENTITIES if identity <= names]
    if known:
        return any(identity <= equal for identity in known)
    return "LastName" in equal


def _text(value: Any) -> str:
    if value is None:
        return ""
    lines = str(value).replace("\r\n", "\n").strip().casefold()
    return ";".join(sorted(lines.split(";")))
