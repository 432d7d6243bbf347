"""What somebody who may not see all submissions sees of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.site.models import Notice
from wagtail_salesforce_leads.models import LeadSubmission
from wagtail_salesforce_leads.reports.visible import deliveries_for, submissions_for


@pytest.fixture
def editor(editor_of, page, django_user_model):
    editor_of(page)
    return django_user_model.objects.get(username="editor")


def test_editor_sees_nothing_of_a_snippet_with_the_id_of_their_page(editor, submit, page):
    mine, other = submit(), submit()
    LeadSubmission.objects.filter(pk=other.pk).update(source_model=Notice._meta.label_lower)
    assert list(submissions_for(editor)) == [mine]
    assert [delivery.submission for delivery in deliveries_for(editor)] == [mine]


def test_editor_of_pages_without_forms_sees_nothing(editor, page):
    assert not submissions_for(editor).exists()
    assert not deliveries_for(editor).exists()


def test_pages_of_an_editor_are_asked_for_once_a_request(editor, submit):
    submit()
    with CaptureQueriesContext(connection) as first:
        list(submissions_for(editor))
    with CaptureQueriesContext(connection) as second:
        list(deliveries_for(editor))
    assert len(second) == 1 < len(first)
