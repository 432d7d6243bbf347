from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from django_q.conf import Conf
from django_q.models import OrmQ
from wagtail.models import Page, Site

from tests.site.models import Notice
from wagtail_salesforce_leads.delivery import nudges
from wagtail_salesforce_leads.models import Delivery, LeadForm, LeadSubmission
from wagtail_salesforce_leads.signals import lead_failed
from wagtail_salesforce_leads.submitting.store import store

from . import live

pytestmark = pytest.mark.django_db

SITE_CODE = "tests.submitting.site_code"


@pytest.fixture
def locked(monkeypatch):
    """The database is locked for the first ``times`` inserts of a delivery."""

    def lock(times: int):
        insert = Delivery.objects.create

        def create(**values):
            nonlocal times
            times -= 1
            if times >= 0:
                raise OperationalError("database is locked")
            return insert(**values)

        monkeypatch.setattr(Delivery.objects, "create", create)
        monkeypatch.setattr("wagtail_salesforce_leads.submitting.store.PAUSE", 0)

    return lock


def only_delivery() -> Delivery:
    return Delivery.objects.get()


queue_in_database = pytest.mark.skipif(not Conf.ORM, reason="the broker is not our database")


@queue_in_database
def test_store_writes_a_nudge_for_a_worker(version):
    store(version, live.ANSWERS, {})
    assert OrmQ.objects.count() == 1


@queue_in_database
def test_store_many_nudges_once(version):
    for _ in range(3):
        store(version, live.ANSWERS, {})
    assert OrmQ.objects.count() == 1


def test_store_prepare_hook_has_the_last_word(version, site_settings):
    site_settings(PREPARE_LEAD=f"{SITE_CODE}.add_company")
    store(version, live.ANSWERS, {})
    assert only_delivery().lead["Company"] == "Lee KK"


@pytest.mark.parametrize("hook", ["raise_with_answer", "forget_to_return", "not_json", "gone"])
def test_store_prepare_hook_that_fails_keeps_the_submission(version, site_settings, caplog, hook):
    site_settings(PREPARE_LEAD=f"{SITE_CODE}.{hook}")
    store(version, live.ANSWERS, {})
    assert LeadSubmission.objects.get().answers == live.ANSWERS
    delivery = only_delivery()
    assert (delivery.state, delivery.cause) == (Delivery.State.FAILED, "payload_failed")
    assert "example.com" not in caplog.text


def test_store_of_a_lead_that_cannot_be_built_tells_the_site_after_the_commit(
    version, site_settings, django_capture_on_commit_callbacks
):
    site_settings(PREPARE_LEAD=f"{SITE_CODE}.gone")
    heard = []

    def listen(delivery, **kwargs) -> None:
        heard.append(delivery.cause)

    def break_down(**kwargs) -> None:
        raise RuntimeError("a site's own code")

    for receiver in (break_down, listen):
        lead_failed.connect(receiver)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            store(version, live.ANSWERS, {})
            assert heard == []
    finally:
        for receiver in (break_down, listen):
            lead_failed.disconnect(receiver)
    assert heard == ["payload_failed"]


def test_store_answer_that_does_not_fit_names_property_and_cause(version):
    store(version, {"name": "x" * 81, "mail": "ann@example.com"}, {})
    delivery = only_delivery()
    assert (delivery.state, delivery.cause, delivery.cause_fields) == (
        Delivery.State.FAILED,
        "STRING_TOO_LONG",
        ["LastName"],
    )


def test_store_over_the_ceiling_holds_the_delivery(version, site_settings):
    site_settings(FORM_CEILING=2)
    for _ in range(3):
        store(version, live.ANSWERS, {})
    held = Delivery.objects.filter(state=Delivery.State.HELD, cause=Delivery.Hold.CEILING)
    assert LeadSubmission.objects.count() == 3
    assert held.count() == 1


