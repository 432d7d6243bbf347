from __future__ import annotations

import pytest
from django.db import connection

from wagtail_salesforce_leads.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_unsettled_are_found_without_reading_those_that_are_done():
    assert "SCAN" not in Delivery.objects.unsettled().values("pk").explain()
