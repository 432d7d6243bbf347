from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_salesforce_leads.salesforce import composite
from wagtail_salesforce_leads.salesforce.composite import (
    LEADS_WITH_CAMPAIGN,
    MAX_BYTES,
    MAX_RECORDS,
    MAX_SUBREQUESTS,
    build_composite,
    build_lead_collection,
    build_member_composite,
    fits_composite,
    parse_composite,
    parse_lead_collection,
    parse_member_composite,
    split_batches,
)
from wagtail_salesforce_leads.salesforce.errors import ErrorClass
from wagtail_salesforce_leads.salesforce.payloads import LeadPayload, MemberPayload, Outcome

from .conftest import recorded

CAMPAIGN = "7015g000000abcdAAA"
LEAD = "00Q5g00000AbCdEEAV"
MEMBER = "00v5g00000AbCdEAAV"
SUBMISSION = "Wagtail_Submission_Id__c"
HALTED = {"errorCode": "PROCESSING_HALTED", "message": "Invalid reference specified."}
MISSING = {
    "errorCode": "REQUIRED_FIELD_MISSING",
    "message": "Required fields are missing: [Company]",
    "fields": ["Company"],
}
ALREADY_MEMBER = {"errorCode": "DUPLICATE_VALUE", "message": "Already a campaign member."}
SEEN_BEFORE = {
    "errorCode": "DUPLICATE_VALUE",
    "message": f"duplicate value found: {SUBMISSION} duplicates value on record with id: 00Q",
    "fields": [],
}
BODIES = {case["name"]: case for case in recorded("error_bodies")}


def lead(reference: str = "d1", **changes) -> LeadPayload:
    values = {"fields": {"LastName": "山田", "Company": "Acme"}, "campaign_id": CAMPAIGN}
    return LeadPayload(reference, **{**values, "member_status": "Responded", **changes})


def member(reference: str = "d1", **changes) -> MemberPayload:
    return MemberPayload(reference, **{"lead_id": LEAD, "campaign_id": CAMPAIGN, **changes})


def entry(reference: str, body, status: int = 201) -> dict:
    return {"body": body, "httpHeaders": {}, "httpStatusCode": status, "referenceId": reference}


def made(record_id: str) -> dict:
    return {"id": record_id, "success": True, "errors": []}


def answered(*entries: dict) -> dict:
    return {"compositeResponse": list(entries)}


class TestBuildComposite:
    def test_lead_member_and_read_back_are_one_call(self):
        assert build_composite([lead()], [], "66.0") == {
            "allOrNone": False,
            "collateSubrequests": False,
            "compositeRequest": [
                {
                    "method": "POST",
                    "url": "/services/data/v66.0/sobjects/Lead",
                    "referenceId": "d1_lead",
                    "httpHeaders": {
                        "Sforce-Duplicate-Rule-Header": "allowSave=true",
                        "Sforce-Auto-Assign": "TRUE",
                    },
                    "body": {"LastName": "山田", "Company": "Acme"},
                },
                {
                    "method": "POST",
                    "url": "/services/data/v66.0/sobjects/CampaignMember",
                    "referenceId": "d1_member",
                    "body": {
                        "LeadId": "@{d1_lead.id}",
                        "CampaignId": CAMPAIGN,
                        "Status": "Responded",
                    },
                },
                {
                    "method": "GET",
                    "url": "/services/data/v66.0/sobjects/CampaignMember/@{d1_member.id}"
                    "?fields=Status",
                    "referenceId": "d1_status",
                },
            ],
        }

    def test_lead_without_campaign_is_one_subrequest(self):
        (only,) = build_composite([lead(campaign_id="")], [], "66.0")["compositeRequest"]
        assert only["referenceId"] == "d1_lead"

    def test_status_left_to_the_campaign_is_not_sent(self):
        steps = build_composite([lead(member_status="")], [], "66.0")["compositeRequest"]
        assert steps[1]["body"] == {"LeadId": "@{d1_lead.id}", "CampaignId": CAMPAIGN}

    def test_submission_id_goes_in_the_body_of_a_create(self):
        payload = lead(submission_id_field=SUBMISSION, submission_id="uuid")
        create = build_composite([payload], [], "66.0")["compositeRequest"][0]
        assert create["method"] == "POST"
        assert create["body"] == {"LastName": "山田", "Company": "Acme", SUBMISSION: "uuid"}

    def test_header_needs_stand_at_their_lead(self):
        payloads = [lead("a", auto_assign=False, allow_save=False), lead("b")]
        steps = build_composite(payloads, [], "66.0")["compositeRequest"]
        assert steps[0]["httpHeaders"] == {
            "Sforce-Duplicate-Rule-Header": "allowSave=false",
            "Sforce-Auto-Assign": "FALSE",
        }
        assert steps[3]["httpHeaders"]["Sforce-Auto-Assign"] == "TRUE"

    def test_members_of_known_leads_share_one_query(self):
        members = [member("d2"), member("d3", lead_id="00Q5g00000XyZzZEAV")]
        steps = build_composite([lead()], members, "66.0")["compositeRequest"]
        assert [step["referenceId"] for step in steps[3:]] == ["d2_member", "d3_member", "members"]
        query = parse_qs(urlsplit(steps[-1]["url"]).query)["q"][0]
        assert query == (
            "SELECT Id, LeadId, CampaignId, Status FROM CampaignMember"
            f" WHERE LeadId IN ('{LEAD}','00Q5g00000XyZzZEAV') AND CampaignId IN ('{CAMPAIGN}')"
        )


