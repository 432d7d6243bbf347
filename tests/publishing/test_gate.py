"""Every way to publish, with a form that cannot work: it must not go live by any of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail import VERSION as WAGTAIL_VERSION
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.site.models import LandingPage, Notice, Offer
from wagtail_salesforce_leads.exceptions import PublishBlocked
from wagtail_salesforce_leads.models import LeadForm

from .conftest import WRONG, body, form_of, landing, raw_form, synced_form

pytestmark = pytest.mark.django_db

NO_ACCOUNT = "Choose the account, or switch Lead sync off for this form."


@pytest.fixture
def page(home) -> LandingPage:
    """Live, with a form that works and a draft whose form does not."""
    page = landing(home, body(raw_form("Live")))
    page.body = body(WRONG)
    page.save_revision()
    return page


@pytest.fixture
def draft(home) -> LandingPage:
    page = landing(home, body(WRONG), "draft", live=False)
    page.save_revision()
    return page


def live_title(page) -> str:
    page.refresh_from_db()
    assert page.live
    return page.body[0].value["title"]


def messages_of(client) -> str:
    response = client.get(reverse("wagtailadmin_home"))
    return " ".join(str(message) for message in response.context["messages"])


def form_post(*, sync: bool, action: str) -> dict:
    field = {"key": "mail", "label": "Mail", "required": "on"}
    return nested_form_data(
        {
            "title": "Landing",
            "slug": "landing",
            "notice": "",
            "body": streamfield(
                [
                    (
                        "lead_form",
                        {
                            "title": "Contact",
                            "fields": streamfield([("email", field)]),
                            "success_message": rich_text(""),
                            "salesforce": {"mapping": "[]", **({"sync": "on"} if sync else {})},
                        },
                    )
                ]
            ),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 1000},
            action: "1",
        }
    )


def test_publish_button_shows_error_and_publishes_nothing(editor, home):
    page = landing(home, "[]")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = editor.post(address, form_post(sync=True, action="action-publish"))
    assert response.status_code == 200
    assert NO_ACCOUNT in response.content.decode()
    assert not LeadForm.objects.exists()


def test_publish_button_with_working_form_publishes(editor, home):
    page = landing(home, "[]")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = editor.post(address, form_post(sync=False, action="action-publish"))
    assert response.status_code == 302, response.context["form"].errors
    assert live_title(page) == "Contact"
    assert LeadForm.objects.of_source(page).get().is_open


def test_save_button_saves_draft_in_any_state(editor, home):
    page = landing(home, "[]")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = editor.post(address, form_post(sync=True, action="action-save"))
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().body[0].value["salesforce"]["sync"]


def test_create_and_publish_button_opens_form(editor, home):
    address = reverse("wagtailadmin_pages:add", args=["test_site", "landingpage", home.pk])
    response = editor.post(address, form_post(sync=False, action="action-publish"))
    assert response.status_code == 302
    page = LandingPage.objects.get()
    form = LeadForm.objects.of_source(page).get()
    assert (form.is_open, page.body[0].value["form_key"]) == (True, str(form.key))
    assert page.get_latest_revision_as_object().body[0].value["form_key"] == str(form.key)


def test_code_publishing_revision_is_blocked(page):
    with pytest.raises(PublishBlocked, match="Broken: Choose the account"):
        page.get_latest_revision().publish()
    assert live_title(page) == "Live"
    assert form_of(page).current_version.definition["title"] == "Live"


def test_code_saving_live_page_is_blocked(home):
    with pytest.raises(PublishBlocked) as blocked:
        landing(home, body(WRONG))
    assert [message.partition(":")[0] for message in blocked.value.messages] == ["Broken"] * 2
    # As wagtail-localize reads what full_clean() raises.
    assert list(blocked.value.error_dict) == ["__all__"]
    assert not LandingPage.objects.exists()


def test_code_saving_draft_page_is_not_blocked(draft):
    draft.title = "Still a draft"
    draft.save()


@pytest.mark.parametrize("names", [["title"], ["latest_revision"]])
def test_code_saving_other_columns_of_wrong_live_page_is_not_blocked(page, names):
    LandingPage.objects.filter(pk=page.pk).update(body=body(WRONG))
    LandingPage.objects.get(pk=page.pk).save(update_fields=names)


def test_code_saving_live_only_is_blocked(draft):
    draft.live = True
    with pytest.raises(PublishBlocked):
        draft.save(update_fields=["live"])


def test_code_saving_nested_wrong_form_is_blocked(home):
    inner = json.loads(body(WRONG))
    nested = [{"type": "section", "value": {"content": inner}}]
    with pytest.raises(PublishBlocked):
        landing(home, json.dumps(nested))


def test_copying_live_page_with_working_form_is_not_blocked(home):
    page = landing(home, body(raw_form()))
    assert page.copy(update_attrs={"slug": "copy"}, keep_live=True).live


def test_bulk_publish_is_blocked_with_message_and_redirect(editor, page):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = editor.post(f"{address}?id={page.pk}&next=/", {"include_descendants": ""})
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert NO_ACCOUNT in messages_of(editor)
    assert live_title(page) == "Live"


def test_bulk_publish_asked_by_script_answers_422_json(editor, page):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = editor.post(
        f"{address}?id={page.pk}&next=/", {}, headers={"Accept": "application/json"}
    )
    assert response.status_code == 422
    assert NO_ACCOUNT in response.json()["errors"][0]


@pytest.fixture
def moderated(page, editor) -> LandingPage:
    """Submitted with a form that works; then a moderator's draft broke it."""
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    page.body = body(raw_form("Better"))
    page.save_revision()
    workflow.start(page, editor.user)
    page.body = body(WRONG)
    revision = page.save_revision()
    state = page.current_workflow_state.current_task_state
    state.revision = revision
    state.save()
    return page