def test_store_without_its_org_keeps_a_failed_delivery(page):
    store(live.publish(page, sync=True), live.ANSWERS, {})
    assert only_delivery().state == Delivery.State.FAILED


def test_store_in_a_callers_transaction_ends_with_it(version):
    with transaction.atomic():
        store(version, live.ANSWERS, {}, form_submission_id=7)
        transaction.set_rollback(True)
    assert not LeadSubmission.objects.exists()
    assert not Delivery.objects.exists()


def test_store_nudge_that_fails_costs_nothing(version, monkeypatch):
    def fail(*args, **options):
        raise RuntimeError("broker")

    monkeypatch.setattr(nudges, "async_task", fail)
    store(version, live.ANSWERS, {})
    assert only_delivery().state == Delivery.State.DUE


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_store_tries_again_while_the_database_is_locked(version, locked):
    locked(times=2)
    store(version, live.ANSWERS, {})
    assert LeadSubmission.objects.count() == Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_store_locked_for_long_raises_and_keeps_no_half(version, locked):
    locked(times=99)
    with pytest.raises(OperationalError):
        store(version, live.ANSWERS, {})
    assert not LeadSubmission.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_store_committed_without_word_of_it_is_not_stored_twice(version, monkeypatch):
    """The connection breaks after the commit: the try that follows finds the row."""
    commit, broken = connection.commit, []

    def commit_and_break():
        commit()
        if not broken:
            broken.append(True)
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "commit", commit_and_break)
    monkeypatch.setattr("wagtail_salesforce_leads.submitting.store.PAUSE", 0)
    store(version, live.ANSWERS, {})
    assert broken
    assert LeadSubmission.objects.count() == Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_store_one_click_in_several_threads_at_once_is_one_submission(version):
    token, start = uuid.uuid4(), threading.Barrier(4)

    def click(_):
        start.wait()
        try:
            return store(version, live.ANSWERS, {}, token=token).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        stored = set(threads.map(click, range(4)))
    assert len(stored) == LeadSubmission.objects.count() == Delivery.objects.count() == 1


def test_store_token_of_another_form_is_no_matter(version, org):
    other = live.publish(live.make_page("other"), org=org, sync=True)
    token = uuid.uuid4()
    store(version, live.ANSWERS, {}, token=token)
    store(other, live.ANSWERS, {}, token=token)
    assert LeadSubmission.objects.count() == 2


class TestAccountOfAnotherSite:
    """Nothing goes there, however the form came to name it."""

    @pytest.fixture
    def other(self, page):
        root = page.get_parent().add_sibling(instance=Page(title="Other", slug="other"))
        return Site.objects.create(hostname="other.example", root_page=root)

    def test_page_of_one_site_with_the_account_of_another_is_held(self, page, org, other):
        version = live.publish(page, org=live.make_org(site=other), sync=True)
        store(version, live.ANSWERS, {})
        assert (only_delivery().state, only_delivery().cause) == ("held", "org_of_another_site")

    def test_page_moved_out_of_every_site_is_held(self, page, org):
        version = live.publish(page, org=org, sync=True)
        page.move(page.get_parent().add_sibling(instance=Page(title="Out", slug="out")))
        version.form.refresh_from_db()
        submission = store(version, live.ANSWERS, {})
        assert submission.site is None
        assert (only_delivery().state, only_delivery().cause) == ("held", "org_of_another_site")

    def test_page_whose_site_came_after_its_form_goes_out(self, version):
        LeadForm.objects.update(site=None)
        version.form.refresh_from_db()
        assert store(version, live.ANSWERS, {}).site is not None
        assert only_delivery().state == "due"

    def test_snippet_goes_to_the_site_of_its_account(self, org, other):
        account = live.make_org(site=other)
        notice = Notice.objects.create(name="N", body=live.make_page("n").body)
        version = live.publish(notice, org=account, sync=True)
        assert store(version, live.ANSWERS, {}).site == other
        assert only_delivery().state == "due"
