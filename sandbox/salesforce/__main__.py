"""`python -m sandbox.salesforce`: see README.md for what the environment may say."""

from __future__ import annotations

import asyncio

from .options import Options
from .server import run

asyncio.run(run(Options.from_environment()))
