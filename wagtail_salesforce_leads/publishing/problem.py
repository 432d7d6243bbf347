"""What can be wrong with a form, in words and with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

#: From the block's value to the place, as in ("salesforce", "mapping", 2).
Path = tuple[str | int, ...]

ACCOUNT = ("salesforce", "account")
CAMPAIGN = ("salesforce", "campaign")
LEAD_STATUS = ("salesforce", "lead_status")
SOURCE = ("salesforce", "lead_source")
MAPPING = ("salesforce", "mapping")


class Severity(str, Enum):
    #: The form cannot work as it is: publishing says so.
    ERROR = "error"
    #: Leads may be refused: shown in the panel and after publishing, never raised.
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """``code`` is stable; ``message`` is in the reader's language and names the repair."""

    code: str
    path: Path
    #: Lazily translated.
    template: Any
    params: dict[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def message(self) -> str:
        return str(self.template) % {name: str(value) for name, value in self.params.items()}

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


#: The panel says the same while one edits.
PROPERTY_GONE = _(
    "Salesforce does not offer %(property)s: it was removed, or the connected user may not "
    "write it. Choose another property, or ask your Salesforce administrator."
)


def property_gone(path: Path, name: str) -> Problem:
    return Problem("property_gone", path, PROPERTY_GONE, {"property": name})
