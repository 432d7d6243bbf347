"""Text to query: a recursive-descent parser that fails in Salesforce's words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..errors import Refusal
from .tokens import Token, at, tokens_of
from .tree import Comparison, Junction, Literal, Order, Query

MAX_STATEMENT = 100_000
MAX_STRING = 4_000
MAX_OFFSET = 2_000
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
DATE_LITERAL = re.compile(
    r"TODAY|YESTERDAY|TOMORROW|THIS_MONTH|THIS_YEAR|LAST_N_DAYS:\d+|NEXT_N_DAYS:\d+",
    re.IGNORECASE,
)
SIGNS = {"=", "!=", "<>", "<", ">", "<=", ">="}
LIST_WORDS = {"IN", "INCLUDES", "EXCLUDES"}


@lru_cache(maxsize=256)
def parse(text: str) -> Query:
    """Raises Refusal MALFORMED_QUERY."""
    if len(text) > MAX_STATEMENT:
        raise Refusal("QUERY_TOO_COMPLICATED", "SOQL statements cannot be longer than 100000")
    return Parser(text).query()


class Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.place = 0

    def query(self) -> Query:
        self.expect("SELECT")
        fields, counts = self.selected()
        self.expect("FROM")
        name = self.name()
        where = self.disjunction() if self.accept("WHERE") else None
        order = self.orders() if self.accept("ORDER") else ()
        limit = self.whole_number() if self.accept("LIMIT") else None
        offset_start = self.token.start
        offset = self.whole_number() if self.accept("OFFSET") else 0
        if offset > MAX_OFFSET:
            message = f"Maximum SOQL offset allowed is {MAX_OFFSET}"
            raise at(self.text, offset_start, "NUMBER_OUTSIDE_VALID_RANGE", message)
        all_rows = self.accept("ALL") and self.expect("ROWS")
        if self.token.kind != "end":
            raise self.unexpected()
        return Query(
            self.text,
            tuple(fields),
            counts,
            name.text,
            name.start,
            where,
            tuple(order),
            limit,
            offset,
            bool(all_rows),
        )

    def selected(self) -> tuple[list[tuple[str, int]], bool]:
        if self.is_word("COUNT") and self.tokens[self.place + 1].text == "(":
            self.place += 2
            if self.token.text != ")":
                self.name()
            self.expect(")")
            return [], True
        fields = [self.field()]
        while self.accept(","):
            fields.append(self.field())
        return fields, False

    def field(self) -> tuple[str, int]:
        name = self.name()
        if name.text.upper() == "FIELDS" and self.accept("("):
            kind = self.name().text.upper()
            self.expect(")")
            return f"FIELDS({kind})", name.start
        return name.text, name.start

    def disjunction(self) -> Any:
        """Salesforce wants parentheses where AND and OR meet."""
        first = self.unit()
        word = next((w for w in ("AND", "OR") if self.is_word(w)), None)
        if word is None:
            return first
        parts = [first]
        while self.accept(word):
            parts.append(self.unit())
        if self.is_word("AND") or self.is_word("OR"):
            raise self.unexpected()
        return Junction(word, tuple(parts))

    def unit(self) -> Any:
        if self.accept("NOT"):
            return Junction("NOT", (self.unit(),))
        if self.accept("("):
            inner = self.disjunction()
            self.expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> Comparison:
        name = self.name()
        if self.accept("NOT"):
            self.expect("IN")
            return Comparison(name.text, "NOT IN", self.literals(), name.start)
        word = self.token.text.upper()
        if word in LIST_WORDS:
            self.place += 1
            return Comparison(name.text, word, self.literals(), name.start)
        if word != "LIKE" and word not in SIGNS:
            raise self.unexpected()
        self.place += 1
        sign = "!=" if word == "<>" else word
        return Comparison(name.text, sign, (self.literal(is_pattern=sign == "LIKE"),), name.start)

    def literals(self) -> tuple[Literal, ...]:
        self.expect("(")
        found = [self.literal()]
        while self.accept(","):
            found.append(self.literal())
        self.expect(")")
        return tuple(found)

    def literal(self, *, is_pattern: bool = False) -> Literal:
        token = self.token
        word = token.text.upper()
        self.place += 1
        if token.kind == "string":
            return Literal("string", self.unescape(token, is_pattern))
        if token.kind == "number":
            return Literal("number", float(token.text))
        if token.kind in {"date", "datetime"}:
            return Literal(token.kind, token.text)
        if word in {"TRUE", "FALSE"}:
            return Literal("boolean", word == "TRUE")
        if word == "NULL":
            return Literal("null", None)
        if DATE_LITERAL.fullmatch(token.text):
            return Literal("literal", word)
        self.place -= 1
        raise self.unexpected()

    def unescape(self, token: Token, is_pattern: bool) -> str:
        r"""The string's text; in a pattern `\%` and `\_` stay escaped."""
        body = token.text[1:-1]
        if len(body) > MAX_STRING:
            raise at(self.text, token.start, "MALFORMED_QUERY", "string literal is too long")

        def replace(found: re.Match[str]) -> str:
            char = found[1]
            if is_pattern and char in "%_\\":
                return found[0]
            if char not in ESCAPES:
                message = (
                    f"Invalid string literal '{body}'. Illegal character sequence "
                    f"'\\{char}' in string literal"
                )
                raise at(self.text, token.start, "MALFORMED_QUERY", message)
            return ESCAPES[char]

        return re.sub(r"\\(.)", replace, body, flags=re.DOTALL)

    def orders(self) -> list[Order]:
        self.expect("BY")
        found = [self.order()]
        while self.accept(","):
            found.append(self.order())
        return found

    def order(self) -> Order:
        name = self.name()
        descending = bool(self.accept("DESC")) or (self.accept("ASC") and False)
        nulls_last = False
        if self.accept("NULLS"):
            nulls_last = bool(self.accept("LAST")) or (self.expect("FIRST") and False)
        return Order(name.text, bool(descending), bool(nulls_last), name.start)

    def whole_number(self) -> int:
        token = self.token
        if token.kind != "number" or not token.text.isdigit():
            raise self.unexpected()
        self.place += 1
        return int(token.text)

    def name(self) -> Token:
        token = self.token
        if token.kind != "name":
            raise self.unexpected()
        self.place += 1
        return token

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def is_word(self, word: str) -> bool:
        return self.token.kind != "string" and self.token.text.upper() == word

    def accept(self, word: str) -> bool:
        if not self.is_word(word):
            return False
        self.place += 1
        return True

    def expect(self, word: str) -> bool:
        if not self.accept(word):
            raise self.unexpected()
        return True

    def unexpected(self) -> Refusal:
        token = self.token
        shown = "<EOF>" if token.kind == "end" else token.text
        return at(self.text, token.start, "MALFORMED_QUERY", f"unexpected token: '{shown}'")
