"""A mail server that refuses one address."""

from __future__ import annotations

from collections.abc import Callable


class Refusing:
    """Takes the place of ``send_mail``; ``reached`` are those that it took."""

    def __init__(self, address: str, error: Callable[[object], Exception]) -> None:
        self.address = address
        self.error = error
        self.reached: list[str] = []

    def __call__(self, subject: str, message: str, to: list[str]) -> None:
        if self.address in to:
            raise self.error(to)
        self.reached.extend(to)
