from __future__ import annotations

import pytest
from django.db import connection
from wagtail.models import Site


@pytest.fixture(autouse=True)
def migrated_data(django_db_serialized_rollback):
    """What Wagtail's migrations made (root page, site, locale) is there for every test.

    A test with real transactions ends by emptying the database; Django fills it again for the next
    one of these only, and with pytest-xdist another kind of test may follow.
    """
    contents = getattr(connection, "_test_serialized_contents", "")
    if contents and not Site.objects.exists():
        connection.creation.deserialize_db_from_string(contents)
