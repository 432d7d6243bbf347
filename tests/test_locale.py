from __future__ import annotations

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import wagtail_salesforce_leads

PACKAGE = Path(wagtail_salesforce_leads.__file__).parent
PO = Path("locale/ja/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")

needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext"), reason="GNU gettext is not installed here: no xgettext, no msgfmt"
)


@dataclass
class Entry:
    flags: str = ""
    text: dict[str, str] = field(default_factory=dict)

    @property
    def msgid(self) -> str:
        return self.text["msgid"]

    @property
    def translation(self) -> str:
        return self.text.get("msgstr") or self.text.get("msgstr[0]", "")


def entries_of(po: Path) -> list[Entry]:
    """What a ``.po`` file says, its header left out."""
    entries = [_entry(block) for block in po.read_text(encoding="utf-8").split("\n\n")]
    return [entry for entry in entries if entry.text.get("msgid")]


def _entry(block: str) -> Entry:
    entry, keyword = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#,"):
            entry.flags += line
        elif not line.startswith("#"):
            word, _, quoted = line.partition('"')
            keyword = word.strip() or keyword
            entry.text[keyword] = entry.text.get(keyword, "") + ast.literal_eval('"' + quoted)
    return entry


def test_every_string_has_a_settled_japanese_translation():
    entries = entries_of(PACKAGE / PO)

    assert len(entries) > 500
    assert [entry.msgid for entry in entries if not entry.translation] == []
    assert [entry.msgid for entry in entries if "fuzzy" in entry.flags] == []


def test_a_translation_has_the_placeholders_of_its_original():
    wrong = [
        entry.msgid
        for entry in entries_of(PACKAGE / PO)
        if sorted(PLACEHOLDER.findall(entry.text.get("msgid_plural", entry.msgid)))
        != sorted(PLACEHOLDER.findall(entry.translation))
    ]

    assert wrong == []


def test_the_compiled_catalogue_says_what_the_source_says():
    with (PACKAGE / PO).with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)

    entries = entries_of(PACKAGE / PO)
    said = [
        catalogue.ngettext(entry.msgid, entry.text["msgid_plural"], 2)
        if "msgid_plural" in entry.text
        else catalogue.gettext(entry.msgid)
        for entry in entries
    ]
    assert said == [entry.translation for entry in entries]
    assert catalogue.info()["language"] == "ja"


@needs_gettext
def test_collecting_again_finds_nothing_new_and_nothing_gone(tmp_path):
    copy = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "static"))
    collect = ["-m", "django", "makemessages", "--locale", "ja", "--no-wrap", "--no-obsolete"]
    # Without this suite's DJANGO_SETTINGS_MODULE, which is not to be found from there.
    env = {name: text for name, text in os.environ.items() if not name.startswith("DJANGO_")}
    subprocess.run([sys.executable, *collect], cwd=copy, env=env, check=True, capture_output=True)

    collected = {entry.msgid for entry in entries_of(copy / PO)}
    kept = {entry.msgid for entry in entries_of(PACKAGE / PO)}
    assert collected - kept == set()
    assert kept - collected == set()
