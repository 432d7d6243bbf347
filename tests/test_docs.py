"""The documentation says what is true."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from wagtail_salesforce_leads.conf import Defaults

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_settings_reference_names_exactly_the_settings():
    lines = (ROOT / "docs/reference/settings.md").read_text().splitlines()
    names = {name for line in lines for name in re.findall(r"`([A-Z_]+)`", line.split(" | ")[0])}
    assert names == {field.name for field in fields(Defaults)}


def test_system_checks_reference_names_every_check():
    text = (ROOT / "docs/reference/system-checks.md").read_text()
    code = "\n".join(
        path.read_text() for path in (ROOT / "wagtail_salesforce_leads").rglob("checks.py")
    )
    ids = set(re.findall(r"""(?:wagtail_salesforce_leads\.|\{ID\}\.|")([EW]0\d\d)""", code))
    assert ids == set(re.findall(r"`([EW]0\d\d)`", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_make_help_names_every_command_of_the_readme():
    commands = set(re.findall(r"\bmake (\w+)", (ROOT / "README.md").read_text()))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert commands <= targets
