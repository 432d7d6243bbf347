from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils.translation import override

from wagtail_salesforce_leads.models import Delivery, LeadSubmission
from wagtail_salesforce_leads.reports.history import history_of

DONE = [["lead_created", ""], ["member_added", ""], ["status_read", "Registered"]]


def entries(submission: LeadSubmission, *tries: dict):
    """``tries``: columns of each attempt; ``after`` is seconds from the one before it."""
    delivery = submission.deliveries.get()
    at = submission.submitted_at
    for columns in tries:
        at += timedelta(seconds=columns.pop("after", 1))
        delivery.tries.create(claim_token=uuid.uuid4(), started_at=at, **columns)
    return history_of(delivery, submission.submitted_at)


def lines(found) -> list[str]:
    return [f"{one.title}: {one.told} ({one.facts})" for one in found]


LOST = {"result": "answer_lost", "http_status": 503, "calls": [1]}
NOT_THERE = {
    "kind": "look_up",
    "after": 610,
    "result": "not_found",
    "steps": [["lead_not_there", ""]],
    "calls": [1],
}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                "First try: no answer (HTTP 503, 1 API call)",
                "Looked up: not there (1 API call)",
                "Second try: Lead created, member added, status Registered read back (1 API call)",
            ],
        ),
        (
            "ja",
            [
                "1回目の送信: 応答なし (HTTP 503、APIコール1回)",
                "Salesforceで検索: 見つかりませんでした (APIコール1回)",
                "2回目の送信: リードを作成、キャンペーンメンバーを追加、"
                "状況「Registered」を読み戻して確認 (APIコール1回)",
            ],
        ),
    ],
)
def test_history_of_a_lost_answer_reads_as_it_went(submit, language, told):
    delivered = {"after": 0, "result": "delivered", "steps": DONE, "calls": [1]}
    with override(language):
        found = entries(submit(), dict(LOST), dict(NOT_THERE), delivered)
        assert lines(found) == told


def test_history_says_how_much_later_what_did_not_follow_at_once(submit):
    found = entries(submit(), dict(LOST), dict(NOT_THERE), {"after": 2, "sent_at": None})
    assert [one.later.replace("\xa0", " ") for one in found] == ["", "10 minutes later", ""]


def test_history_numbers_sendings_only_and_names_a_member_step(submit):
    look_up, member = {"kind": "look_up"}, {"kind": "member"}
    found = entries(submit(), {}, look_up, {}, member, {}, {})
    assert [one.title for one in found] == [
        "First try",
        "Looked up",
        "Second try",
        "Third try, campaign member only",
        "Try 4",
        "Try 5",
    ]


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([], ""),
        ([1, 1], "2 API calls"),
        ([2], "1 API call shared with 1 other lead"),
        ([200, 200], "2 API calls shared with 199 other leads"),
        ([200, 197], "2 API calls shared with up to 199 other leads"),
        ([31, 1], "2 API calls shared with up to 30 other leads"),
    ],
)
def test_history_tells_the_calls_of_a_try(submit, calls, told):
    (found,) = entries(submit(), {"result": "delivered", "steps": DONE, "calls": calls})
    assert found.facts == told


def test_history_links_the_lead_of_a_late_answer(submit):
    lead = "00Q5g00000AAAAAEA4"
    columns = {"result": "doubled", "lead_id": lead, "steps": [["lead_created", ""]]}
    (found,) = entries(submit(Delivery.State.FAILED, "doubled"), columns)
    assert found.lead_url == f"https://acme.my.salesforce.com/{lead}"
    assert found.told == "Lead created. Salesforce has two leads of this submission."


def test_history_of_a_try_without_steps_claims_no_more_than_its_result(submit):
    (found,) = entries(submit(), {"result": "delivered"})
    assert lines([found]) == ["First try: delivered ()"]
