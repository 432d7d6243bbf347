"""The walls between the package's stations: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import wagtail_salesforce_leads

NAME = "wagtail_salesforce_leads"
ROOT = Path(wagtail_salesforce_leads.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)

#: Station -> what it may import of this package.
ALLOWED = {
    "salesforce": {"salesforce", "conf", "exceptions"},
    "models": {"models"},
}
#: Station -> what it may not import of this package.
FORBIDDEN = {
    "blocks": {"delivery", "reports", "panels"},
    "publishing": {"delivery", "reports", "panels"},
    "orgs": {"delivery", "reports", "submitting", "publishing", "blocks"},
    "delivery": {"reports", "panels", "blocks"},
    "submitting": {"reports", "panels", "blocks"},
}
#: What speaks HTTP.
HTTP = {"requests", "requests_oauthlib", "simple_salesforce", "urllib3", "http", "socket"}
#: What reads or writes, queues or asks.
IMPURE = {"django.db", "django.http", "django.core.cache", "django_q", *HTTP}
#: Writes text into a query, no more.
PURE = {"simple_salesforce.format"}
VIEWS_AND_QUEUES = ("django.views", "django.shortcuts", "wagtail.admin.views", "django_q")


def station_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    """The modules that the file imports, by their whole names."""
    package = (NAME, *path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def stations_imported(path: Path) -> set[str]:
    own = (name.split(".") for name in imports_of(path) if name.startswith(f"{NAME}."))
    return {parts[1] for parts in own}


def is_within(name: str, modules: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def files_of(*stations: str) -> list[Path]:
    return [path for path in FILES if station_of(path) in stations]


def test_the_innermost_stations_import_nothing_outside_them():
    wrong = {
        str(path): stations_imported(path) - ALLOWED[station_of(path)]
        for path in files_of(*ALLOWED)
    }
    assert not any(wrong.values()), wrong


def test_no_station_imports_one_that_comes_later():
    wrong = {
        str(path): stations_imported(path) & FORBIDDEN[station_of(path)]
        for path in files_of(*FORBIDDEN)
    }
    assert not any(wrong.values()), wrong


def test_only_one_folder_speaks_http():
    speaking = {
        station_of(path)
        for path in FILES
        if any(is_within(name, HTTP) for name in imports_of(path))
    }
    assert speaking == {"salesforce"}


def test_models_and_salesforce_know_no_view_and_no_queue():
    wrong = [
        (str(path), name)
        for path in files_of("models", "salesforce")
        for name in imports_of(path)
        if name.startswith(VIEWS_AND_QUEUES)
    ]
    assert wrong == []


def test_what_is_marked_pure_neither_asks_nor_stores():
    pure = [path for path in FILES if is_pure(path)]
    impure = {
        str(path.relative_to(ROOT)): name
        for path in pure
        for name in imports_of(path)
        if is_within(name, IMPURE) and not is_within(name, PURE)
    }
    assert len(pure) > 15
    assert impure == {}


def is_pure(path: Path) -> bool:
    return "Pure" in (ast.get_docstring(ast.parse(path.read_text())) or "")


def test_none_names_wagtails_own_base_page():
    """A site may replace it from Wagtail 8.0 on; ``models/pages.py`` knows which one is meant."""
    assert [str(path) for path in FILES if "wagtail.models.Page" in imports_of(path)] == []
