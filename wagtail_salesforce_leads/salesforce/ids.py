"""Salesforce's record ids: 15 characters that know case, 18 with a check suffix that does not."""

from __future__ import annotations

import re

from wagtail_salesforce_leads.exceptions import SalesforceLeadsError

RECORD_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?", re.ASCII)
SUFFIX_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class RecordIdRefused(SalesforceLeadsError, ValueError):
    """A text given as a record id is none: it must not become part of a URL or a query."""


def is_record_id(text: object) -> bool:
    return isinstance(text, str) and RECORD_ID.fullmatch(text) is not None


def id18(record_id: str) -> str:
    """The 18-character form of a 15- or 18-character id.

    Each suffix character counts five characters of the id, its bits telling which are capitals.
    """
    if not is_record_id(record_id):
        raise RecordIdRefused("Not a Salesforce record id.")
    if len(record_id) == 18:
        return record_id
    return record_id + "".join(_suffix(record_id[i : i + 5]) for i in (0, 5, 10))


def _suffix(five: str) -> str:
    return SUFFIX_ALPHABET[sum(char.isupper() << place for place, char in enumerate(five))]
