"""Wagtail's own list of submissions, with what became of each at Salesforce."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.contrib.forms.views import SubmissionsListView

from wagtail_salesforce_leads.models import Delivery, LeadSubmission
from wagtail_salesforce_leads.panels.submissions import with_result_column

from .conftest import contact, integration

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(client, home, org, editor):
    page = contact(home, integration(org))
    client.post(page.url, {"your_name": "Ann", "mail": "ann@example.com", "notes": ""})
    return reverse("wagtailforms:list_submissions", args=[page.pk])


def test_list_links_each_result_to_its_lead(editor, listed):
    html = editor.get(listed).content.decode()
    detail = reverse(
        "wagtail_salesforce_leads_reports:detail", args=[LeadSubmission.objects.get().pk]
    )
    assert f'<a href="{detail}">Waiting to be sent</a>' in html


def test_list_shows_nothing_for_submissions_without_lead(editor, listed):
    LeadSubmission.objects.all().delete()
    assert editor.get(listed).status_code == 200


def test_csv_has_the_result_as_last_column(editor, listed):
    Delivery.objects.update(state="done", lead_id="00Q000000000001AAA")
    response = editor.get(listed, {"export": "csv"})
    text = b"".join(response.streaming_content).decode()
    (line,) = csv.DictReader(io.StringIO(text))
    assert list(line)[-1] == "Salesforce"
    assert line["Salesforce"] == "In Salesforce"
    assert line["Mail"] == "ann@example.com"


def test_xlsx_has_the_result_as_last_column(editor, listed):
    response = editor.get(listed, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    assert [row[-1] for row in sheet.iter_rows(values_only=True)] == [
        "Salesforce",
        "Waiting to be sent",
    ]


def test_list_asks_no_query_a_row(editor, client, listed):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            editor.get(listed)
        return len(asked)

    queries()
    one = queries()
    for number in range(3):
        client.post("/contact/", {"your_name": "B", "mail": f"b{number}@example.com"})
    assert LeadSubmission.objects.count() == 4
    assert queries() == one


def test_view_that_a_page_chose_itself_gets_the_column():
    class Own(SubmissionsListView):
        paginate_by = 5

    made = with_result_column(Own)
    assert made is with_result_column(Own)
    assert (made.__name__, made.paginate_by) == ("Own", 5)