class TestFitsComposite:
    def test_eight_leads_with_campaign_fit(self):
        leads = [lead(f"d{i}") for i in range(LEADS_WITH_CAMPAIGN + 1)]
        assert LEADS_WITH_CAMPAIGN == 8
        assert fits_composite(leads[:-1])
        assert not fits_composite(leads)

    def test_leads_without_campaign_fill_all_subrequests(self):
        leads = [lead(f"d{i}", campaign_id="") for i in range(MAX_SUBREQUESTS + 1)]
        assert fits_composite(leads[:-1])
        assert not fits_composite(leads)

    def test_query_for_members_counts(self):
        leads = [lead(f"d{i}") for i in range(7)]
        assert fits_composite(leads, [member(f"m{i}") for i in range(3)])
        assert not fits_composite(leads, [member(f"m{i}") for i in range(4)])

    @pytest.mark.parametrize(
        "payload",
        [
            lead(fields={"LastName": "@{d2_lead.id}"}),
            lead(fields={"LastName": "x", "Tags__c": "a;@{;b"}),
            lead(fields={"@{": "x"}),
            lead(submission_id_field="X__c", submission_id="@{x"),
            lead(member_status="@{"),
        ],
    )
    def test_text_that_looks_like_a_reference_does_not_fit(self, payload):
        assert not fits_composite([payload])

    @pytest.mark.parametrize("text", ["a@b.example", "{name}@", "@ {", "@\u200b{", "\\u0040{"])
    def test_text_that_only_resembles_one_fits(self, text):
        assert fits_composite([lead(fields={"LastName": text, "Company": "{"})])

    def test_member_status_that_looks_like_a_reference_does_not_fit(self):
        assert not fits_composite([], [member(status="@{d1_lead.id}")])


