from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from tests.site.models import LandingPage, Notice, Offer
from wagtail_salesforce_leads.models import LeadForm
from wagtail_salesforce_leads.publishing import receivers

from .conftest import body, form_of, landing, raw_field, raw_form, stored_key, synced_form

pytestmark = pytest.mark.django_db


def versions(source) -> list[int]:
    return list(form_of(source).versions.order_by("number").values_list("number", flat=True))


def republish(page: LandingPage, *forms: dict) -> None:
    page.body = body(*forms)
    page.save_revision().publish()


def test_publish_compiles_what_visitors_answer(home):
    form = raw_form("Contact")
    form["fields"].append(
        raw_field("branch", "radio", choices=[{"value": "it", "label": "IT"}], help_text="Yours")
    )
    definition = form_of(landing(home, body(form))).current_version.definition
    assert definition["title"] == "Contact"
    assert [(f["key"], f["type"], f["required"]) for f in definition["fields"]] == [
        ("name", "single_line", True),
        ("mail", "email", True),
        ("branch", "radio", False),
    ]
    assert definition["fields"][2]["choices"] == [{"value": "it", "label": "IT"}]
    assert definition["fields"][2]["help_text"] == "Yours"


def test_publish_compiles_where_leads_go(home, org):
    campaign = json.dumps({"id": "701000000000001AAA", "name": "Spring fair"})
    page = landing(
        home,
        body(synced_form(org, campaign=campaign, lead_status="Registered", lead_source="Web")),
    )
    version = form_of(page).current_version
    assert (version.sync, version.org) == (True, org)
    assert (version.campaign_id, version.campaign_name) == ("701000000000001AAA", "Spring fair")
    assert (version.member_status, version.lead_source) == ("Registered", "Web")
    assert [row["property"] for row in version.mapping] == ["LastName", "Email", "Company"]


def test_publish_remembers_page_title_site_and_thank_you_page(home):
    page = landing(home, body({**raw_form(""), "thank_you_page": home.pk}))
    form = form_of(page)
    assert (form.title, form.site) == ("landing", Site.objects.get())
    assert form.current_version.definition["thank_you_page"] == home.pk


def test_publish_of_same_content_is_same_version(home):
    page = landing(home, body(raw_form()))
    page.title = "Another title"
    page.save_revision().publish()
    page.save()
    assert versions(page) == [1]


def test_publish_of_changed_content_supersedes(home):
    page = landing(home, body(raw_form("One")))
    republish(page, raw_form("Two"))
    one, two = form_of(page).versions.order_by("number")
    assert form_of(page).current_version == two
    assert one.superseded_at is not None
    assert two.superseded_at is None


def test_publish_of_earlier_content_makes_its_version_current_again(home):
    page = landing(home, body(raw_form("One")))
    republish(page, raw_form("Two"))
    republish(page, raw_form("One"))
    current = form_of(page).current_version
    assert (versions(page), current.number, current.superseded_at) == ([1, 2], 1, None)
    assert form_of(page).versions.get(number=2).superseded_at is not None


def test_publish_of_an_old_revision_brings_its_version_back(home):
    page = landing(home, body(raw_form("One")))
    old = page.save_revision()
    old.publish()
    key = stored_key(page)
    republish(page, raw_form("Two"))
    old.publish()
    assert form_of(page).current_version.definition["title"] == "One"
    assert (versions(page), stored_key(page)) == ([1, 2], key)


def test_revert_on_the_editors_screen_brings_the_form_back(editor, home):
    page = landing(home, body(raw_form("One")))
    old = page.save_revision()
    republish(page, raw_form("Two"))
    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, old.pk])
    shown = editor.get(address).context["form"].initial["body"]
    assert shown[0].value["title"] == "One"
    assert shown[0].value["form_key"] == stored_key(page)
    page.body = shown
    page.save_revision(previous_revision=old).publish()
    assert form_of(page).current_version.number == 1


def test_block_put_back_is_the_form_it_was(home):
    page = landing(home, body(raw_form("One")))
    form = form_of(page)
    republish(page)
    assert not form_of(page).is_open
    republish(page, raw_form("Again"))
    again = form_of(page)
    assert (again.pk, again.key, again.is_open) == (form.pk, form.key, True)
    assert again.current_version.definition["title"] == "Again"


def test_draft_changes_nothing_for_visitors(home):
    page = landing(home, body(raw_form("One")))
    page.body = body(raw_form("Draft"))
    page.save_revision()
    assert form_of(page).current_version.definition["title"] == "One"
    assert versions(page) == [1]


