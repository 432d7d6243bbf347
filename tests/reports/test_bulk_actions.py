"""What a bulk action takes where all of a listing is chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from wagtail_salesforce_leads.models import Delivery, LeadFormVersion, LeadSubmission, SalesforceOrg
from wagtail_salesforce_leads.reports.paging import BoundedPaginator

from .test_views import text_of

pytestmark = pytest.mark.django_db

INDEX = reverse("wagtail_salesforce_leads_reports:index")


def address(action: str, query: str) -> str:
    """As Wagtail's script asks: the listing's own query, then the ids."""
    args = ["wagtail_salesforce_leads", "leadsubmission", action]
    return f"{reverse('wagtail_bulk_action', args=args)}?{query}"


def bulk(client, action: str, query: str, **data):
    return client.post(address(action, query), {"next": INDEX, **data})


def confirmed(client, action: str, query: str) -> tuple[str, str]:
    """The confirmation, and what its form hands back."""
    shown = text_of(client.get(address(action, query)))
    found = re.search(r'name="confirmed" value="([^"]*)"', shown)
    return shown, found[1] if found else ""


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("query", ["result=failed", "q=Jones", "cause=STRING_TOO_LONG&p=2"])
def test_bulk_delete_all_in_a_narrowed_listing_leaves_what_is_not_listed(admin, submit, query):
    submit("failed", "STRING_TOO_LONG", last="Jones")
    kept = submit(last="Smith")
    assert bulk(admin, "delete", f"{query}&id=all").status_code == 302
    assert LeadSubmission.objects.get() == kept
    (entry,) = ModelLogEntry.objects.filter(action="wagtail.delete")
    assert entry.user.is_superuser


def test_confirmation_names_the_first_ten_and_counts_the_others(admin, submit):
    for number in range(13):
        submit("failed", "STRING_TOO_LONG", last=f"Visitor{number:02}")
    submit("done")
    shown, pks = confirmed(admin, "resend", "id=all")
    assert "Send 13 leads again" in shown
    assert "1 chosen submission is left alone" in shown
    assert "and 3 more" in shown
    assert [f"Visitor{number:02}" in shown for number in range(13)] == [False] * 3 + [True] * 10
    assert len(pks.split(",")) == 13


def queries_for(many: int, submit, act: Callable[[], object]) -> int:
    """How many queries the act takes once there are so many more failed leads."""
    for _number in range(many):
        submit("failed", "STRING_TOO_LONG")
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


@pytest.mark.parametrize("action", ["resend", "delete"])
def test_confirmation_takes_as_many_queries_for_many_as_for_few(admin, submit, action):
    def ask():
        admin.get(address(action, "result=failed&id=all"))

    assert queries_for(2, submit, ask) == queries_for(20, submit, ask)


@pytest.mark.parametrize("action", ["resend", "delete"])
def test_what_came_after_the_confirmation_is_not_acted_on(admin, submit, action):
    submit("failed", "STRING_TOO_LONG")
    _shown, pks = confirmed(admin, action, "id=all")
    later = submit("failed", "STRING_TOO_LONG")
    bulk(admin, action, "id=all", confirmed=pks)
    assert later.deliveries.get().state == Delivery.State.FAILED
    others = Delivery.objects.exclude(submission=later)
    assert list(others.values_list("state", flat=True)) == (["due"] if action == "resend" else [])


def test_confirmation_hands_back_nothing_that_somebody_else_may_see_only(editor_of, submit, page):
    submission = submit("failed", "STRING_TOO_LONG")
    LeadSubmission.objects.filter(pk=submission.pk).update(source_id="0")
    client = editor_of(page)
    bulk(client, "resend", "id=all", confirmed=str(submission.pk))
    assert states() == ["failed"]


def test_all_of_a_listing_is_what_its_pages_show(admin, submit, monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "most", 3)
    for _number in range(5):
        submit("failed", "STRING_TOO_LONG")
    bulk(admin, "resend", "id=all")
    assert states() == ["failed", "failed", "due", "due", "due"]


def test_resend_many_takes_todays_mapping_with_each_ones_own_answers(admin, submit, version):
    submit("failed", "STRING_TOO_LONG", last="Sato")
    submit("waiting", "UNABLE_TO_LOCK_ROW", last="Ito")
    submit("done", last="Mori")
    title = {"source": "constant", "value": "Dr", "property": "Title", "spec": None}
    version.mapping = [*version.mapping, title]
    version.campaign_name = "Autumn fair"
    version.save()
    shown = text_of(admin.post(address("resend", "id=all"), {"next": INDEX}, follow=True))
    assert "2 leads go out again." in shown
    assert states() == ["due", "due", "done"]
    leads = list(Delivery.objects.order_by("pk").values_list("lead", "campaign_name"))
    assert [(lead["LastName"], lead.get("Title"), name) for lead, name in leads] == [
        ("Sato", "Dr", "Autumn fair"),
        ("Ito", "Dr", "Autumn fair"),
        ("Mori", None, "Spring fair"),
    ]


def test_resend_many_leaves_what_today_does_not_fit_and_says_so(admin, submit, version):
    submit("failed", "STRING_TOO_LONG")
    LeadFormVersion.objects.update(sync=False)
    shown = text_of(admin.post(address("resend", "id=all"), {"next": INDEX}, follow=True))
    assert "0 leads go out again. 1 stays as it is" in shown
    assert states() == ["failed"]


def test_resend_many_looks_up_what_may_exist(admin, submit):
    for state in ("failed", "unknown"):
        submission = submit(state, "no_proof")
        Delivery.objects.filter(submission=submission).update(
            may_exist=True, ambiguous_mode="Wagtail_Submission_Id__c"
        )
    before = list(Delivery.objects.order_by("pk").values_list("lead", flat=True))
    bulk(admin, "resend", "id=all")
    assert states() == ["unknown", "unknown"]
    assert list(Delivery.objects.order_by("pk").values_list("lead", flat=True)) == before


def test_resend_many_goes_to_todays_org_by_a_delivery_of_its_own(admin, submit, version):
    submission = submit("failed", "STRING_TOO_LONG")
    other = SalesforceOrg.objects.create(site=version.org.site, org_id="00D9", name="Other")
    LeadFormVersion.objects.update(org=other)
    bulk(admin, "resend", "id=all")
    assert submission.deliveries.get(is_current=True).org == other
    assert states() == ["failed", "due"]


@pytest.mark.parametrize(
    ("action", "left", "logged"),
    [
        ("resend", ["due"] * 32, "wagtail_salesforce_leads.resend"),
        ("delete", [], "wagtail.delete"),
    ],
)
def test_act_on_many_takes_no_more_statements_than_on_few(admin, submit, action, left, logged):
    def act():
        bulk(admin, action, "result=failed&id=all")

    assert queries_for(2, submit, act) == queries_for(30, submit, act)
    assert states() == left
    assert ModelLogEntry.objects.filter(action=logged).count() == 32


def test_resend_many_is_in_the_log_of_each_that_goes_out(admin, submit):
    sent = [submit("failed", "STRING_TOO_LONG") for _number in range(3)]
    submit("done")
    bulk(admin, "resend", "id=all")
    entries = ModelLogEntry.objects.filter(action="wagtail_salesforce_leads.resend")
    assert {entry.object_id for entry in entries} == {str(one.pk) for one in sent}
    assert all(entry.user.is_superuser for entry in entries)
    assert len({entry.uuid for entry in entries}) == 1
    assert entries[0].formatter.format_message(entries[0]) == "Sent the lead again"


def test_resend_many_logs_nothing_of_what_is_refused(admin, submit):
    submit("failed", "STRING_TOO_LONG")
    LeadFormVersion.objects.update(sync=False)
    bulk(admin, "resend", "id=all")
    assert not ModelLogEntry.objects.filter(action="wagtail_salesforce_leads.resend").exists()


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({}, "Resend as it was"),
        ({"lead": {}}, "Resend with today"),
        ({"may_exist": True}, "Look up now"),
        ({"cause": "lead_deleted", "lead_id": "00Q5g00000AAAAAEA4"}, None),
    ],
)
def test_row_says_what_its_button_does(admin, submit, values, offered):
    submit("failed", "STRING_TOO_LONG")
    Delivery.objects.update(**values)
    shown = re.search(r'wsl-result--bad">(.*?)</td>', text_of(admin.get(INDEX)), re.S)[1]
    buttons = re.findall(r"<button[^>]*>([^<]*)", shown)
    assert [offered in button for button in buttons] == ([True] if offered else [])


def test_bulk_resend_says_which_mapping_it_takes(admin, submit):
    submit("failed", "STRING_TOO_LONG")
    today = "Resend with today's mapping"
    confirmation = unescape(text_of(admin.get(address("resend", "id=all"))))
    assert today in unescape(text_of(admin.get(INDEX)))
    assert re.search(rf"<title>\s*{today}", confirmation)