class TestParseComposite:
    def test_all_done_is_all_known(self):
        answer = answered(
            entry("d1_lead", made(LEAD)),
            entry("d1_member", made(MEMBER)),
            entry("d1_status", {"attributes": {}, "Status": "Responded", "Id": MEMBER}, 200),
        )
        assert parse_composite(answer, [lead()]) == {
            "d1": Outcome(LEAD, member_id=MEMBER, member_status="Responded")
        }

    def test_short_ids_become_long(self):
        outcome = parse_composite(answered(entry("d1_lead", made("003aj000002oTld"))), [lead()])
        assert outcome["d1"].lead_id == "003aj000002oTldAAE"

    def test_order_of_the_answer_does_not_count(self):
        answer = answered(
            entry("d1_member", made(MEMBER)),
            entry("b_lead", [MISSING], 400),
            entry("d1_lead", made(LEAD)),
        )
        outcomes = parse_composite(answer, [lead(), lead("b", campaign_id="")])
        assert (outcomes["d1"].lead_id, outcomes["d1"].member_id) == (LEAD, MEMBER)
        assert outcomes["b"].lead_refusals[0].code == "REQUIRED_FIELD_MISSING"

    def test_refused_lead_names_its_own_cause_and_not_its_shadow(self):
        answer = answered(
            entry("d1_lead", [MISSING], 400),
            entry("d1_member", [HALTED], 400),
            entry("d1_status", [HALTED], 400),
        )
        outcome = parse_composite(answer, [lead()])["d1"]
        assert [refusal.code for refusal in outcome.lead_refusals] == ["REQUIRED_FIELD_MISSING"]
        assert outcome.lead_refusals[0].fields == ("Company",)
        assert outcome.member_refusals == ()
        assert not outcome.lead_may_exist
        assert not outcome.member_may_exist

    def test_refused_member_does_not_lose_the_lead(self):
        deleted = {"errorCode": "ENTITY_IS_DELETED", "message": "entity is deleted", "fields": []}
        answer = answered(
            entry("d1_lead", made(LEAD)),
            entry("d1_member", [deleted], 400),
            entry("d1_status", [HALTED], 400),
        )
        outcome = parse_composite(answer, [lead()])["d1"]
        assert outcome.lead_id == LEAD
        assert outcome.member_refusals[0].error_class is ErrorClass.CONFIGURATION
        assert not outcome.member_may_exist
        assert not outcome.is_already_member

    def test_lead_already_a_member_is_no_failure(self):
        """A flow of the org may add new Leads to the campaign by itself."""
        answer = answered(entry("d1_lead", made(LEAD)), entry("d1_member", [ALREADY_MEMBER], 400))
        assert parse_composite(answer, [lead()])["d1"].is_already_member

    def test_submission_seen_before_is_already_there(self):
        payload = lead(submission_id_field=SUBMISSION, submission_id="uuid")
        answer = answered(entry("d1_lead", [SEEN_BEFORE], 400), entry("d1_member", [HALTED], 400))
        outcome = parse_composite(answer, [payload])["d1"]
        assert outcome.already_there
        assert not outcome.lead_id

    def test_another_unique_field_is_a_refusal(self):
        other = {**SEEN_BEFORE, "message": "duplicate value found: Tax_Id__c duplicates value"}
        payload = lead(submission_id_field=SUBMISSION, submission_id="uuid")
        outcome = parse_composite(answered(entry("d1_lead", [other], 400)), [payload])["d1"]
        assert not outcome.already_there
        assert outcome.lead_refusals[0].error_class is ErrorClass.DATA

    def test_without_submission_id_nothing_is_already_there(self):
        outcome = parse_composite(answered(entry("d1_lead", [SEEN_BEFORE], 400)), [lead()])["d1"]
        assert not outcome.already_there

    @pytest.mark.parametrize(
        "answer",
        [
            answered(),
            answered(entry("d1_lead", [HALTED], 400)),
            answered(entry("d1_lead", None, 500)),
            answered(entry("d1_lead", "<html>", 503)),
            answered(entry("d1_lead", made("not an id"))),
            answered(entry("d1_lead", {}, 201)),
            answered({"referenceId": "d1_lead"}),
            answered("text", None, {}),
        ],
    )
    def test_lead_that_the_answer_does_not_account_for_may_exist(self, answer):
        outcome = parse_composite(answer, [lead()])["d1"]
        assert outcome.lead_may_exist
        assert outcome.member_may_exist
        assert not outcome.lead_id

    def test_member_that_the_answer_does_not_account_for_may_exist(self):
        outcome = parse_composite(answered(entry("d1_lead", made(LEAD))), [lead()])["d1"]
        assert outcome.member_may_exist
        assert not outcome.lead_may_exist

    def test_poisoned_neighbour_changes_nothing(self):
        answer = answered(
            entry("a_lead", made(LEAD)),
            entry("b_lead", [{"errorCode": "UNKNOWN_EXCEPTION", "message": "boom"}], 500),
        )
        payloads = [lead("a", campaign_id=""), lead("b", campaign_id="")]
        outcomes = parse_composite(answer, payloads)
        assert outcomes["a"] == Outcome(LEAD)
        assert not outcomes["b"].lead_may_exist, "its own entry speaks of it"

    def test_members_of_known_leads_are_read_from_the_query(self):
        rows = [{"Id": MEMBER, "LeadId": LEAD, "CampaignId": CAMPAIGN, "Status": "Sent"}]
        answer = answered(
            entry("d1_member", [ALREADY_MEMBER], 400),
            entry("members", {"totalSize": 1, "done": True, "records": rows}, 200),
        )
        outcome = parse_composite(answer, [], [member()])["d1"]
        assert (outcome.lead_id, outcome.member_id, outcome.member_status) == (LEAD, MEMBER, "Sent")
        assert outcome.is_already_member, "what the create said is kept beside it"

    def test_recorded_partial_success_is_read_entry_by_entry(self):
        """The recording is of other objects; its references stand for a Lead and its member."""
        renamed = json.loads(
            json.dumps(recorded("composite_partial_success"))
            .replace('"billingMilestonePlanItems"', '"d1_member"')
            .replace('"billingMilestonePlan"', '"d1_lead"')
        )
        outcome = parse_composite(renamed, [lead()])["d1"]
        assert outcome.lead_refusals[0].error_class is ErrorClass.CONSEQUENCE
        assert outcome.lead_may_exist, "halted without a culprit proves nothing"

    def test_recorded_rollback_is_only_a_shadow(self):
        body = BODIES["composite_rolled_back_item"]["body"]["compositeResponse"][0]["body"]
        outcome = parse_composite(answered(entry("d1_lead", body, 400)), [lead()])["d1"]
        assert outcome.lead_may_exist


