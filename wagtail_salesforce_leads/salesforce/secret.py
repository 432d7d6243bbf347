"""Texts that must not be seen."""

from __future__ import annotations


class Secret(str):
    """A text that no repr shows, so that no error page or report does when it prints locals."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"
