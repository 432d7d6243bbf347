"""The tests' project with production's times, towards a running simulator."""

from __future__ import annotations

import json
import os

from tests.site.settings import *  # noqa: F403
from tests.site.settings import DATABASES, Q_CLUSTER, WAGTAIL_SALESFORCE_LEADS

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = os.environ["BENCH_SQLITE"]
Q_CLUSTER |= {"workers": int(os.environ.get("BENCH_WORKERS", "1")), "log_level": "ERROR"}
# The plain hook is timed by its task rows.
Q_CLUSTER["save_limit"] = 0
WAGTAIL_SALESFORCE_LEADS |= {
    "RATE_LIMIT": 0,
    "FORM_CEILING": 0,
    **json.loads(os.environ.get("BENCH_SALESFORCE", "{}")),
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "ERROR", "handlers": ["console"]},
    "handlers": {"console": {"class": "logging.StreamHandler"}},
}