class TestLeadCollection:
    def test_records_are_sent_with_their_headers_on_top(self):
        payloads = [lead("a"), lead("b", submission_id_field=SUBMISSION, submission_id="uuid")]
        body, headers = build_lead_collection(payloads)
        assert body == {
            "allOrNone": False,
            "records": [
                {"attributes": {"type": "Lead"}, "LastName": "山田", "Company": "Acme"},
                {
                    "attributes": {"type": "Lead"},
                    "LastName": "山田",
                    "Company": "Acme",
                    SUBMISSION: "uuid",
                },
            ],
        }
        assert headers == {
            "Sforce-Duplicate-Rule-Header": "allowSave=true",
            "Sforce-Auto-Assign": "TRUE",
        }

    def test_leads_that_disagree_on_headers_are_not_mixed(self):
        with pytest.raises(ValueError, match="agree"):
            build_lead_collection([lead("a"), lead("b", auto_assign=False)])

    def test_more_records_than_salesforce_takes_are_refused(self):
        with pytest.raises(ValueError, match="200"):
            build_lead_collection([lead(f"d{i}") for i in range(MAX_RECORDS + 1)])

    def test_results_are_read_in_order(self):
        (duplicate,) = BODIES["collections_item_duplicate"]["body"]
        (rolled_back,) = BODIES["collections_rolled_back"]["body"]
        results = [{"id": LEAD, "success": True, "errors": []}, duplicate, rolled_back]
        outcomes = parse_lead_collection(results, [lead("a"), lead("b"), lead("c")])
        assert outcomes["a"] == Outcome(LEAD)
        assert outcomes["b"].lead_refusals[0].error_class is ErrorClass.DUPLICATE
        assert not outcomes["b"].lead_may_exist
        assert outcomes["c"].lead_may_exist

    def test_submission_seen_before_is_already_there(self):
        payload = lead(submission_id_field=SUBMISSION, submission_id="uuid")
        error = {"statusCode": "DUPLICATE_VALUE", "message": SEEN_BEFORE["message"], "fields": []}
        outcomes = parse_lead_collection([{"success": False, "errors": [error]}], [payload])
        assert outcomes["d1"].already_there

    @pytest.mark.parametrize("results", [[], [made(LEAD)] * 3, [None, "text"]])
    def test_results_that_do_not_match_prove_nothing(self, results):
        outcomes = parse_lead_collection(results, [lead("a"), lead("b")])
        assert [outcome.lead_may_exist for outcome in outcomes.values()] == [True, True]
        assert [outcome.lead_id for outcome in outcomes.values()] == ["", ""]

    def test_unknown_code_of_one_record_is_about_its_data(self):
        results = [{"success": False, "errors": [{"statusCode": "BRAND_NEW", "message": "?"}]}]
        outcome = parse_lead_collection(results, [lead()])["d1"]
        assert outcome.lead_refusals[0].error_class is ErrorClass.DATA


