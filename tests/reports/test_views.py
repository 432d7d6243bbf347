from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Page

from tests.site.models import LandingPage
from wagtail_salesforce_leads.models import Delivery, LeadFormVersion, LeadSubmission

INDEX = reverse("wagtail_salesforce_leads_reports:index")


def text_of(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def test_list_delivered_lead_shows_result_with_link_and_campaign(admin, submit):
    submission = submit()
    html = text_of(admin.get(INDEX))
    lead_id = submission.deliveries.get().lead_id
    assert "山田 v1@example.com" in html
    assert f"https://acme.my.salesforce.com/{lead_id}" in html
    assert "Spring fair: Registered" in html


@pytest.mark.parametrize(
    ("name", "status", "shown"),
    [
        ("", "Registered", "7015g000000AAAAEA4: Registered"),
        ("Spring fair", "", "Spring fair"),
        ("", "", "7015g000000AAAAEA4"),
    ],
)
def test_list_delivered_lead_shows_what_is_known_of_the_campaign(
    admin, submit, name, status, shown
):
    submission = submit()
    submission.deliveries.update(campaign_name=name, member_status=status, actual_status="")
    assert f">{shown}<" in text_of(admin.get(INDEX))


def test_list_failed_lead_says_why_and_offers_resend(admin, submit):
    submission = submit("failed", "STRING_TOO_LONG", ["Company"])
    html = text_of(admin.get(INDEX))
    assert "Company" in html
    assert reverse("wagtail_salesforce_leads_reports:resend", args=[submission.pk]) in html


def test_list_sync_off_shows_answers_as_not_sent(admin, submit):
    submit(state=None)
    assert "Not sent" in text_of(admin.get(INDEX))


def test_list_counts_what_waits_is_held_and_needs_somebody(admin, submit):
    for state in ("due", "unknown", "held", "failed"):
        submit(state)
    html = text_of(admin.get(INDEX))
    assert "2 leads are on their way" in html
    assert f'<a href="{INDEX}?result=held">1 lead is held</a>' in html
    assert f'href="{INDEX}?result=failed">1 lead needs you</a>' in html


def test_list_marks_a_test_lead(admin, submit):
    LeadSubmission.objects.filter(pk=submit().pk).update(is_test=True)
    assert "資料請求 · Test lead" in text_of(admin.get(INDEX))


def test_list_more_rows_needs_no_more_queries(admin, submit, django_assert_max_num_queries):
    submit()
    admin.get(INDEX)
    with django_assert_max_num_queries(60) as few:
        admin.get(INDEX)
    for _ in range(20):
        submit()
    with django_assert_max_num_queries(len(few)):
        admin.get(INDEX)


@pytest.mark.parametrize(
    ("query", "found"),
    [("result=failed", {"failed"}), ("result=done", {"done"}), ("result=none", {None})],
)
def test_filter_by_result_lists_only_those(admin, submit, query, found):
    made = {state: submit(state, last=f"who-{state}") for state in ("failed", "done", None)}
    html = text_of(admin.get(f"{INDEX}?{query}"))
    assert {state for state in made if f"who-{state}" in html} == found


def test_search_by_name_finds_the_person(admin, submit):
    submit(last="佐藤")
    submit(last="鈴木")
    html = text_of(admin.get(f"{INDEX}?q=佐藤"))
    assert "佐藤" in html
    assert "鈴木" not in html


def test_list_failures_are_grouped_by_cause(admin, submit):
    for _ in range(3):
        submit("failed", "REQUIRED_FIELD_MISSING", ["Company"])
    html = text_of(admin.get(INDEX))
    assert "3 leads need you" in html
    assert "result=failed&amp;cause=REQUIRED_FIELD_MISSING" in html


def test_editor_sees_only_submissions_of_pages_they_may_change(editor_of, submit, page):
    submit(last="Seen")
    other = Page.get_first_root_node().add_child(instance=LandingPage(title="Other", slug="o"))
    hidden = submit(last="Unseen")
    LeadSubmission.objects.filter(pk=hidden.pk).update(source_id=str(other.pk))
    client = editor_of(page)
    html = text_of(client.get(INDEX))
    assert "Seen v1@" in html
    assert "Unseen" not in html
    for name in ("detail", "send_as_new"):
        url = reverse(f"wagtail_salesforce_leads_reports:{name}", args=[hidden.pk])
        assert client.get(url).status_code == 404
    resend = reverse("wagtail_salesforce_leads_reports:resend", args=[hidden.pk])
    assert client.post(resend).status_code == 404


def test_export_csv_has_answers_result_and_no_formula(admin, submit):
    submit(last="=HYPERLINK(1)")
    export = text_of(admin.get(f"{INDEX}?export=csv"))
    assert export.startswith("\ufeff")
    assert "'=HYPERLINK(1)" in export
    assert "In Salesforce: Spring fair: Registered" in export


def test_export_xlsx_of_one_form_has_a_column_for_each_answer(admin, submit, version):
    submit(last="+81", question="Where?")
    response = admin.get(f"{INDEX}?export=xlsx&form={version.form.pk}")
    rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.values)
    assert rows[0][5:9] == ("姓", "E-mail", "Website", "Question")
    assert rows[1][5:9] == ("+81", "v1@example.com", None, "Where?")


def test_export_keeps_an_answer_whose_field_is_named_like_a_column(admin, submit, version):
    """A classic form's keys are made of its labels."""
    one = submit()
    fields = [{**version.definition["fields"][0], "key": "result", "label": "Exam result"}]
    LeadFormVersion.objects.update(definition={**version.definition, "fields": fields})
    LeadSubmission.objects.filter(pk=one.pk).update(answers={"result": "passed"})
    export = text_of(admin.get(f"{INDEX}?export=csv&form={version.form.pk}"))
    (row,) = csv.DictReader(StringIO(export.removeprefix("\ufeff")))
    assert row["Exam result"] == "passed"
    assert row["Salesforce"].startswith("In Salesforce")


def test_bulk_resend_puts_failed_back_to_due_and_leaves_delivered(admin, submit):
    failed, done = submit("failed", "STRING_TOO_LONG"), submit()
    url = reverse(
        "wagtail_bulk_action", args=["wagtail_salesforce_leads", "leadsubmission", "resend"]
    )
    response = admin.post(f"{url}?id={failed.pk}&id={done.pk}", {"next": INDEX}, follow=True)
    assert "1 lead goes out again" in text_of(response)
    assert failed.deliveries.get().state == Delivery.State.DUE
    assert done.deliveries.get().state == Delivery.State.DONE
