"""Every way to publish: a form that works goes live while its org is down; one that does not is
refused with words where its editor is. What the gate alone has to refuse is in ``test_gate``.
"""

from __future__ import annotations

import json
import socket
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail import VERSION as WAGTAIL_VERSION
from wagtail.models import GroupApprovalTask, Revision, Workflow, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.site.models import LandingPage
from wagtail_salesforce_leads.models import OrgSchema, SalesforceGrant
from wagtail_salesforce_leads.orgs.installation import installation_id
from wagtail_salesforce_leads.orgs.tokens import encrypt

from .conftest import WRONG, body, form_of, landing, raw_form, synced_form
from .test_problems import text

pytestmark = pytest.mark.django_db

NO_ACCOUNT = "Choose the account, or switch Lead sync off for this form."


@pytest.fixture
def org(org, settings):
    """Its schema was read an hour ago, so it is asked anew; nobody listens there."""
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    org.instance_url = org.login_origin = f"http://127.0.0.1:{closed.getsockname()[1]}"
    org.save()
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "EXTRA_HOSTS": (org.instance_url,),
    }
    tokens = {"access_token": encrypt("access"), "refresh_token": encrypt("refresh")}
    SalesforceGrant.objects.create(
        org=org, installation=installation_id(), refreshed_at=timezone.now(), **tokens
    )
    fields = [text("LastName", required=True), text("Company"), text("Email", type="email")]
    OrgSchema.objects.create(
        org=org, read_at=timezone.now() - timedelta(hours=1), lead={"fields": fields}
    )
    yield org
    closed.close()


@pytest.fixture
def page(home) -> LandingPage:
    page = landing(home, "[]")
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def workflow(page) -> Workflow:
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    page.workflowpage = workflow.workflow_pages.create(page=page)
    return workflow


def edit(editor, page, form: dict, **submitted):
    """The editor's screen with this form in it, sent by one of its buttons."""
    fields = [
        (field["type"], {**field["value"], "required": "on"}, field["id"])
        for field in form["fields"]
    ]
    salesforce = {**form["salesforce"], "mapping": json.dumps(form["salesforce"]["mapping"])}
    block = {
        "title": form["title"],
        "fields": stream(fields),
        "success_message": rich_text(""),
        "salesforce": salesforce,
    }
    data = {
        "title": "Landing",
        "slug": "landing",
        "notice": "",
        "body": stream([("lead_form", block, "block-1")]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 1000},
        **submitted,
    }
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return editor.post(address, nested_form_data(data))


def stream(children: list[tuple]) -> dict:
    """As ``streamfield``, with block ids."""
    data = streamfield([child[:2] for child in children])
    for place, (*_, block_id) in enumerate(children):
        data[str(place)]["id"] = block_id
    return data


def in_an_hour() -> str:
    return (timezone.localtime() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")


def press_publish(editor, page, form):
    return edit(editor, page, form, **{"action-publish": "1"})


def press_schedule(editor, page, form):
    return edit(editor, page, form, go_live_at=in_an_hour(), **{"action-publish": "1"})


def press_submit(editor, page, form):
    return edit(editor, page, form, **{"action-submit": "1"})


def press_approve(editor, page, form):
    """After somebody submitted a form that works."""
    page.body = body(raw_form())
    page.save_revision()
    page.get_workflow().start(page, editor.user)
    pressed = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    return edit(editor, page, form, **pressed)


def approve_on_dashboard(editor, page, form):
    draft(page, form)
    page.get_workflow().start(page, editor.user)
    state = page.current_workflow_state.current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    return editor.post(address)


def publish_in_bulk(editor, page, form):
    draft(page, form)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return editor.post(f"{address}?id={page.pk}&next=/", {"include_descendants": ""})


def publish_by_code(editor, page, form):
    draft(page, form).publish()


def schedule_by_code(editor, page, form):
    page.go_live_at = timezone.now() + timedelta(hours=1)
    draft(page, form).publish()


def publish_by_api(editor, page, form):
    draft(page, form)
    tokens = apps.get_model("wagtailcore", "APIToken")
    _, token = tokens.create_token(user=editor.user, name="test")
    headers = {"Authorization": f"Bearer {token}"}
    address = f"/api/v3/pages/{page.pk}/actions/publish/"
    assert Client().post(address, headers=headers).status_code == 200


def draft(page, form) -> Revision:
    page.body = body(form)
    return page.save_revision()


def let_its_time_come() -> None:
    for revision in Revision.objects.filter(approved_go_live_at__isnull=False):
        revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
        revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
        revision.save()
    call_command("publish_scheduled", verbosity=0)


@pytest.mark.parametrize(
    "publish",
    [
        press_publish,
        press_approve,
        approve_on_dashboard,
        publish_in_bulk,
        publish_by_code,
        pytest.param(
            publish_by_api,
            marks=[
                pytest.mark.skipif(WAGTAIL_VERSION < (8, 0), reason="API v3 came with 8.0"),
                pytest.mark.urls("tests.publishing.api_urls"),
            ],
        ),
    ],
)
def test_working_form_goes_live_while_its_org_is_down(editor, page, workflow, org, publish):
    publish(editor, page, synced_form(org, "Good"))
    form = form_of(page)
    assert (form.title, form.is_open, form.current_version.org) == ("Good", True, org)


@pytest.mark.parametrize("schedule", [press_schedule, schedule_by_code])
def test_working_form_goes_live_at_its_time(editor, page, org, schedule):
    schedule(editor, page, synced_form(org, "Good"))
    assert not LandingPage.objects.get().body
    let_its_time_come()
    assert (form_of(page).title, form_of(page).is_open) == ("Good", True)


def test_working_form_is_submitted_for_moderation(editor, page, workflow, org):
    assert press_submit(editor, page, synced_form(org)).status_code == 302
    page.refresh_from_db()
    assert page.workflow_in_progress


@pytest.mark.parametrize("press", [press_publish, press_schedule, press_submit, press_approve])
def test_form_that_cannot_work_is_refused_at_the_row_concerned(editor, page, workflow, press):
    response = press(editor, page, WRONG)
    assert response.status_code == 200
    assert NO_ACCOUNT in response.content.decode()
    (errors,) = response.context["form"].errors["body"].as_data()
    salesforce = errors.block_errors[0].block_errors["salesforce"]
    assert salesforce.block_errors["account"].messages == [NO_ACCOUNT]
    page.refresh_from_db()
    assert not page.body
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_required_property_that_nothing_fills_is_refused_from_what_is_known(editor, page, org):
    form = synced_form(org)
    del form["salesforce"]["mapping"][0]
    response = press_publish(editor, page, form)
    assert "LastName is required in Salesforce and nothing fills it." in response.content.decode()
    page.refresh_from_db()
    assert not page.body
