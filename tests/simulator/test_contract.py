"""The table in `contract.md` names a test for every behaviour; here the names are checked."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROW = re.compile(r"\| (\d\.?\d*) \| (.+?) \| `([\w/]+\.py)::([\w:]+)` \|")
#: The contract's sections that say how Salesforce behaves.
SECTIONS = (
    "1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 1.10 2 3.1 3.2 3.3 3.4 4 "
    "5.1 5.2 5.3 5.4 5.5 5.6 5.7 6 7.1 7.2 7.3 8 9"
)
ROWS = ROW.findall((HERE / "contract.md").read_text())


@cache
def names_in(file: str) -> set[str]:
    """Names of the tests in a file, those of a class as `Class::test`."""
    names = set()
    for node in ast.parse((HERE / file).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = (each.name for each in node.body if isinstance(each, ast.FunctionDef))
            names |= {f"{node.name}::{name}" for name in inner}
    return {name for name in names if name.rpartition("::")[2].startswith("test_")}


@pytest.mark.parametrize("section", SECTIONS.split())
def test_section_of_the_contract_has_behaviours(section: str) -> None:
    assert [row for row in ROWS if row[0] == section]


@pytest.mark.parametrize(("behaviour", "file", "test"), [row[1:] for row in ROWS])
def test_behaviour_names_a_test_that_exists(behaviour: str, file: str, test: str) -> None:
    assert test in names_in(file), behaviour


def test_every_line_of_the_table_is_understood() -> None:
    lines = (HERE / "contract.md").read_text().splitlines()
    assert len([line for line in lines if line.startswith("| ")]) == len(ROWS) + 1
