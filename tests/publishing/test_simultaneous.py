"""Several people publish at the same moment: each through a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from tests.site.models import LandingPage, Notice, Offer
from wagtail_salesforce_leads.models import LeadForm
from wagtail_salesforce_leads.publishing.first_use import form_for
from wagtail_salesforce_leads.submitting.store import store

from .conftest import body, form_of, landing, raw_form, stored_key
from .test_gate import form_post

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

#: More find more; these cost seconds.
ROUNDS = 3


def together(*acts: Callable[[], object]) -> list[Exception]:
    """Runs all acts at once, each in a thread; what any of them raised."""
    start = threading.Barrier(len(acts))
    raised = []

    def run(act):
        start.wait()
        try:
            try:
                act()
            except OperationalError as error:
                # Wagtail updates all revisions of a page at once, which PostgreSQL may call a
                # deadlock of two publishes, without any form in them.
                if "wagtailcore_revision" not in str(error):
                    raise
                act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def assert_agreement(source) -> None:
    """What is stored, what is live and what visitors get are one."""
    source = type(source).objects.get(pk=source.pk)
    form = form_of(source)
    versions = form.versions.order_by("number")
    assert form.current_version.definition["title"] == source.body[0].value["title"]
    assert [version.pk for version in versions.current()] == [form.current_version_id]
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert stored_key(source) == str(form.key)
    assert form.is_open


def publishes(source, *titles: str) -> list[Callable[[], object]]:
    """One act each: publish a revision that was saved before."""
    acts = []
    for title in titles:
        source.body = body(raw_form(title))
        acts.append(source.save_revision().publish)
    return acts


@pytest.mark.parametrize("titles", [["Same"] * 4, ["One", "Two", "Three", "Four"]])
def test_first_publish_of_one_page_by_several(home, titles):
    for number in range(ROUNDS):
        page = landing(home, body(raw_form()), f"landing-{number}", live=False)
        assert together(*publishes(page, *titles)) == []
        assert_agreement(page)
        assert form_of(page).versions.count() == len(set(titles))


@pytest.mark.parametrize("titles", [["Same"] * 4, ["One", "Two", "Three", "Live"]])
def test_publish_of_one_live_page_by_several(home, titles):
    page = landing(home, body(raw_form("Live")))
    for _ in range(ROUNDS):
        assert together(*publishes(page, *titles)) == []
        assert_agreement(page)
    assert form_of(page).versions.count() == len({"Live", *titles})


def test_publish_button_pressed_by_several(home, editor):
    page = landing(home, "[]")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    screens = []

    def press() -> None:
        own = Client()
        own.force_login(editor.user)
        response = own.post(address, form_post(sync=False, action="action-publish"))
        screens.append(response.status_code)

    assert together(press, press, press) == []
    assert screens == [302, 302, 302]
    page.refresh_from_db()
    (form,) = LeadForm.objects.of_source(page).open()
    assert (stored_key(page), form.versions.count()) == (str(form.key), 1)


def test_publish_of_one_snippet_with_drafts_by_several(db):
    offer = Offer.objects.create(name="O", body=body(raw_form()), live=False)
    for _ in range(ROUNDS):
        assert together(*publishes(offer, "One", "Two", "Three", "Four")) == []
        assert_agreement(offer)


def test_save_of_one_snippet_without_drafts_by_several(db):
    notice = Notice.objects.create(name="N", body=body(raw_form()))
    for _ in range(ROUNDS):
        acts = [Notice(pk=notice.pk, name="N", body=body(raw_form(t))).save for t in "ABCD"]
        assert together(*acts) == []
        assert_agreement(notice)


def imported(home, slug: str) -> LandingPage:
    """A live page whose forms have no keys yet."""
    page = landing(home, "[]", slug)
    LandingPage.objects.filter(pk=page.pk).update(body=body(raw_form("One"), raw_form("Two")))
    return LandingPage.objects.get(pk=page.pk)


def test_first_use_by_several_visitors_while_an_editor_publishes(home):
    def see(pk: int) -> None:
        page = LandingPage.objects.get(pk=pk)
        form_for(page.body[1].value, page)

    for number in range(ROUNDS):
        page = imported(home, f"imported-{number}")
        visits = [partial(see, page.pk)] * 3
        revision = page.save_revision()
        assert together(*visits, revision.publish) == []
        assert_agreement(page)
        assert LeadForm.objects.of_source(page).count() == 2


def test_publish_while_visitors_submit(home):
    page = landing(home, body(raw_form("Live")))
    form = form_of(page)

    def submit() -> None:
        version = LeadForm.objects.by_key(form.key).current_version
        version.form = form
        store(version, {"name": "Lee", "mail": "ann@example.com"}, {})

    for _ in range(ROUNDS):
        assert together(*publishes(page, "One", "Two"), submit, submit, submit) == []
        assert_agreement(page)
    assert form.submissions.count() == ROUNDS * 3


def test_publish_while_another_unpublishes(home):
    page = landing(home, body(raw_form("Live")))
    for _ in range(ROUNDS):
        unpublish = LandingPage.objects.get(pk=page.pk).unpublish
        assert together(*publishes(page, "One"), unpublish) == []
        page.refresh_from_db()
        assert form_of(page).is_open is page.live
