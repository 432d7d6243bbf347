"""What an editor gets from the screens of wagtail.contrib.simple_translation."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Locale, Page

from tests.panels.conftest import MAPPING, contact, integration
from tests.site.models import ContactPage, LandingPage, Leaflet
from wagtail_salesforce_leads.models import Delivery, LeadForm, LeadSubmission

from .conftest import WRONG, body, form_of, landing, raw_form, stored_key, synced_form
from .test_gate import form_post

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.publishing.i18n_urls")]

ANSWERS = {"name": "山田", "mail": "hanako@example.jp"}


@pytest.fixture(autouse=True)
def in_several_languages(settings):
    settings.WAGTAIL_I18N_ENABLED = True
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES


@pytest.fixture
def japanese(db) -> Locale:
    return Locale.objects.create(language_code="ja")


@pytest.fixture
def translated_home(home, japanese) -> Page:
    home = home.copy_for_translation(japanese)
    home.get_latest_revision().publish()
    return home


@pytest.fixture
def tree_in_step(settings, translated_home) -> Page:
    settings.WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True
    return translated_home


def translate(editor, page: Page, locale: Locale, **more) -> Page:
    """The translation that the screen makes."""
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    response = editor.post(address, {"locales": [locale.pk], **more})
    translation = page.get_translation(locale).specific
    assert response.url == reverse("wagtailadmin_pages:edit", args=[translation.pk])
    return translation


def submit(client, page) -> LeadSubmission:
    form = form_of(page)
    data = {**ANSWERS, "wsl-version": form.current_version.number}
    response = client.post(f"/salesforce/forms/{form.key}/", data)
    assert response.status_code == 303, response.content
    return form.submissions.get()


def test_translation_is_a_draft_whose_form_opens_when_it_is_published(
    editor, home, org, translated_home, japanese
):
    page = landing(home, body(synced_form(org)))
    translation = translate(editor, page, japanese)
    assert not LeadForm.objects.of_source(translation).exists()
    translation.get_latest_revision().publish()
    assert form_of(translation).is_open
    assert stored_key(translation) == str(form_of(translation).key) != stored_key(page)
    assert form_of(page).is_open


def test_translation_sends_with_its_own_mapping(
    editor, client, home, org, translated_home, japanese
):
    page = landing(home, body(synced_form(org)))
    translation = translate(editor, page, japanese)
    mapping = synced_form(org)["salesforce"]["mapping"]
    mapping[2]["value"] = "日本支社"
    translation.body = body(synced_form(org, "お問い合わせ", mapping=mapping, lead_source="Web"))
    translation.save_revision().publish()

    submitted = submit(client, translation)
    assert submitted.context["language"] == "ja"
    assert submitted.page_url.startswith("http://testserver/ja/")
    assert Delivery.objects.get().lead == {
        "LastName": "山田",
        "Email": "hanako@example.jp",
        "Company": "日本支社",
        "LeadSource": "Web",
    }
    submit(client, page)
    assert Delivery.objects.last().lead["Company"] == "Acme"


def test_translation_keeps_what_its_draft_has_wrong_until_it_is_published(
    editor, home, translated_home, japanese
):
    page = landing(home, body(WRONG), live=False)
    page.save_revision()
    translation = translate(editor, page, japanese)
    response = editor.post(
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        + f"?id={translation.pk}&next=/",
        {"include_descendants": ""},
    )
    assert response.url == reverse("wagtailadmin_pages:edit", args=[translation.pk])
    translation.refresh_from_db()
    assert not translation.live


def test_translation_with_subtree_translates_every_form(editor, home, translated_home, japanese):
    parent = landing(home, body(raw_form()), "parent")
    child = landing(parent, body(raw_form()), "child")
    translate(editor, parent, japanese, include_subtree="on")
    translations = [page.get_translation(japanese).specific for page in (parent, child)]
    for translation in translations:
        translation.get_latest_revision().publish()
    keys = {stored_key(page) for page in (parent, child, *translations)}
    assert len(keys) == LeadForm.objects.open().count() == 4


def create(editor, parent: Page) -> LandingPage:
    address = reverse("wagtailadmin_pages:add", args=["test_site", "landingpage", parent.pk])
    response = editor.post(address, form_post(sync=False, action="action-publish"))
    assert response.status_code == 302
    return LandingPage.objects.get(path__startswith=parent.path)


def test_page_made_while_trees_are_kept_in_step_has_an_alias_with_its_own_form(
    editor, client, home, tree_in_step, japanese
):
    page = create(editor, home)
    alias = page.get_translation(japanese)
    assert alias.alias_of_id == page.pk
    forms = [LeadForm.objects.of_source(each).get() for each in (page, alias)]
    assert [form.is_open for form in forms] == [True, True]
    assert forms[0].key != forms[1].key
    html = client.get(alias.url).content.decode()
    assert f"/salesforce/forms/{forms[1].key}/" in html
    assert str(forms[0].key) not in html
    page.unpublish()
    assert not LeadForm.objects.open().exists()


def test_alias_follows_its_source_until_it_is_translated(editor, home, tree_in_step, japanese):
    page = create(editor, home)
    alias = page.get_translation(japanese)
    block_id = page.body[0].id
    key = form_of(alias, block_id).key
    editor.post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))
    alias.refresh_from_db()
    alias.body[0].value["title"] = "お問い合わせ"
    alias.save_revision().publish()
    page.refresh_from_db()
    page.body[0].value["title"] = "Contact us"
    page.save_revision().publish()
    titles = {
        each: form_of(each, block_id).current_version.definition["title"] for each in (page, alias)
    }
    assert titles == {page: "Contact us", alias: "お問い合わせ"}
    assert form_of(alias, block_id).key == key


def test_classic_page_is_translated_with_its_fields_and_mapping(
    editor, client, home, org, translated_home, japanese
):
    page = contact(home, integration(org))
    translation: ContactPage = translate(editor, page, japanese)
    translation.get_latest_revision().publish()
    translation.refresh_from_db()
    client.post(translation.url, {"your_name": "山田", "mail": "a@example.jp"})
    submission = LeadSubmission.objects.get()
    assert (submission.source_id, submission.context["language"]) == (str(translation.pk), "ja")
    assert submission.deliveries.get().lead["Company"] == "Acme"
    assert len(submission.version.mapping) == len(MAPPING)


def snippet_screen(leaflet: Leaflet) -> str:
    return reverse(
        "simple_translation:submit_snippet_translation", args=["test_site", "leaflet", leaflet.pk]
    )


def test_snippet_is_translated_with_a_form_of_its_own(editor, org, japanese):
    leaflet = Leaflet(name="L", body=body(synced_form(org)), locale=Locale.get_default())
    leaflet.save()
    editor.post(snippet_screen(leaflet), {"locales": [japanese.pk]})
    translation = leaflet.get_translation(japanese)
    assert stored_key(translation) == str(form_of(translation).key) != stored_key(leaflet)
    # Wagtail copies a live snippet live.
    assert (translation.live, form_of(translation).is_open) == (True, True)


def test_snippet_whose_draft_is_wrong_is_refused_with_words(editor, japanese):
    leaflet = Leaflet(name="L", body=body(raw_form()), locale=Locale.get_default())
    leaflet.save()
    leaflet.body = body(WRONG)
    leaflet.save_revision()
    response = editor.post(snippet_screen(leaflet), {"locales": [japanese.pk]}, follow=True)
    assert response.status_code == 200
    words = " ".join(str(message) for message in response.context["messages"])
    assert "Broken: Choose the account" in words
    assert not leaflet.has_translation(japanese)
