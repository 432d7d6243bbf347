from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from wagtail_salesforce_leads.models import Delivery, LeadSubmission

from .conftest import LEAD_ID
from .test_views import text_of


def url(name: str, submission: LeadSubmission) -> str:
    return reverse(f"wagtail_salesforce_leads_reports:{name}", args=[submission.pk])


def test_detail_shows_answers_beside_what_was_sent(admin, submit):
    html = text_of(admin.get(url("detail", submit(question="Where are you?"))))
    for shown in ("姓", "LastName", "山田", "Where are you?", "not sent", "Company", "Acme"):
        assert shown in html
    assert "form version 7" in html


def test_detail_links_only_web_addresses(admin, submit):
    html = text_of(admin.get(url("detail", submit(site="javascript:alert(1)"))))
    assert 'href="javascript' not in html
    html = text_of(admin.get(url("detail", submit(site="https://example.com/"))))
    assert 'href="https://example.com/"' in html


def test_detail_shows_each_attempt_with_salesforces_words(admin, submit):
    submission = submit("failed", "STRING_TOO_LONG", ["Company"])
    submission.deliveries.get().tries.create(
        claim_token=uuid.uuid4(),
        started_at=timezone.now(),
        http_status=400,
        result="STRING_TOO_LONG",
        message="Company: data value too large: <x> (max length=255)",
    )
    html = text_of(admin.get(url("detail", submission)))
    assert "data value too large: &lt;x&gt;" in html
    assert "HTTP 400" in html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["3 records in Salesforce match it", ">Lead <code>", ">Contact <code>"]),
        ("ja", ["Salesforceの3件のレコード", ">リード <code>", ">取引先責任者 <code>"]),
    ],
)
def test_detail_links_the_records_that_a_blocked_lead_is_like(admin, submit, language, words):
    submission = submit("failed", "DUPLICATES_DETECTED")
    submission.deliveries.get().tries.create(
        claim_token=uuid.uuid4(),
        started_at=timezone.now(),
        result="DUPLICATES_DETECTED",
        match_count=3,
        match_ids=["00Q5g00000AAAAAEA4", "0035g00000AAAAA", "no id at all"],
    )
    user = admin.get("/admin/").wsgi_request.user
    UserProfile.objects.create(user=user, preferred_language=language)
    html = text_of(admin.get(url("detail", submission)))
    for shown in words:
        assert shown in html
    assert 'href="https://acme.my.salesforce.com/00Q5g00000AAAAAEA4"' in html
    assert 'href="https://acme.my.salesforce.com/0035g00000AAAAAAA5"' in html
    assert html.count('href="https://acme.my.salesforce.com/') == 2


def test_resend_failed_goes_back_to_due(admin, submit):
    submission = submit("failed", "STRING_TOO_LONG", ["Company"])
    response = admin.post(url("resend", submission), follow=True)
    assert "The lead goes out again" in text_of(response)
    delivery = submission.deliveries.get()
    assert (delivery.state, delivery.cause) == (Delivery.State.DUE, "")


def test_resend_delivered_is_refused_in_words(admin, submit):
    submission = submit()
    response = admin.post(url("resend", submission), follow=True)
    assert "in Salesforce already" in text_of(response)
    assert submission.deliveries.get().state == Delivery.State.DONE


def test_resend_with_todays_mapping_builds_the_lead_anew(admin, submit, version):
    submission = submit("failed", "REQUIRED_FIELD_MISSING", ["Title"])
    title = {"source": "constant", "value": "Dr", "property": "Title", "spec": None}
    version.mapping = [*version.mapping, title]
    version.save()
    admin.post(url("resend", submission), {"mapping": "today"})
    assert submission.deliveries.get().lead["Title"] == "Dr"


def test_send_as_new_asks_first_then_makes_another_delivery(admin, submit):
    submission = submit()
    old = submission.deliveries.get()
    assert old.lead_id in text_of(admin.get(url("send_as_new", submission)))
    admin.post(url("send_as_new", submission))
    new = submission.deliveries.get(is_current=True)
    assert new.pk != old.pk
    assert new.external_id != old.external_id
    assert new.state == Delivery.State.DUE


AGAIN, AS_NEW = "Resend as it was", "Send as a new lead"


@pytest.mark.parametrize(
    ("cause", "values", "offered"),
    [
        ("STRING_TOO_LONG", {}, {AGAIN, "Resend with today"}),
        ("no_proof", {"may_exist": True}, {"Look up now", AS_NEW}),
        ("lead_deleted", {"lead_id": LEAD_ID}, {AS_NEW}),
    ],
)
def test_detail_offers_what_the_repair_speaks_of(admin, submit, cause, values, offered):
    submission = submit("failed", cause)
    Delivery.objects.update(**values)
    html = text_of(admin.get(url("detail", submission)))
    buttons = html[html.index("wsl-submission__actions") :]
    every = {AGAIN, "Resend with today", "Look up now", AS_NEW}
    assert {button for button in every if button in buttons} == offered


def test_look_up_of_what_may_exist_is_called_one(admin, submit):
    submission = submit("failed", "no_proof")
    Delivery.objects.update(may_exist=True)
    response = admin.post(url("resend", submission), follow=True)
    assert "The lead is looked up." in text_of(response)
    assert submission.deliveries.get().state == Delivery.State.UNKNOWN


def test_send_as_new_names_no_lead_where_none_is_known(admin, submit):
    submission = submit("failed", "no_proof")
    Delivery.objects.update(may_exist=True)
    assert "may be in Salesforce already" in text_of(admin.get(url("send_as_new", submission)))


@pytest.mark.parametrize("allowed", [True, False])
def test_delete_needs_the_permission_and_takes_everything(client, editor_of, submit, page, allowed):
    submission = submit()
    client = editor_of(page)
    if allowed:
        Group.objects.get(name="Some editors").permissions.add(
            Permission.objects.get(codename="delete_leadsubmission")
        )
    client.post(url("delete", submission))
    assert LeadSubmission.objects.exists() is not allowed
    assert Delivery.objects.exists() is not allowed


@pytest.mark.parametrize(
    ("name", "heading"), [("delete", "Delete submission"), ("send_as_new", "Send as a new lead")]
)
def test_question_before_an_act_has_its_heading(admin, submit, name, heading):
    assert f'<h2 class="w-h1">{heading}</h2>' in text_of(admin.get(url(name, submit())))


@pytest.mark.parametrize("name", ["resend", "send_as_new"])
def test_what_was_never_sent_cannot_be_sent_again(admin, submit, name):
    assert admin.post(url(name, submit(state=None))).status_code == 404


def test_held_lead_is_sent_now_or_with_todays_mapping(admin, submit):
    """Its account may be the reason, and today's mapping has another."""
    html = text_of(admin.get(url("detail", submit("held", "org_of_another_site"))))
    assert "Send now" in html
    assert "Resend with today&#x27;s mapping" in html or "Resend with today's mapping" in html


@pytest.mark.parametrize("name", ["send_as_new", "delete"])
def test_question_leads_back_to_the_submission(admin, submit, name):
    submission = submit()
    html = text_of(admin.get(url(name, submission)))
    assert f'href="{url("detail", submission)}"' in html
    assert f'href="{reverse("wagtail_salesforce_leads_reports:index")}"' in html
