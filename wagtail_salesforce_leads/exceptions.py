"""The root of what this package raises. Each station adds its own branch beside its code."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

__all__ = ["PublishBlocked", "SalesforceLeadsError"]


class SalesforceLeadsError(Exception):
    """The root. Its text never holds a token, a secret or a visitor's answer."""


class PublishBlocked(ValidationError):
    """A form that cannot work is being published by a way that skips Wagtail's form validation.

    Outside the root because callers of ``save()`` expect a ValidationError, and by field as
    ``full_clean()`` raises it: wagtail-localize reads ``error_dict``. ``source`` is the object that
    holds the form.
    """

    def __init__(self, message: Any, *, source: Any = None) -> None:
        super().__init__({NON_FIELD_ERRORS: message})
        self.source = source
