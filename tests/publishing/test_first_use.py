"""Forms that went live without a publish: fixtures, imports, data migrations."""

from __future__ import annotations

import uuid

import pytest
from django.core import serializers
from django.core.management import call_command

from tests.site.models import LandingPage, Notice, Offer
from wagtail_salesforce_leads.models import LeadForm
from wagtail_salesforce_leads.publishing.first_use import form_for, keyless_form

from .conftest import body, form_of, landing, raw_form, stored_key

pytestmark = pytest.mark.django_db


def imported(home, *forms: dict, live: bool = True) -> LandingPage:
    """A page whose row was written past every signal."""
    page = landing(home, "[]")
    LandingPage.objects.filter(pk=page.pk).update(body=body(*forms), live=live)
    return LandingPage.objects.get(pk=page.pk)


def test_form_of_page_without_keys_is_compiled_when_rendered(home):
    page = imported(home, raw_form("One"), raw_form("Two"))
    form = form_for(page.body[1].value, page)
    assert (form.title, form.is_open) == ("Two", True)
    assert stored_key(page, 1) == str(form.key)
    assert stored_key(page, 0) == str(form_of(page).key)


def test_form_with_imported_key_is_found_without_its_page(home):
    key = uuid.uuid4()
    page = imported(home, {**raw_form(), "form_key": str(key)})
    form = form_for(page.body[0].value)
    assert (form.key, form.source) == (key, page)
    assert form.is_open


def test_unknown_key_is_searched_once(home, django_assert_num_queries):
    value = {"form_key": str(uuid.uuid4())}
    assert form_for(value) is None
    with django_assert_num_queries(1):
        assert form_for(value) is None


@pytest.mark.parametrize("key", ["", "'; --"])
def test_value_without_key_or_page_has_no_form(home, key):
    imported(home, raw_form())
    assert form_for({"form_key": key}) is None


def test_draft_page_has_no_form(home):
    page = imported(home, raw_form(), live=False)
    assert form_for(page.body[0].value, page) is None
    assert not LeadForm.objects.exists()


def test_form_of_draft_snippet_on_page_leaves_page_alone(home):
    page = imported(home, raw_form())
    offer = Offer.objects.create(name="O", body=body({**raw_form(), "form_key": ""}), live=False)
    assert form_for(offer.body[0].value, page) is None
    assert stored_key(page) == ""


def imported_notices(*forms: dict) -> list[Notice]:
    """Snippets as a data migration or ``bulk_create`` makes them: without any signal."""
    names = [f"Notice {number}" for number in range(len(forms))]
    rows = [Notice(name=name, body=body(form)) for name, form in zip(names, forms, strict=True)]
    Notice.objects.bulk_create(rows)
    return [Notice.objects.get(name=name) for name in names]


def test_snippet_without_keys_is_found_by_its_content(home, django_assert_num_queries):
    form = {name: value for name, value in raw_form("Two").items() if name != "form_key"}
    one, two = imported_notices(raw_form("One"), form)
    found = keyless_form(two.body[0].value)
    assert (found.title, found.source, found.is_open) == ("Two", two, True)
    assert stored_key(two) == str(found.key)
    assert stored_key(one) == str(form_of(one).key)
    with django_assert_num_queries(0):
        assert keyless_form(two.body[0].value) is None


def test_snippets_without_keys_and_with_one_content_are_told_apart_when_read_again(home):
    snippets = imported_notices(raw_form(), raw_form())
    assert keyless_form(snippets[0].body[0].value) is None
    keys = [stored_key(snippet) for snippet in snippets]
    assert keys == [str(form_of(snippet).key) for snippet in snippets]


def test_draft_snippet_without_keys_stays_closed(home):
    Offer.objects.bulk_create([Offer(name="O", body=body(raw_form()), live=False)])
    assert keyless_form(Offer.objects.get().body[0].value) is None
    assert not LeadForm.objects.exists()


def test_published_form_is_found_by_key_in_one_query(home, django_assert_num_queries):
    page = landing(home, body(raw_form()))
    value = LandingPage.objects.get(pk=page.pk).body[0].value
    with django_assert_num_queries(1):
        form = form_for(value, page)
    assert form == form_of(page)


def test_loaded_fixture_is_compiled(home, tmp_path, django_capture_on_commit_callbacks):
    notice = Notice(pk=77, name="N", body=body(raw_form("Loaded")))
    dump = tmp_path / "notice.json"
    dump.write_text(serializers.serialize("json", [notice]))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("loaddata", str(dump), verbosity=0)
    form = form_of(Notice.objects.get(pk=77))
    assert (form.title, form.is_open) == ("Loaded", True)


def test_command_compiles_all_that_is_live(home, capsys):
    page = imported(home, raw_form("One"), raw_form("Two"))
    call_command("salesforce_compile_forms")
    assert "2 lead forms" in capsys.readouterr().out
    assert LeadForm.objects.of_source(page).open().count() == 2
