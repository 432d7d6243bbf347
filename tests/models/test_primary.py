"""A site that routes reads to a replica: whatever has just been written is read where it is."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client

from tests.delivery.conftest import connect, org, salesforce, salesforce_process  # noqa: F401
from tests.submitting import live
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery, LeadForm


class ReadsFromReplica:
    """As Django's documentation has it, for our models and the test site's."""

    def db_for_read(self, model, **hints):
        ours = ("wagtail_salesforce_leads", "test_site")
        return "replica" if model._meta.app_label in ours else None

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True


@pytest.fixture
def replica(settings, tmp_path, transactional_db):
    """It lags so far behind that it has not even our tables: who reads it gets an error."""
    connections.databases["replica"] = {
        **connections.databases["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": tmp_path / "replica.sqlite3",
        "OPTIONS": {},
    }
    settings.DATABASE_ROUTERS = [ReadsFromReplica()]
    yield
    connections["replica"].close()
    del connections["replica"]
    del connections.databases["replica"]


@pytest.fixture
def page(replica, salesforce, org):  # noqa: F811
    """Its form is published, with Lead sync on."""
    page = live.make_page()
    company = live.row("Acme", "Company", source="constant")
    live.publish(page, org=org, sync=True, mapping=[*live.MAPPING, company])
    return page


def test_lead_goes_its_whole_way_past_a_replica_that_lags(salesforce, org, page):  # noqa: F811
    live.post(Client(), LeadForm.objects.get().current_version)
    deliver(org.pk)
    assert Delivery.objects.get().state == Delivery.State.DONE
    assert [lead["LastName"] for lead in salesforce.leads(1)] == ["Lee"]


def test_relations_and_rows_read_again_come_from_the_primary(page, org):  # noqa: F811
    form = LeadForm.objects.get()
    org.refresh_from_db()
    assert form.current_version in form.versions.all()
    assert form.current_version.org.lane.org == org


def test_form_of_an_imported_page_is_compiled_from_the_primary(page):
    """A page model is the site's: its router may send that to the replica as well."""
    LeadForm.objects.all().delete()
    call_command("salesforce_compile_forms")
    assert LeadForm.objects.get().source == page
