"""Text to tokens, and refusals that point into the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import Refusal

TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<string>'(?:[^'\\]|\\.)*')"
    r"|(?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<date>\d{4}-\d\d-\d\d)"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_.]*(?::\d+)?)"
    r"|(?P<sign>!=|<>|<=|>=|[=<>(),])"
    r"|(?P<end>\Z))",
    re.ASCII | re.DOTALL,
)


class Token(NamedTuple):
    kind: str
    text: str
    start: int


def tokens_of(text: str) -> list[Token]:
    """All tokens, the last of kind "end". Raises Refusal MALFORMED_QUERY."""
    tokens: list[Token] = []
    position = 0
    while not tokens or tokens[-1].kind != "end":
        found = TOKEN.match(text, position)
        if found is None:
            rest = text[position:].lstrip()
            start = len(text) - len(rest)
            raise at(text, start, "MALFORMED_QUERY", f"unexpected token: '{rest[:1]}'")
        kind = found.lastgroup
        tokens.append(Token(kind, found[kind], found.start(kind)))
        position = found.end()
    return tokens


def at(text: str, start: int, code: str, message: str) -> Refusal:
    """A refusal that points at a place of the statement."""
    line_start = text.rfind("\n", 0, start) + 1
    column, row = start - line_start, text.count("\n", 0, start) + 1
    line = text[line_start:].split("\n", 1)[0]
    where = f"\n{line}\n{' ' * column}^\nERROR at Row:{row}:Column:{column + 1}\n"
    return Refusal(code, where + message)
