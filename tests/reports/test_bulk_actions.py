"""What a bulk action takes where all of a listing is chosen."""

from __future__ import annotations

import pytest
from django.urls import reverse

from wagtail_salesforce_leads.models import LeadSubmission

pytestmark = pytest.mark.django_db

INDEX = reverse("wagtail_salesforce_leads_reports:index")


def bulk(client, action: str, query: str):
    """As Wagtail's script asks: the listing's own query, then the ids."""
    args = ["wagtail_salesforce_leads", "leadsubmission", action]
    return client.post(f"{reverse('wagtail_bulk_action', args=args)}?{query}", {"next": INDEX})


@pytest.mark.parametrize("query", ["result=failed", "q=Jones", "cause=STRING_TOO_LONG&p=2"])
def test_bulk_delete_all_in_a_narrowed_listing_leaves_what_is_not_listed(admin, submit, query):
    submit("failed", "STRING_TOO_LONG", last="Jones")
    kept = submit(last="Smith")
    assert bulk(admin, "delete", f"{query}&id=all").status_code == 302
    assert LeadSubmission.objects.get() == kept
