"""Addresses as browsers see them, and as URL patterns do."""

from __future__ import annotations

from urllib.parse import unquote

from django.urls import get_script_prefix


def path_info(path: str) -> str:
    """The path of an address as servers hand it on: decoded, and without the prefix under which
    they mount the project (SCRIPT_NAME)."""
    return "/" + unquote(path).removeprefix(get_script_prefix()).removeprefix("/")