def test_approval_from_dashboard_is_blocked_and_stays_in_progress(editor, moderated):
    state = moderated.current_workflow_state.current_task_state
    address = reverse(
        "wagtailadmin_pages:workflow_action", args=[moderated.pk, "approve", state.pk]
    )
    response = editor.post(address)
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_pages:edit", args=[moderated.pk])
    assert NO_ACCOUNT in messages_of(editor)
    state.refresh_from_db()
    assert state.status == "in_progress"
    assert live_title(moderated) == "Live"


def test_scheduling_from_code_is_blocked(page):
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    with pytest.raises(PublishBlocked):
        revision.publish()
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_scheduling_new_page_from_code_is_blocked(draft):
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    with pytest.raises(PublishBlocked):
        draft.save_revision().publish()


def test_scheduled_working_form_opens_when_its_time_comes(home):
    page = landing(home, body(raw_form()), live=False)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    assert not LeadForm.objects.open().exists()
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    assert form_of(page).is_open


def test_gate_never_looks_at_salesforce(home, org):
    """An org that lost everything the form names must not make the live page unsavable."""
    page = landing(home, body(synced_form(org, lead_status="Gone", lead_source="Gone")))
    org.delete()
    page.save()
    page.save_revision().publish()


def test_snippet_without_drafts_is_blocked(db):
    with pytest.raises(PublishBlocked):
        Notice.objects.create(name="N", body=body(WRONG))


def test_snippet_with_drafts_is_blocked_on_publish_only(db):
    offer = Offer.objects.create(name="O", body=body(WRONG), live=False)
    revision = offer.save_revision()
    with pytest.raises(PublishBlocked):
        revision.publish()
    offer.refresh_from_db()
    assert not offer.live


@pytest.mark.skipif(WAGTAIL_VERSION < (8, 0), reason="API v3 came with 8.0")
@pytest.mark.urls("tests.publishing.api_urls")
def test_api_publish_answers_422_naming_the_error(editor, page):
    tokens = apps.get_model("wagtailcore", "APIToken")
    _, token = tokens.create_token(user=editor.user, name="test")
    response = Client().post(
        f"/api/v3/pages/{page.pk}/actions/publish/", headers={"Authorization": f"Bearer {token}"}
    )
    assert response.status_code == 422
    assert NO_ACCOUNT in response.content.decode()
    assert live_title(page) == "Live"


def test_fixture_with_wrong_form_loads(home, tmp_path):
    """Raw saves go past: a fixture must load, and its live page stays as it was dumped."""
    page = landing(home, body(raw_form()))
    LandingPage.objects.filter(pk=page.pk).update(body=body(WRONG))
    dump = tmp_path / "page.json"
    call_command("dumpdata", "test_site.landingpage", output=str(dump), verbosity=0)
    call_command("loaddata", str(dump), verbosity=0)
    assert Page.objects.get(pk=page.pk).live


def test_code_saving_base_page_live_is_blocked(draft):
    base = draft.page_ptr
    base.live = True
    with pytest.raises(PublishBlocked):
        base.save()
