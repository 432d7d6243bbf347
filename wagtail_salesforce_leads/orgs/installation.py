"""Which installation this is, so that a copy of its database knows that it is a copy."""

from __future__ import annotations

import hashlib

from django.db import connections, router

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import SalesforceGrant


def installation_id() -> str:
    """64 characters, of the setting INSTALLATION, or else of where the database is."""
    return hashlib.sha256((settings.INSTALLATION or _database_address()).encode()).hexdigest()


def _database_address() -> str:
    database = connections[router.db_for_write(SalesforceGrant)].settings_dict
    place = (database.get(key) or "" for key in ("ENGINE", "HOST", "PORT", "NAME"))
    return "|".join(str(part) for part in place)
