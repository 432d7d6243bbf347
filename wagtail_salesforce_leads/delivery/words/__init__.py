"""Each code in the editor's words: what is the matter, and what repairs it.

Salesforce's own message is not used: it quotes what the visitor typed, and often speaks to
programmers. Permitted staff find it on the attempt.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from .repairs import REPAIRS, REPAIRS_OF_FAILED
from .sentences import NAMED, SENTENCES


def words(code: str, fields: Iterable[str] = (), *, has_failed: bool = False) -> tuple[str, str]:
    """(sentence, repair) for a ``Delivery.cause`` and its ``cause_fields``, in the active language.

    ``has_failed``: nothing is tried any more, so that no repair may say so.
    A code we have no words for is shown as it is, so that it can be looked up.
    """
    names = ", ".join(fields)
    if code not in SENTENCES:
        sentence = _("Salesforce refused the lead (%(code)s).") % {"code": code}
        return sentence, str(REPAIRS["unknown_code"])
    template = NAMED[code] if names and code in NAMED else SENTENCES[code]
    repairs = REPAIRS_OF_FAILED if has_failed else REPAIRS
    return str(template) % {"fields": names}, str(repairs.get(code, ""))