class TestMemberComposite:
    def test_members_and_read_back_are_one_call(self):
        body = build_member_composite([member("a"), member("b", status="Sent")], "66.0")
        create, query = body["compositeRequest"]
        assert create["url"] == "/services/data/v66.0/composite/sobjects"
        assert create["body"]["records"] == [
            {"attributes": {"type": "CampaignMember"}, "LeadId": LEAD, "CampaignId": CAMPAIGN},
            {
                "attributes": {"type": "CampaignMember"},
                "LeadId": LEAD,
                "CampaignId": CAMPAIGN,
                "Status": "Sent",
            },
        ]
        assert query["method"] == "GET"
        assert query["url"].startswith("/services/data/v66.0/query?q=SELECT+Id")
        assert body["allOrNone"] is False

    def test_query_for_200_members_stays_within_the_url_limit(self):
        members = [
            member(f"m{i}", lead_id=f"00Q{i:015d}", campaign_id=f"701{i:015d}") for i in range(200)
        ]
        assert len(build_member_composite(members, "66.0")["compositeRequest"][1]["url"]) < 16_000

    def test_members_are_told_apart_by_lead_and_campaign(self):
        other = "00Q5g00000XyZzZEAV"
        rows = [
            {"Id": MEMBER, "LeadId": other, "CampaignId": CAMPAIGN, "Status": "Sent"},
            {"Id": "00v5g00000ZzZzZAAV", "LeadId": None, "CampaignId": CAMPAIGN, "Status": "x"},
        ]
        answer = answered(
            entry("created", [made("00v5g00000AaAaAAAV"), made(MEMBER)], 200),
            entry("members", {"records": rows}, 200),
        )
        outcomes = parse_member_composite(answer, [member("a"), member("b", lead_id=other)])
        assert outcomes["a"] == Outcome(LEAD, member_id="00v5g00000AaAaAAAV")
        assert outcomes["b"] == Outcome(other, member_id=MEMBER, member_status="Sent")

    def test_converted_lead_becomes_a_member_by_its_contact(self):
        contact = "0035g00000AbCdEAAV"
        step = member(contact_id=contact)
        create, query = build_member_composite([step], "66.0")["compositeRequest"]
        assert create["body"]["records"] == [
            {"attributes": {"type": "CampaignMember"}, "ContactId": contact, "CampaignId": CAMPAIGN}
        ]
        assert f"ContactId+IN+%28%27{contact}%27%29" in query["url"]
        rows = [{"Id": MEMBER, "ContactId": contact, "CampaignId": CAMPAIGN, "Status": "Sent"}]
        answer = answered(
            entry("created", [made(MEMBER)], 200), entry("members", {"records": rows}, 200)
        )
        outcome = parse_member_composite(answer, [step])["d1"]
        assert (outcome.lead_id, outcome.member_status) == (LEAD, "Sent")

    def test_status_of_known_members_is_set(self):
        step = member(member_id=MEMBER, status="Attended")
        update, query = build_member_composite([step], "66.0")["compositeRequest"]
        assert update["method"] == "PATCH"
        assert update["body"]["records"] == [
            {"attributes": {"type": "CampaignMember"}, "Id": MEMBER, "Status": "Attended"}
        ]
        assert query["referenceId"] == "members"

    def test_refused_member_keeps_its_cause(self):
        error = {"statusCode": "INVALID_CROSS_REFERENCE_KEY", "message": "?", "fields": []}
        answer = answered(
            entry("created", [{"success": False, "errors": [error]}], 200),
            entry("members", {"records": []}, 200),
        )
        outcome = parse_member_composite(answer, [member()])["d1"]
        assert outcome.member_refusals[0].code == "INVALID_CROSS_REFERENCE_KEY"
        assert not outcome.member_may_exist

    def test_collection_refused_as_a_whole_refuses_each(self):
        body = BODIES["no_access_xref"]["body"]
        answer = answered(entry("created", body, 400), entry("members", {"records": []}, 200))
        outcomes = parse_member_composite(answer, [member("a"), member("b")])
        codes = [outcome.member_refusals[0].code for outcome in outcomes.values()]
        assert codes == ["INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"] * 2

    def test_short_answer_proves_nothing(self):
        outcome = parse_member_composite(answered(), [member()])["d1"]
        assert outcome.member_may_exist
        assert outcome.lead_id == LEAD


