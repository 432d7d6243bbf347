"""One migrated database for a whole run, and the rows of its migrations put back fast.

With pytest-xdist the controller migrates while its workers collect, and each worker copies that
database: migrating takes as long as hundreds of tests. A single process migrates for itself.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.transaction import atomic
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import blocking_manager_key
from wagtail.models import Site
from xdist import is_xdist_controller, is_xdist_worker

#: By table, what the migrations wrote.
first_rows: dict[str, list[tuple]] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    """The workers get their first tests in the controller's loop: from there on they may copy."""
    if not is_xdist_controller(session):
        return (yield)
    with session.config.stash[blocking_manager_key].unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        connection.close()
        try:
            return (yield)
        finally:
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    if is_xdist_worker(request):
        request.getfixturevalue("copied_database")
    else:
        request.getfixturevalue("django_db_setup")  # the one of pytest-django
    with django_db_blocker.unblock():
        keep_rows()


@pytest.fixture(scope="session")
def copied_database(worker_id, django_db_blocker):
    creation = connection.creation
    template = {**connection.settings_dict, "NAME": creation._get_test_db_name()}
    if connection.vendor == "mysql":
        creation._clone_db = copy_tables
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(template)
        creation.clone_test_db(worker_id, verbosity=0)
        connection.settings_dict.update(creation.get_test_db_clone_settings(worker_id))
    yield
    with django_db_blocker.unblock():
        connection.settings_dict.update(template)
        creation.destroy_test_db(suffix=worker_id, verbosity=0)


def copy_tables(source: str, target: str) -> None:
    """Django's own asks for the program ``mysqldump``, which need not be there."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(f"USE `{target}`")
        cursor.execute("SET foreign_key_checks = 0")
        for table in tables:
            cursor.execute(f"SHOW CREATE TABLE `{source}`.`{table}`")
            cursor.execute(cursor.fetchone()[1])
            cursor.execute(f"INSERT INTO `{table}` SELECT * FROM `{source}`.`{table}`")
    connection.close()


def empty_quietly() -> None:
    """PostgreSQL's TRUNCATE makes new files for every table; few of them hold anything."""

    def deletes(style, tables, *, reset_sequences=False, allow_cascade=False):
        return [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]

    connection.ops.sql_flush = deletes


def keep_rows() -> None:
    if connection.vendor == "postgresql":
        empty_quietly()
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if rows := cursor.fetchall():
                first_rows[table] = rows
    # Django would put its JSON back row by row, and this takes a second a test on a busy machine.
    # With none at all it would let each flush make permissions and content types anew.
    connection._test_serialized_contents = "[]"


@pytest.fixture(autouse=True)
def migrated_data(django_db_serialized_rollback):
    """What Wagtail's migrations made (root page, site, locale) is there for every test.

    A test with real transactions ends by emptying the database.
    """
    if first_rows and not Site.objects.exists():
        with atomic(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
            for table, rows in first_rows.items():
                places = ", ".join(["%s"] * len(rows[0]))
                name = connection.ops.quote_name(table)
                cursor.execute(f"DELETE FROM {name}")  # a browser's late request may have written
                cursor.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
