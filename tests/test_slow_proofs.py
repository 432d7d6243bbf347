"""The proofs that take too long for the suite: at least they start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["benchmarks.delivery", "benchmarks.million", "benchmarks.visitor_post"]
)
def test_benchmarks_can_be_imported_without_a_project(module):
    """They choose their database, and with it the settings, before Django is set up."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", f"import {module}"], env=environment, check=True)


@pytest.mark.parametrize("module", ["benchmarks", "tests.soak", "tests.restart"])
def test_slow_proofs_say_what_they_take(module):
    command = [sys.executable, "-m", module, "--help"]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "usage:" in said.stdout
