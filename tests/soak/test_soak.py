"""A short soak of each mode, for the suite; ``make soak`` runs the long one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Seconds.
PATIENCE = 900


@pytest.mark.soak
@pytest.mark.parametrize("mode", [[], ["--without-id"]], ids=["with-id", "without-id"])
def test_soak_with_kills_and_faults_loses_and_doubles_nothing(mode):
    command = [sys.executable, "-m", "tests.soak", "--submissions", "300", "--seed", "1", *mode]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.splitlines()[-1].startswith("lost=0 doubled=0 wrong_status=0 "), done.stderr
    assert done.returncode == 0, done.stdout
