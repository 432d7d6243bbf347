"""A database server of its own crashes under a working cluster, and comes back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .servers import SERVERS

ROOT = Path(__file__).resolve().parents[2]
#: Seconds.
PATIENCE = 600


@pytest.mark.soak
@pytest.mark.parametrize("database", SERVERS)
def test_database_that_crashes_and_comes_back_loses_and_doubles_nothing(database):
    if SERVERS[database].is_missing():
        pytest.skip(f"No {database} server to start here")
    command = [sys.executable, "-m", "tests.restart", database]
    options = ["--submissions", "600", "--crashes", "2"]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    expected = "lost=0 doubled=0 wrong_status=0 person=0 waiting=0 "
    assert done.stdout.splitlines()[-1].startswith(expected), done.stderr
    assert done.returncode == 0, done.stdout
