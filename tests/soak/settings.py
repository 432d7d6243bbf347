"""The tests' project with short times, on a database of its own and towards a running simulator."""

from __future__ import annotations

import json
import os

from tests.site.settings import *  # noqa: F403
from tests.site.settings import DATABASES, Q_CLUSTER, WAGTAIL_SALESFORCE_LEADS

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = os.environ["SOAK_SQLITE"]

# Shorter than in production by about the same factor, so that leases end within a soak.
Q_CLUSTER |= {"timeout": 32, "retry": 90, "workers": 2, "log_level": "ERROR"}
WAGTAIL_SALESFORCE_LEADS |= {
    "CALL_DEADLINE": 3.0,
    "CALL_DEADLINE_PER_RECORD": 0.02,
    "CALL_DEADLINE_MAX": 7.0,
    "LEASE": 45.0,
    "TASK_TIMEOUT": 30.0,
    "RETRY_FIRST": 0.5,
    "RETRY_MAX": 5.0,
    # Longer than a call may start late (calls.SEND_WITHIN) and then go on (chaos.LATE) together.
    "LOOK_UP_AFTER": 15.0,
    "RATE_LIMIT": 0,
    "FORM_CEILING": 0,
    **json.loads(os.environ.get("SOAK_SALESFORCE", "{}")),
}
SILENCED_SYSTEM_CHECKS = ["wagtail_salesforce_leads.W062", "wagtail_salesforce_leads.W010"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "ERROR", "handlers": ["console"]},
    "handlers": {"console": {"class": "logging.StreamHandler"}},
}
