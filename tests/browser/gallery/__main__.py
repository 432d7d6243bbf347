"""``python -m tests.browser.gallery FOLDER [--only NAME]``; pytest takes the rest, as -n 2."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from . import FOLDER


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.gallery")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", metavar="NAME", help="states with this in their name")
    asked, others = parser.parse_known_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER] = str(asked.folder.resolve())
    pictures = Path(__file__).with_name("pictures.py")
    return pytest.main([str(pictures), "-m", "browser", "-k", asked.only, *others])


if __name__ == "__main__":
    sys.exit(main())
