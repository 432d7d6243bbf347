"""Counts as people read them."""

from __future__ import annotations

from django.utils.formats import number_format


def grouped(number: int) -> str:
    """1,534 as the language writes it, whether or not the site sets USE_THOUSAND_SEPARATOR."""
    return number_format(number, force_grouping=True)
