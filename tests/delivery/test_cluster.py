"""The queue for real: a cluster that starts late, or is killed with a lead in its hands."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.orgs.processes import eventually
from tests.submitting import live
from wagtail_salesforce_leads.delivery import tasks
from wagtail_salesforce_leads.models import Delivery, LeadSubmission

from .cluster import Cluster

PERSON = {"name": "Hanako", "mail": "hanako@example.com", "company": "Acme"}


@pytest.fixture
def cluster(tmp_path):
    running = Cluster(tmp_path / "cluster.log")
    yield running
    running.stop()


@pytest.fixture
def version(org):
    cache.clear()
    fields = [*live.FIELDS, live.field("company", required=True)]
    mapping = [*live.MAPPING, live.row("company", "Company")]
    return live.publish(live.make_page(), org=org, sync=True, fields=fields, mapping=mapping)


def submit(client, version) -> None:
    assert live.post(client, version, PERSON).status_code == 303


def state() -> str:
    return Delivery.objects.values_list("state", flat=True).get()


def test_submit_with_cluster_stopped_goes_out_when_it_starts(client, salesforce, version, cluster):
    calls = len(salesforce.calls())
    submit(client, version)
    assert LeadSubmission.objects.get().answers["name"] == "Hanako"
    assert len(salesforce.calls()) == calls
    assert state() == Delivery.State.DUE

    cluster.start()

    eventually(lambda: state() == Delivery.State.DONE, seconds=60)
    assert [lead["LastName"] for lead in salesforce.leads()] == ["Hanako"]


def test_cluster_killed_while_sending_makes_the_lead_once(
    client, salesforce, version, cluster, settings
):
    settings.WAGTAIL_SALESFORCE_LEADS |= {"LEASE": 1.0}
    salesforce.fault("commit_then_hang", path="/composite$", method="POST", times=1)
    cluster.start()
    submit(client, version)
    eventually(lambda: Delivery.objects.exclude(sent_at=None).exists(), seconds=60)
    eventually(lambda: len(salesforce.leads()) == 1)

    cluster.kill()

    assert state() == Delivery.State.SENDING
    cluster.start()
    eventually(lambda: tasks.sweep() or state() == Delivery.State.DONE, seconds=90)
    assert len(salesforce.leads()) == 1
