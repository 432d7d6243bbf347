"""The documentation says what is true."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.template import engines

from wagtail_salesforce_leads import signals
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


def test_permissions_reference_names_exactly_the_permissions(db):
    """Of the settings' four Wagtail uses one."""
    ours = Permission.objects.filter(content_type__app_label="wagtail_salesforce_leads")
    other = ours.filter(codename__endswith="salesforcesettings").exclude(codename__contains="chan")
    text = (ROOT / "docs/reference/permissions.md").read_text()
    named = set(re.findall(r"`([a-z]+_[a-z]+)`", text))
    assert named == set(ours.exclude(pk__in=other).values_list("codename", flat=True))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_make_help_names_every_command_of_the_readme():
    commands = set(re.findall(r"\bmake (\w+)", (ROOT / "README.md").read_text()))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert commands <= targets


SNIPPETS = [
    (page, language, text)
    for page in PAGES
    for language, text in re.findall(
        r"^ *```(python|html)\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL
    )
]
#: From where a site may import; everything else may move.
PUBLIC = {f"wagtail_salesforce_leads.{name}" for name in ("blocks", "panels", "signals", "testing")}


def test_python_of_the_docs_imports_public_names_that_exist():
    found = 0
    for _page, language, text in SNIPPETS:
        for line in re.findall(r"^from wagtail_salesforce_leads.* import .*", text, re.MULTILINE):
            module, _, names = line.removeprefix("from ").partition(" import ")
            assert language == "python"
            assert module in PUBLIC
            public = import_module(module).__all__
            assert set(names.split(", ")) <= set(public), line
            found += 1
    assert found >= 6


def test_templates_of_the_docs_compile():
    engine = engines["django"]
    templates = [text for _page, language, text in SNIPPETS if language == "html"]
    assert [engine.from_string(text) for text in templates if "{%" in text]


def test_documented_pages_without_script_take_the_sites_look(rf):
    [text] = [text for _page, _language, text in SNIPPETS if "words_page.html" in text]
    words = engines["django"].from_string(text).render({"message": "Closed."}, rf.get("/"))
    assert "<main><h1>Closed.</h1></main>" in words


def test_extending_names_what_the_script_looks_for_and_fires():
    package = ROOT / "wagtail_salesforce_leads"
    script = (package / "static/wagtail_salesforce_leads/form.js").read_text()
    marks = set(re.findall(r"\bdata-(?:lead-form|message)[a-z-]*|lead-form:[a-z]+", script))
    text = (ROOT / "docs/how-to/extend.md").read_text()
    assert {mark for mark in marks if not re.search(rf"\b{mark}\b(?!-)", text)} == set()


def test_extending_names_every_template_that_visitors_see():
    folder = ROOT / "wagtail_salesforce_leads/templates/wagtail_salesforce_leads"
    inside_the_admin = {"chart.html", "home.html"}
    names = {path.name for path in folder.glob("*.html")} - inside_the_admin
    text = (ROOT / "docs/how-to/extend.md").read_text()
    assert {name for name in names if name not in text} == set()


def test_docs_name_every_command_and_signal():
    text = "\n".join(page.read_text() for page in PAGES)
    commands = (ROOT / "wagtail_salesforce_leads/management/commands").glob("salesforce_*.py")
    names = {path.stem for path in commands} | set(signals.__all__)
    assert {name for name in names if name not in text} == set()
