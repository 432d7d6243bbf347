"""What may be stored of what a visitor sends. Pure."""

from __future__ import annotations

import re
from typing import Any

#: NUL and the C0 controls break databases and JSON, lone surrogates break UTF-8, the two
#: non-characters break XML. Tab and line feed stay.
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LINE_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")


def clean_text(text: str) -> str:
    """``text`` without what cannot be stored or sent, with line feeds as its only line breaks."""
    return UNSTORABLE.sub("", LINE_BREAKS.sub("\n", text))


def clean_line(text: str, max_length: int | None = None) -> str:
    """``text`` on one line, stripped, cut to ``max_length`` characters."""
    line = clean_text(text).replace("\n", " ").replace("\t", " ")
    return line.strip()[:max_length].rstrip()


def whole_number(text: str) -> int | None:
    """A number as we wrote it into a hidden input, None for what somebody else wrote there."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def clean_answer(answer: Any) -> Any:
    """An answer with each of its texts cleaned."""
    if isinstance(answer, str):
        return clean_text(answer)
    if isinstance(answer, list):
        return [clean_answer(item) for item in answer]
    return answer
