from __future__ import annotations

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page

from tests.site.models import LandingPage, Notice
from wagtail_salesforce_leads.models import LeadForm

from .conftest import body, form_of, landing, raw_field, raw_form, stored_key

pytestmark = pytest.mark.django_db


def test_save_writes_key_into_block(home):
    page = landing(home, body(raw_form()))
    assert stored_key(page) == str(form_of(page).key)


def test_save_again_keeps_key(home):
    page = landing(home, body(raw_form()))
    key = stored_key(page)
    page.save()
    page.save_revision().publish()
    assert stored_key(page) == key


def test_save_of_foreign_key_restores_own(home):
    """Whoever edits the hidden child, or pastes another form's value, cannot take its address."""
    one, other = landing(home, body(raw_form()), "one"), landing(home, body(raw_form()), "other")
    key = stored_key(other)
    other.body = body({**raw_form(), "form_key": stored_key(one)})
    other.save()
    assert stored_key(other) == key


def test_copied_page_gets_its_own_key(home):
    page = landing(home, body(raw_form()))
    copied = page.copy(update_attrs={"slug": "copy"}, keep_live=True)
    assert copied.body[0].id == page.body[0].id
    assert stored_key(copied) == str(form_of(copied).key)
    assert stored_key(copied) != stored_key(page)


def test_copying_leaves_original_in_memory_alone(home):
    page = landing(home, body(raw_form()))
    page.copy(update_attrs={"slug": "copy"})
    assert page.body[0].value["form_key"] == stored_key(page)


def test_copied_draft_published_first_and_original_later_have_two_keys(home):
    page = landing(home, body(raw_form()), live=False)
    copied = page.copy(update_attrs={"slug": "copy"})
    copied.get_latest_revision().publish()
    page.save_revision().publish()
    assert form_of(copied).key != form_of(page).key
    assert stored_key(copied) == str(form_of(copied).key)
    assert stored_key(page) == str(form_of(page).key)


def test_alias_gets_its_own_key_and_keeps_it_through_updates(home):
    page = landing(home, body(raw_form()))
    alias = page.create_alias(parent=home, update_slug="alias")
    key = stored_key(alias)
    assert key == str(form_of(alias).key) != stored_key(page)
    page.title = "New"
    page.save_revision().publish()
    assert stored_key(alias) == key
    assert stored_key(page) == str(form_of(page).key)


def test_translation_gets_its_own_key(home):
    page = landing(home, body(raw_form()))
    japanese = Locale.objects.create(language_code="ja")
    home.copy_for_translation(japanese)
    translated = page.copy_for_translation(japanese)
    translated.get_latest_revision().publish()
    assert stored_key(translated) == str(form_of(translated).key) != stored_key(page)


def test_block_duplicated_with_key_gets_its_own(home):
    page = landing(home, body(raw_form()))
    raw = json.loads(body(raw_form(), raw_form()))
    for item in raw:
        item["value"]["form_key"] = stored_key(page)
    page.body = json.dumps(raw)
    page.save()
    assert stored_key(page, 0) != stored_key(page, 1)
    assert stored_key(page, 0) == str(form_of(page).key)


def test_block_id_used_twice_is_repaired(home):
    raw = json.loads(body(raw_form("One"), raw_form("Two")))
    raw[1]["id"] = raw[0]["id"]
    page = landing(home, json.dumps(raw))
    assert LeadForm.objects.of_source(page).open().count() == 2


def test_nested_block_without_id_gets_one_that_stays(home):
    stream = json.dumps(
        [
            {
                "type": "section",
                "value": {"heading": "", "content": [{"type": "lead_form", "value": raw_form()}]},
            }
        ]
    )
    page = landing(home, stream)
    form = LeadForm.objects.of_source(page).get()
    page.refresh_from_db()
    nested = page.body[0].value["content"][0]
    assert (nested.id, nested.value["form_key"]) == (form.block_id, str(form.key))
    page.save_revision().publish()
    assert LeadForm.objects.of_source(page).get().is_open


def test_list_items_of_old_format_become_forms(home):
    page = landing(home, json.dumps([{"type": "forms", "value": [raw_form("A"), raw_form("B")]}]))
    titles = LeadForm.objects.of_source(page).order_by("title").values_list("title", flat=True)
    assert list(titles) == ["A", "B"]


def test_field_keys_missing_or_repeated_are_repaired_in_order(home):
    form = raw_form()
    form["fields"] = [raw_field("a"), raw_field("", label="B"), raw_field("a")]
    page = landing(home, body(form))
    keys = [
        child.value["key"] for child in LandingPage.objects.get(pk=page.pk).body[0].value["fields"]
    ]
    assert keys[0] == "a"
    assert len(set(keys)) == 3
    assert all(keys)


def test_revision_of_raw_stream_has_the_ids_that_go_live(home):
    """Without them the editor would make new ones, and the form would lose its address."""
    page = landing(home, body(raw_form()))
    page.body = json.dumps(
        [
            {
                "type": "section",
                "value": {"content": [{"type": "lead_form", "value": raw_form("Inner")}]},
            }
        ]
    )
    revision = page.save_revision()
    revision.publish()
    in_editor = Page.objects.get(pk=page.pk).specific.get_latest_revision_as_object()
    nested = in_editor.body[0].value["content"][0]
    form = form_of(page, nested.id)
    assert nested.value["form_key"] == str(form.key)
    assert form.is_open


def test_revision_overwritten_by_autosave_has_field_keys(home):
    page = landing(home, body(raw_form()))
    revision = page.save_revision()
    form = raw_form()
    form["fields"] = [raw_field("")]
    page.body = body(form)
    page.save_revision(overwrite_revision=revision)
    assert revision.as_object().body[0].value["fields"][0].value["key"]


def test_key_that_is_no_uuid_is_replaced(home):
    page = landing(home, body({**raw_form(), "form_key": "'; --"}))
    assert uuid.UUID(stored_key(page)) == form_of(page).key


def test_snippet_gets_key(db):
    notice = Notice.objects.create(name="N", body=body(raw_form()))
    assert stored_key(notice) == str(form_of(notice).key)


def test_page_and_snippet_of_same_id_have_two_forms(home):
    page = landing(home, body(raw_form()))
    notice = Notice.objects.create(pk=page.pk, name="N", body=body(raw_form()))
    assert form_of(page).pk != form_of(notice).pk


def test_save_without_forms_asks_one_thing(db):
    notice = Notice.objects.create(name="N")
    with CaptureQueriesContext(connection) as queries:
        notice.save()
    ours = [query["sql"] for query in queries if "salesforce_leads" in query["sql"]]
    assert [sql.split()[0] for sql in ours] == ["UPDATE"]