PAYLOADS = st.lists(
    st.builds(
        LeadPayload,
        reference=st.integers(0, 10**9).map("d{}".format),
        fields=st.dictionaries(st.sampled_from(["LastName", "Company", "X__c"]), st.text()),
        campaign_id=st.sampled_from(["", CAMPAIGN]),
        member_status=st.sampled_from(["", "Sent", "@{x"]),
        auto_assign=st.booleans(),
        allow_save=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda payload: payload.reference,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(LEAD),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "success", "errors", "errorCode", "Status", "records"]), inner
        )
    ),
)


class TestInvariants:
    @given(PAYLOADS)
    def test_what_fits_is_legal_for_salesforce(self, payloads):
        if not fits_composite(payloads):
            return
        steps = build_composite(payloads, [], "66.0")["compositeRequest"]
        references = [step["referenceId"] for step in steps]
        assert len(steps) <= MAX_SUBREQUESTS
        assert len(set(references)) == len(references)
        assert all(name.replace("_", "").isalnum() and name[0].isalnum() for name in references)
        own = json.dumps(steps).count("@{")
        assert own == sum(2 for payload in payloads if payload.campaign_id)

    @given(PAYLOADS, st.dictionaries(st.integers(0, 40), JSON))
    def test_every_payload_gets_exactly_one_outcome_whatever_comes_back(self, payloads, bodies):
        steps = build_composite(payloads, [], "66.0")["compositeRequest"]
        entries = [
            entry(steps[place]["referenceId"], body, 201)
            for place, body in bodies.items()
            if place < len(steps)
        ]
        outcomes = parse_composite(answered(*entries), payloads)
        assert set(outcomes) == {payload.reference for payload in payloads}
        for outcome in outcomes.values():
            known = outcome.lead_id or outcome.lead_refusals or outcome.already_there
            assert known or outcome.lead_may_exist
            assert not (outcome.lead_id and outcome.lead_may_exist)

    @given(PAYLOADS, st.lists(JSON, max_size=30))
    def test_collection_answer_of_any_shape_is_survived(self, payloads, results):
        outcomes = parse_lead_collection(results, payloads)
        assert set(outcomes) == {payload.reference for payload in payloads}
        if len(results) != len(payloads):
            assert all(outcome.lead_may_exist for outcome in outcomes.values())

    @given(PAYLOADS)
    def test_batches_hold_every_payload_once_and_can_be_built(self, payloads):
        batches = split_batches(payloads)
        assert sorted(p.reference for batch in batches for p in batch) == sorted(
            p.reference for p in payloads
        )
        for batch in batches:
            build_lead_collection(batch)


class TestSplitBatches:
    def test_batch_ends_at_the_number_of_records(self):
        batches = split_batches(lead(f"d{i}") for i in range(450))
        assert [len(batch) for batch in batches] == [200, 200, 50]

    def test_batch_ends_before_its_bytes_are_too_many(self):
        payloads = [lead(f"d{i}", fields={"Description": "語" * 600_000}) for i in range(5)]
        batches = split_batches(payloads)
        assert [len(batch) for batch in batches] == [2, 2, 1]
        for batch in batches:
            body, _headers = build_lead_collection(batch)
            assert len(json.dumps(body, ensure_ascii=False).encode()) <= MAX_BYTES

    def test_order_is_kept_within_each_kind(self):
        payloads = [lead(f"d{i}", auto_assign=i % 2 == 0) for i in range(6)]
        references = [[p.reference for p in batch] for batch in split_batches(payloads)]
        assert references == [["d0", "d2", "d4"], ["d1", "d3", "d5"]]

    def test_one_lead_that_is_too_large_goes_alone(self, monkeypatch):
        monkeypatch.setattr(composite, "MAX_BYTES", 100)
        batches = split_batches([lead("a"), lead("b", fields={"X": "x" * 200}), lead("c")])
        assert [len(batch) for batch in batches] == [1, 1, 1]


def test_reference_that_salesforce_would_refuse_is_not_made():
    for reference in ["", "_a", "a-b", "a b", "日", "a\n"]:
        with pytest.raises(ValueError, match="reference"):
            lead(reference)
        with pytest.raises(ValueError, match="reference"):
            member(reference)


def test_values_of_a_lead_are_not_shown():
    payload = lead(fields={"LastName": "planted"}, submission_id="uuid")
    assert "planted" not in repr(payload)
