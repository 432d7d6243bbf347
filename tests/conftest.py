from tests.databases import (  # noqa: F401
    copied_database,
    django_db_setup,
    migrated_data,
    pytest_runtestloop,
)
