"""Record ids: 15 case-sensitive characters, or 18 with a suffix that survives lost case."""

from __future__ import annotations

import re

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?", re.ASCII)

KEY_PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "User": "005",
    "Organization": "00D",
    "Group": "00G",
    "Lead": "00Q",
    "CampaignMember": "00v",
    "AssignmentRule": "01Q",
    "CampaignMemberStatus": "01Y",
    "QueryCursor": "01g",
    "Campaign": "701",
}
OBJECTS = {prefix: name for name, prefix in KEY_PREFIXES.items()}


def with_suffix(id15: str) -> str:
    """The 18-character form: each suffix character tells the case of five others."""
    bits = [
        sum(1 << place for place, char in enumerate(id15[start : start + 5]) if char.isupper())
        for start in (0, 5, 10)
    ]
    return id15 + "".join(SUFFIX[value] for value in bits)


def canonical(value: object) -> str | None:
    """The 18-character form of a well-formed id, or None."""
    if not isinstance(value, str) or not ID.fullmatch(value):
        return None
    return with_suffix(value[:15])


def object_of(record_id: str) -> str | None:
    return OBJECTS.get(record_id[:3])


def make(object_name: str, pod: str, number: int) -> str:
    """The id of record `number` in the org whose instance has the two characters `pod`."""
    digits = ""
    for _ in range(10):
        number, place = divmod(number, 62)
        digits = BASE62[place] + digits
    return with_suffix(KEY_PREFIXES[object_name] + pod + digits)