def test_never_published_page_has_no_form(home):
    landing(home, body(raw_form()), live=False)
    assert not LeadForm.objects.exists()


def test_removed_block_closes_its_form_only(home):
    page = landing(home, body(raw_form("One"), raw_form("Two")))
    republish(page, raw_form("One"))
    assert form_of(page, "block-1").is_open
    assert not form_of(page, "block-2").is_open


def test_unpublish_closes_and_republish_opens(home):
    page = landing(home, body(raw_form()))
    key = stored_key(page)
    page.unpublish()
    assert not form_of(page).is_open
    page.save_revision().publish()
    assert form_of(page).is_open
    assert (stored_key(page), versions(page)) == (key, [1])


def test_unpublish_of_base_page_closes(home):
    page = landing(home, body(raw_form()))
    page.page_ptr.unpublish()
    assert not form_of(page).is_open


def test_expiry_closes(home):
    page = landing(home, body(raw_form()))
    page.expire_at = timezone.now() - timezone.timedelta(hours=1)
    page.save()
    call_command("publish_scheduled", verbosity=0)
    assert not form_of(page).is_open


def test_unpublish_with_descendants_closes_them(home):
    parent = landing(home, body(raw_form()), "parent")
    child = landing(parent, body(raw_form()), "child")
    for page in (parent, child):
        page.unpublish()
    assert not LeadForm.objects.open().exists()


@pytest.mark.parametrize("which", ["itself", "parent"])
def test_delete_closes_and_keeps_the_form(home, which):
    parent = landing(home, "[]", "parent")
    page = landing(parent, body(raw_form()), "child")
    form = form_of(page)
    (page if which == "itself" else parent).delete()
    form.refresh_from_db()
    assert not form.is_open
    assert form.current_version is not None


def test_snippet_without_drafts_is_live_when_saved(db):
    notice = Notice.objects.create(name="N", body=body(raw_form()))
    assert form_of(notice).is_open
    assert form_of(notice).site is None
    form = form_of(notice)
    notice.delete()
    form.refresh_from_db()
    assert not form.is_open


def test_snippet_with_drafts_opens_on_publish_and_closes_on_unpublish(db):
    offer = Offer.objects.create(name="O", body=body(raw_form()), live=False)
    assert not LeadForm.objects.exists()
    offer.save_revision().publish()
    assert form_of(offer).is_open
    offer.refresh_from_db()
    offer.unpublish()
    assert not form_of(offer).is_open


def test_save_of_live_only_compiles(home):
    page = landing(home, body(raw_form()), live=False)
    page.live = True
    page.save(update_fields=["live"])
    assert stored_key(page) == str(form_of(page).key)
    assert form_of(page).is_open


def test_base_page_made_live_compiles(home):
    page = landing(home, body(raw_form()), live=False)
    base = page.page_ptr
    base.live = True
    base.save()
    assert form_of(page).is_open


def test_move_to_another_site_takes_the_forms_along(home):
    other_home = home.get_parent().add_child(instance=type(home)(title="Other", slug="other"))
    other = Site.objects.create(hostname="other.example", root_page=other_home)
    parent = landing(home, "[]", "parent")
    page = landing(parent, body(raw_form()), "child")
    assert form_of(page).site == Site.objects.get(is_default_site=True)
    parent.move(other_home, pos="last-child")
    assert form_of(page).site == other


def test_account_that_is_gone_compiles_without_org(home, org):
    page = landing(home, body(synced_form(org)))
    org.delete()
    page.save()
    version = form_of(page).current_version
    assert (version.sync, version.org) == (True, None)


def test_key_taken_at_the_same_moment_is_replaced_in_the_row(home, monkeypatch):
    """Two copies of a draft are published at once: both found their key free."""
    page = landing(home, body(raw_form()), live=False)
    key = stored_key(page)

    def taken_meanwhile(source):
        LeadForm.objects.claim(home, "elsewhere", key)

    monkeypatch.setattr(receivers, "block_wrong_forms", taken_meanwhile)
    page.live = True
    page.save()
    assert LeadForm.objects.get(key=key).block_id == "elsewhere"
    assert stored_key(page) == str(form_of(page).key) != key


def test_compile_of_lead_form_that_is_current_writes_no_version(home):
    page = landing(home, body(raw_form()))
    with CaptureQueriesContext(connection) as queries:
        page.save()
    written = [query["sql"] for query in queries if "leadformversion" in query["sql"].lower()]
    assert not [sql for sql in written if sql.startswith("INSERT")]
