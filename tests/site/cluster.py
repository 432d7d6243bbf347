"""The test site's settings for a process of its own: a test hands it its database and options."""

from __future__ import annotations

import json
import os

from .settings import *  # noqa: F403
from .settings import DATABASES, WAGTAIL_SALESFORCE_LEADS

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
WAGTAIL_SALESFORCE_LEADS |= json.loads(os.environ["TEST_LEADS"])
