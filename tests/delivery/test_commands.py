from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from wagtail_salesforce_leads.delivery import tasks
from wagtail_salesforce_leads.delivery.upkeep import schedules
from wagtail_salesforce_leads.models import Delivery, Heartbeat, LeadSubmission, OrgLane
from wagtail_salesforce_leads.models.leases import from_now

State = Delivery.State


@pytest.fixture
def upkeep(monkeypatch) -> list[str]:
    """The names of the jobs that ran."""
    ran: list[str] = []
    for job in schedules.UPKEEP:

        def run(name=job.task):
            ran.append(name)
            Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": from_now(0)})

        monkeypatch.setattr(tasks, job.task, run)
    return ran


def deliver() -> None:
    call_command("salesforce_deliver", verbosity=0)


def test_deliver_sends_all_that_is_due_without_a_cluster(salesforce, org, submit):
    for number in range(3):
        submit(org, LastName=f"Visitor {number}")
    out = StringIO()
    call_command("salesforce_deliver", stdout=out)
    assert out.getvalue() == "0 leads are still to be sent.\n"
    assert len(salesforce.leads(1)) == 3


def test_deliver_does_the_upkeep_of_a_site_without_a_cluster(
    salesforce, org, submit, settings, mailoutbox, admin_user
):
    settings.WAGTAIL_SALESFORCE_LEADS = {**settings.WAGTAIL_SALESFORCE_LEADS, "RETENTION_DAYS": 30}
    old, failed = submit(org), submit(org)
    Delivery.objects.filter(pk=old.pk).update(state=State.DONE)
    LeadSubmission.objects.filter(pk=old.submission_id).update(submitted_at=from_now(-31 * 86400))
    Delivery.objects.filter(pk=failed.pk).update(state=State.FAILED, cause="STRING_TOO_LONG")

    deliver()

    assert list(LeadSubmission.objects.values_list("pk", flat=True)) == [failed.submission_id]
    assert [sent.subject for sent in mailoutbox] == ["1 lead is not in Salesforce"]
    assert OrgLane.objects.get().report
    assert set(Heartbeat.objects.values_list("name", flat=True)) >= {
        job.task for job in schedules.JOBS
    }


def test_deliver_tells_of_an_account_that_stopped(org, mailoutbox, admin_user, upkeep):
    OrgLane.objects.update(health="permission", health_code="lead_object")
    deliver()
    deliver()
    (sent,) = mailoutbox
    assert "Missing permission" in sent.subject


def test_deliver_does_upkeep_once_in_its_time(org, upkeep):
    deliver()
    assert upkeep == ["check_orgs", "keep_alive", "purge", "digest"]
    deliver()
    assert len(upkeep) == 4

    Heartbeat.objects.exclude(name="sweep").update(beat_at=from_now(-86400))
    deliver()
    assert upkeep[4:] == ["check_orgs", "purge", "digest"]


def test_upkeep_that_another_process_began_or_a_cluster_does_is_left_to_it(org, upkeep):
    running = schedules.overdue()
    assert next(running).task == "check_orgs"
    Heartbeat.objects.create(name="purge", beat_at=from_now(-3600))
    deliver()
    assert upkeep == ["keep_alive", "digest"]


def status() -> tuple[dict, int]:
    out, code = StringIO(), 0
    try:
        call_command("salesforce_status", "--json", stdout=out)
    except SystemExit as ended:
        code = ended.code
    return json.loads(out.getvalue()), code


def test_status_says_whether_somebody_should_look(salesforce, org, submit):
    found, code = status()
    assert (code, found["last_sweep"]) == (2, None)
    tasks.sweep()
    assert status()[1] == 0
    delivery = submit(org)
    assert status()[0]["counts"]["due"] == 1
    Delivery.objects.filter(pk=delivery.pk).update(due_at=from_now(-1000))
    assert status()[1] == 2
    Delivery.objects.filter(pk=delivery.pk).update(state=State.FAILED)
    assert status()[1] == 1
    Delivery.objects.filter(pk=delivery.pk).update(state=State.DONE)
    OrgLane.objects.update(health="reconnect")
    assert status()[1] == 1


def test_status_counts_what_is_done_for_a_day_only(org, submit):
    for hours in (1, 23, 25):
        delivery = submit(org)
        due_at = from_now(-hours * 3600)
        Delivery.objects.filter(pk=delivery.pk).update(state=State.DONE, due_at=due_at)
    found, _code = status()
    assert found["done_last_day"] == 2
    assert "done" not in found["counts"]


@pytest.mark.parametrize("flag", [[], ["--json"]])
def test_status_shows_states_and_orgs(org, submit, flag):
    submit(org)
    tasks.sweep()
    out = StringIO()
    call_command("salesforce_status", *flag, stdout=out)
    assert "Acme 1" in out.getvalue()
    assert "due" in out.getvalue()


def reconcile(*options: str) -> tuple[str, int]:
    out, code = StringIO(), 0
    try:
        call_command("salesforce_reconcile", *options, stdout=out)
    except SystemExit as ended:
        code = ended.code
    return out.getvalue().strip(), code


def test_reconcile_counts_sent_found_deleted_and_missing(salesforce, org, submit):
    deliveries = [submit(org, LastName=f"Visitor {number}") for number in range(4)]
    tasks.deliver(org.pk)
    assert reconcile() == ("Acme 1 (production): sent=4 found=4 deleted=0 missing=0 doubled=0", 0)

    first, second = (Delivery.objects.get(pk=one.pk) for one in deliveries[:2])
    salesforce.control("DELETE", f"orgs/1/records/Lead/{first.lead_id}")
    Delivery.objects.filter(pk=second.pk).update(lead_id="00Q5g000000ZZZZEAE")
    line, code = reconcile()
    assert f"found=2 deleted=1 (deliveries {first.pk}) missing=1 (deliveries {second.pk})" in line
    assert code == 1
    assert reconcile("--until", "2020-01-01")[0].startswith("Acme 1 (production): sent=0")
