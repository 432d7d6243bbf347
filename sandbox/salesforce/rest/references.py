"""`@{ref.path}` in the addresses and bodies of composite parts (contract 5.3)."""

from __future__ import annotations

import re
from typing import Any

from ..errors import Refusal
from .calls import Answer

REFERENCE = re.compile(r"@\{([^}]*)\}")
LEGAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*", re.ASCII)
STEP = re.compile(r"([A-Za-z0-9_]+)((?:\[\d+\])*)", re.ASCII)


class Answers:
    """What the earlier parts of a composite answered, by their reference id."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}

    def fill(self, value: Any) -> Any:
        """A copy in which each reference is replaced. Raises Refusal PROCESSING_HALTED."""
        if isinstance(value, str):
            return REFERENCE.sub(lambda found: self.look_up(found[1]), value)
        if isinstance(value, list):
            return [self.fill(each) for each in value]
        if isinstance(value, dict):
            return {key: self.fill(each) for key, each in value.items()}
        return value

    def look_up(self, reference: str) -> str:
        name, _, path = reference.partition(".")
        answer = self.answers.get(name)
        if answer is not None and not answer.is_good:
            raise halted(f"Execution halted as previous operation ({name}) was not successful.")
        value = follow(answer.body, path) if answer is not None and path else None
        if value is None or isinstance(value, (dict, list)):
            raise halted(no_value(reference, name))
        return str(value).lower() if isinstance(value, bool) else str(value)


def follow(body: Any, path: str) -> Any:
    """What `records[0].Id` leads to in the body, None if nowhere."""
    for part in path.split("."):
        step = STEP.fullmatch(part)
        if step is None or not isinstance(body, dict):
            return None
        body = body.get(step[1])
        for index in re.findall(r"\d+", step[2]):
            if not isinstance(body, list) or int(index) >= len(body):
                return None
            body = body[int(index)]
    return body


def halted(message: str) -> Refusal:
    return Refusal("PROCESSING_HALTED", message)


def no_value(reference: str, name: str) -> str:
    return (
        f"Invalid reference specified. No value for {reference} found in {name}. "
        f"{illegal_id(reference)}"
    )


def illegal_id(reference: str) -> str:
    return (
        f"Provided referenceId ('{reference}') must start with a letter or a number, and it can "
        "contain only letters, numbers and underscores ('_')."
    )
