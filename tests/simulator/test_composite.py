"""Contract 5.1, 5.3 and 5.4: several calls in one."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.salesforce.launch import Simulator

from .conftest import ALLOW_SAVE, Rest, error, part

LEAD = {"LastName": "Yamada", "Company": "Acme"}
ROLLED_BACK = {
    "message": "The transaction was rolled back since another operation in the same transaction "
    "failed.",
    "errorCode": "PROCESSING_HALTED",
}
INVALID_REFERENCE = (
    "Invalid reference specified. No value for {0} found in {1}. Provided referenceId ('{0}') must "
    "start with a letter or a number, and it can contain only letters, numbers and underscores "
    "('_')."
)


def lead_and_member(rest: Rest, status: str = "Registered", **lead: Any) -> list[dict[str, Any]]:
    campaign = rest.salesforce.campaign("Spring fair 2027")
    member = {"LeadId": "@{lead.id}", "CampaignId": campaign, "Status": status}
    return [
        part("POST", "/sobjects/Lead", "lead", {**LEAD, **lead}),
        part("POST", "/sobjects/CampaignMember", "member", member),
    ]


def entries(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return answer.json()["compositeResponse"]


def statuses(answer: Any) -> list[int]:
    return [entry["httpStatusCode"] for entry in entries(answer)]


class TestComposite:
    def test_lead_and_member_arrive_in_one_counted_call(self, rest: Rest) -> None:
        get = part("GET", "/sobjects/CampaignMember/@{member.id}?fields=Status", "read")
        answer = rest.composite(*lead_and_member(rest), get)
        lead, member, read = entries(answer)
        assert [each["httpStatusCode"] for each in (lead, member, read)] == [201, 201, 200]
        assert lead["httpHeaders"]["Location"].endswith(lead["body"]["id"])
        assert [each["referenceId"] for each in (lead, member, read)] == ["lead", "member", "read"]
        assert read["body"]["Status"] == "Registered"
        assert answer.headers["Sforce-Limit-Info"].startswith("api-usage=1/")
        assert rest.salesforce.members()[0]["LeadId"] == lead["body"]["id"]

    def test_reference_by_upper_case_id_after_a_post_finds_nothing(self, rest: Rest) -> None:
        parts = lead_and_member(rest)
        parts[1]["body"]["LeadId"] = "@{lead.Id}"
        lead, member = entries(rest.composite(*parts))
        assert lead["httpStatusCode"] == 201
        assert member["httpStatusCode"] == 400
        assert member["body"] == [
            {
                "message": INVALID_REFERENCE.format("lead.Id", "lead"),
                "errorCode": "PROCESSING_HALTED",
            }
        ]

    def test_partial_success_is_reported_as_recorded(self, rest: Rest) -> None:
        """As ReVoman recorded it: a reference into an empty query, then one to that failure."""
        query = "/query?q=SELECT+Id+FROM+Lead+WHERE+LastName+=+'nobody'"
        answer = rest.composite(
            part("GET", query, "found"),
            part("PATCH", "/sobjects/Lead/@{found.records[0].Id}", "change", {"Title": "x"}),
            part("PATCH", "/sobjects/Lead/@{change.id}", "again", {"Title": "x"}),
        )
        found, change, again = entries(answer)
        assert found == {
            "body": {"totalSize": 0, "done": True, "records": []},
            "httpHeaders": {},
            "httpStatusCode": 200,
            "referenceId": "found",
        }
        assert change["body"][0]["message"] == INVALID_REFERENCE.format(
            "found.records[0].Id", "found"
        )
        assert again["body"][0] == {
            "errorCode": "PROCESSING_HALTED",
            "message": "Execution halted as previous operation (change) was not successful.",
        }
        assert {change["httpStatusCode"], again["httpStatusCode"]} == {400}
        assert change["httpHeaders"] == {}

    def test_reference_reaches_into_query_results(self, rest: Rest) -> None:
        rest.lead(LastName="Known")
        query = "/query?q=SELECT+Id+FROM+Lead+WHERE+LastName+=+'Known'"
        answer = rest.composite(
            part("GET", query, "found"),
            part("PATCH", "/sobjects/Lead/@{found.records[0].Id}", "change", {"Title": "x"}),
        )
        assert statuses(answer) == [200, 204]

    def test_text_that_looks_like_a_reference_is_resolved(self, rest: Rest) -> None:
        first = part("POST", "/sobjects/Lead", "a", LEAD)
        leaking = part("POST", "/sobjects/Lead", "b", {**LEAD, "Title": "id @{a.id}!"})
        failing = part("POST", "/sobjects/Lead", "c", {**LEAD, "Title": "mail @{me}"})
        one, two, three = entries(rest.composite(first, leaking, failing))
        assert rest.read(two["body"]["id"])["Title"] == f"id {one['body']['id']}!"
        assert three["body"][0]["errorCode"] == "PROCESSING_HALTED"

    def test_all_or_none_rolls_back_and_names_the_culprit(self, rest: Rest) -> None:
        parts = lead_and_member(rest)
        parts[1]["body"]["CampaignId"] = "7015g00000ZZZZZAAA"
        parts.append(part("POST", "/sobjects/Lead", "never", LEAD))
        lead, member, never = entries(rest.composite(*parts, allOrNone=True))
        assert (lead["httpStatusCode"], lead["body"]) == (400, [ROLLED_BACK])
        assert member["body"][0]["errorCode"] == "INVALID_CROSS_REFERENCE_KEY"
        assert (never["httpStatusCode"], never["body"]) == (400, [ROLLED_BACK])
        assert rest.salesforce.leads() == []

    def test_without_all_or_none_what_worked_stays(self, rest: Rest) -> None:
        bad = part("POST", "/sobjects/Lead", "bad", {"LastName": "x"})
        answer = rest.composite(bad, part("POST", "/sobjects/Lead", "good", LEAD))
        assert statuses(answer) == [400, 201]
        assert len(rest.salesforce.leads()) == 1

    def test_roll_back_takes_changes_and_memberships_back(self, rest: Rest) -> None:
        lead_id = rest.lead(Title="old", Wagtail_Submission_Id__c="1")
        campaign = rest.salesforce.campaign("Spring fair 2027")
        answer = rest.composite(
            part("PATCH", f"/sobjects/Lead/{lead_id}", "a", {"Wagtail_Submission_Id__c": "2"}),
            part(
                "POST",
                "/sobjects/CampaignMember",
                "b",
                {"LeadId": lead_id, "CampaignId": campaign},
            ),
            part("POST", "/sobjects/Lead", "c", {}),
            allOrNone=True,
        )
        assert statuses(answer) == [400, 400, 400]
        assert rest.salesforce.members() == []
        assert rest.create({**LEAD, "Wagtail_Submission_Id__c": "2"}).status_code == 201
        assert rest.create({**LEAD, "Wagtail_Submission_Id__c": "1"}).status_code == 400

    def test_nested_collection_keeps_saying_success_though_rolled_back(self, rest: Rest) -> None:
        records = [{"attributes": {"type": "Lead"}, **LEAD}]
        answer = rest.composite(
            part("POST", "/composite/sobjects", "many", {"records": records}),
            part("POST", "/sobjects/Lead", "bad", {}),
            allOrNone=True,
        )
        many, _ = entries(answer)
        assert many["body"][0]["success"] is True
        assert rest.salesforce.leads() == []

    def test_headers_of_a_part_count_and_those_on_top_do_not(self, rest: Rest) -> None:
        rest.lead(Email="a@b.co")
        body = {**LEAD, "Email": "a@b.co"}
        own = part("POST", "/sobjects/Lead", "own", body, **ALLOW_SAVE)
        bare = part("POST", "/sobjects/Lead", "bare", body)
        request = {"compositeRequest": [own, bare]}
        answer = rest("POST", "/composite", request, headers=ALLOW_SAVE)
        assert statuses(answer) == [201, 400]
        rest.salesforce.switch(composite_takes_top_headers=True)
        assert statuses(rest("POST", "/composite", request, headers=ALLOW_SAVE)) == [201, 201]

    @pytest.mark.parametrize("header", ["Accept", "authorization", "Content-Type"])
    def test_forbidden_header_fails_the_whole_request(self, rest: Rest, header: str) -> None:
        bad = part("POST", "/sobjects/Lead", "b", LEAD, **{header: "x"})
        answer = rest.composite(part("POST", "/sobjects/Lead", "a", LEAD), bad)
        assert answer.status_code == 400
        assert rest.salesforce.leads() == []

    @pytest.mark.parametrize(
        "change",
        [
            {"referenceId": "with-dash"},
            {"referenceId": "_begins"},
            {"referenceId": "good"},
            {"method": "post"},
            {"url": None},
        ],
    )
    def test_illegal_part_fails_the_whole_request(self, rest: Rest, change: dict[str, Any]) -> None:
        good = part("POST", "/sobjects/Lead", "good", LEAD)
        answer = rest.composite(good, {**part("POST", "/sobjects/Lead", "b", LEAD), **change})
        assert answer.status_code == 400
        assert rest.salesforce.leads() == []

    def test_twenty_six_parts_or_six_queries_are_too_many(self, rest: Rest) -> None:
        leads = [part("POST", "/sobjects/Lead", f"r{n}", LEAD) for n in range(26)]
        assert error(rest.composite(*leads))["errorCode"] == "LIMIT_EXCEEDED"
        queries = [part("GET", "/query?q=SELECT+Id+FROM+Lead", f"q{n}") for n in range(6)]
        assert error(rest.composite(*queries))["errorCode"] == "LIMIT_EXCEEDED"
        assert statuses(rest.composite(*leads[:20], *queries[:5])) == [201] * 20 + [200] * 5

    def test_part_may_upsert_by_external_id(self, rest: Rest) -> None:
        path = "/sobjects/Lead/Wagtail_Submission_Id__c/x"
        once, twice = part("PATCH", path, "once", LEAD), part("PATCH", path, "twice", LEAD)
        assert statuses(rest.composite(once, twice)) == [201, 200]

    def test_part_with_an_unsupported_address_is_refused(self, rest: Rest) -> None:
        assert statuses(rest.composite(part("GET", "/limits", "a"))) == [400]


def graph(graph_id: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    return {"graphId": graph_id, "compositeRequest": list(nodes)}


class TestGraph:
    def run(self, rest: Rest, *graphs: dict[str, Any], **more: Any) -> Any:
        return rest("POST", "/composite/graph", {"graphs": list(graphs)}, **more)

    def test_graph_makes_lead_and_member_in_one_counted_call(self, rest: Rest) -> None:
        answer = self.run(rest, graph("1", *lead_and_member(rest)))
        (made,) = answer.json()["graphs"]
        assert made["isSuccessful"]
        nodes = made["graphResponse"]["compositeResponse"]
        assert [node["httpStatusCode"] for node in nodes] == [201, 201]
        assert answer.headers["Sforce-Limit-Info"].startswith("api-usage=1/")

    def test_failed_graph_halts_all_its_nodes_and_no_other_graph(self, rest: Rest) -> None:
        bad = [
            part("POST", "/sobjects/Lead", "a", LEAD),
            part("POST", "/sobjects/Lead", "b", {}),
            part("POST", "/sobjects/Lead", "c", LEAD),
        ]
        good = graph("good", part("POST", "/sobjects/Lead", "a", LEAD))
        first, second = self.run(rest, graph("bad", *bad), good).json()["graphs"]
        nodes = first["graphResponse"]["compositeResponse"]
        assert [n["body"][0]["errorCode"] for n in nodes] == [
            "PROCESSING_HALTED",
            "REQUIRED_FIELD_MISSING",
            "PROCESSING_HALTED",
        ]
        assert [n["httpHeaders"] for n in nodes] == [{}, {}, {}]
        assert (first["isSuccessful"], second["isSuccessful"]) == (False, True)
        assert len(rest.salesforce.leads()) == 1

    def test_graph_has_no_place_for_headers(self, rest: Rest) -> None:
        rest.lead(Email="a@b.co")
        node = part("POST", "/sobjects/Lead", "a", {**LEAD, "Email": "a@b.co"})
        (made,) = self.run(rest, graph("1", node), headers=ALLOW_SAVE).json()["graphs"]
        body = made["graphResponse"]["compositeResponse"][0]["body"]
        assert body[0]["errorCode"] == "DUPLICATES_DETECTED"
        refused = self.run(rest, graph("1", {**node, "httpHeaders": ALLOW_SAVE}))
        assert refused.status_code == 400
        rest.salesforce.switch(graph_takes_headers=True)
        (made,) = self.run(rest, graph("1", node), headers=ALLOW_SAVE).json()["graphs"]
        assert made["isSuccessful"]

    def test_graph_limits(self, rest: Rest) -> None:
        def nodes(count: int) -> list[dict[str, Any]]:
            return [part("POST", "/sobjects/Lead", f"r{n}", LEAD) for n in range(count)]

        many = [graph(str(n), *nodes(1)) for n in range(76)]
        chain = [part("POST", "/sobjects/Lead", "r0", LEAD)]
        for n in range(1, 16):
            chain.append(
                part("POST", "/sobjects/Lead", f"r{n}", {**LEAD, "Title": f"@{{r{n - 1}.id}}"})
            )
        for graphs in (many, [graph("1", *nodes(501))], [graph("1", *chain)]):
            assert error(self.run(rest, *graphs))["errorCode"] == "LIMIT_EXCEEDED"
        assert self.run(rest, graph("1", *chain[:15])).json()["graphs"][0]["isSuccessful"]

    def test_more_than_fourteen_failed_graphs_stop_the_rest(self, rest: Rest) -> None:
        bad = [graph(f"bad{n}", part("POST", "/sobjects/Lead", "a", {})) for n in range(15)]
        good = graph("good", part("POST", "/sobjects/Lead", "a", LEAD))
        last = self.run(rest, *bad, good).json()["graphs"][-1]
        assert not last["isSuccessful"]
        assert rest.salesforce.leads() == []

    def test_graph_before_v50_does_not_exist(self, rest: Rest) -> None:
        answer = self.run(rest, graph("1", *lead_and_member(rest)), version="49.0")
        assert answer.status_code == 404


class TestBatchAndTree:
    def test_batch_keeps_what_worked_and_counts_each_part(self, rest: Rest) -> None:
        parts = [
            {"method": "POST", "url": "v66.0/sobjects/Lead", "richInput": LEAD},
            {"method": "POST", "url": "v66.0/sobjects/Lead", "richInput": {}},
            {"method": "GET", "url": "v66.0/limits"},
        ]
        answer = rest("POST", "/composite/batch", {"batchRequests": parts})
        body = answer.json()
        assert body["hasErrors"] is True
        assert [result["statusCode"] for result in body["results"]] == [201, 400, 200]
        assert rest.salesforce.control("GET", "state")["orgs"][0]["api_calls"] == 3
        assert len(rest.salesforce.leads()) == 1

    def test_batch_halts_on_error_if_asked(self, rest: Rest) -> None:
        bad = {"method": "POST", "url": "v66.0/sobjects/Lead", "richInput": {}}
        body = {"batchRequests": [bad, {**bad, "richInput": LEAD}], "haltOnError": True}
        results = rest("POST", "/composite/batch", body).json()["results"]
        assert [result["statusCode"] for result in results] == [400, 412]
        assert rest.salesforce.leads() == []

    def test_batch_takes_twenty_five(self, rest: Rest) -> None:
        parts = [{"method": "GET", "url": "v66.0/limits"}] * 26
        found = error(rest("POST", "/composite/batch", {"batchRequests": parts}))
        assert found["errorCode"] == "LIMIT_EXCEEDED"

    def test_tree_is_all_or_none(self, rest: Rest) -> None:
        def record(reference: str, **data: str) -> dict[str, Any]:
            return {"attributes": {"type": "Lead", "referenceId": reference}, **data}

        good = rest("POST", "/composite/tree/Lead", {"records": [record("a", **LEAD)]})
        assert (good.status_code, good.json()["hasErrors"]) == (201, False)
        records = [record("a", **LEAD), record("b")]
        bad = rest("POST", "/composite/tree/Lead", {"records": records})
        assert (bad.status_code, bad.json()["hasErrors"]) == (400, True)
        assert bad.json()["results"][0]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
        assert len(rest.salesforce.leads()) == 1


class TestCollections:
    def test_create_answers_in_order_with_status_code_errors(self, rest: Rest) -> None:
        answer = rest.collection([LEAD, {"LastName": "x"}, LEAD])
        good, bad, _ = answer.json()
        assert answer.status_code == 200
        assert good == {"id": good["id"], "success": True, "errors": []}
        assert bad == {
            "success": False,
            "errors": [
                {
                    "statusCode": "REQUIRED_FIELD_MISSING",
                    "message": "Required fields are missing: [Company]",
                    "fields": ["Company"],
                }
            ],
        }
        assert answer.headers["Sforce-Limit-Info"].startswith("api-usage=1/")
        assert len(rest.salesforce.leads()) == 2

    def test_all_or_none_rolls_back_in_its_own_words(self, rest: Rest) -> None:
        good, bad = rest.collection([LEAD, {}], allOrNone=True).json()
        assert good["errors"] == [
            {
                "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                "message": "Record rolled back because not all records were valid and the request "
                "was using AllOrNone header",
                "fields": [],
            }
        ]
        assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
        assert rest.salesforce.leads() == []

    def test_two_hundred_are_taken_and_one_more_refused(self, rest: Rest) -> None:
        assert all(each["success"] for each in rest.collection([LEAD] * 200).json())
        assert rest.collection([LEAD] * 201).status_code == 400
        assert len(rest.salesforce.leads()) == 200

    def test_more_than_ten_chunks_of_types_are_refused(self, rest: Rest) -> None:
        lead, account = LEAD, {"attributes": {"type": "Account"}, "Name": "x"}
        assert rest.collection([lead, account] * 5).status_code == 200
        assert rest.collection([lead, account] * 6).status_code == 400

    def test_duplicate_in_a_collection_has_no_matches(self, rest: Rest) -> None:
        rest.lead(Email="a@b.co")
        (found,) = rest.collection([{**LEAD, "Email": "a@b.co"}]).json()
        assert found["errors"] == [
            {
                "statusCode": "DUPLICATES_DETECTED",
                "message": "Use one of these records?",
                "fields": [],
            }
        ]

    def test_header_on_top_saves_duplicates(self, rest: Rest) -> None:
        rest.lead(Email="a@b.co")
        body = {"records": [{"attributes": {"type": "Lead"}, **LEAD, "Email": "a@b.co"}]}
        (made,) = rest("POST", "/composite/sobjects", body, headers=ALLOW_SAVE).json()
        assert made["success"]

    def test_same_unique_value_twice_in_a_call_is_not_named(self, rest: Rest) -> None:
        record = {**LEAD, "Wagtail_Submission_Id__c": "x"}
        first, second = rest.collection([record, record]).json()
        assert first["success"]
        assert second["errors"][0]["message"] == (
            "duplicate value found: <unknown> duplicates value on record with id: <unknown>"
        )

    def test_unknown_column_or_wrong_type_refuses_the_whole_call(self, rest: Rest) -> None:
        bad = rest.collection([LEAD, {**LEAD, "Foo__c": 1}])
        assert (bad.status_code, error(bad)["errorCode"]) == (400, "INVALID_FIELD")
        wrong = rest.collection([LEAD, {**LEAD, "Newsletter__c": "yes"}])
        assert (wrong.status_code, error(wrong)["errorCode"]) == (400, "JSON_PARSER_ERROR")
        assert rest.salesforce.leads() == []
        rest.salesforce.switch(bad_column_refuses_call=False)
        good, bad = rest.collection([LEAD, {**LEAD, "Foo__c": 1}]).json()
        assert good["success"]
        assert bad["errors"][0]["statusCode"] == "INVALID_FIELD"

    def test_upsert_takes_the_field_in_the_record(self, rest: Rest) -> None:
        path = "/composite/sobjects/Lead/Wagtail_Submission_Id__c"
        record = {"attributes": {"type": "Lead"}, **LEAD, "Wagtail_Submission_Id__c": "x"}
        first, second, bare, other = rest(
            "PATCH",
            path,
            {
                "records": [
                    record,
                    record,
                    {"attributes": {"type": "Lead"}, **LEAD},
                    {**record, "attributes": {"type": "Contact"}},
                ]
            },
        ).json()
        assert (first["created"], second["created"]) == (True, False)
        assert first["id"] == second["id"]
        assert not bare["success"]
        assert other["errors"][0]["statusCode"] == "INVALID_TYPE"

    def test_update_delete_and_read_by_ids(self, rest: Rest) -> None:
        ids = [rest.lead(), rest.lead()]
        records = [{"attributes": {"type": "Lead"}, "id": lead_id, "Title": "x"} for lead_id in ids]
        changed = rest("PATCH", "/composite/sobjects", {"records": records}).json()
        assert [each["success"] for each in changed] == [True, True]
        deleted = rest("DELETE", "/composite/sobjects", params={"ids": ids[1]}).json()
        assert deleted[0]["success"]
        found = rest(
            "GET", "/composite/sobjects/Lead", params={"ids": ",".join(ids), "fields": "Title"}
        ).json()
        assert found[0]["Title"] == "x"
        assert found[1] is None


def test_member_that_exists_after_a_lost_answer_is_already_there(salesforce: Simulator) -> None:
    rest = Rest(salesforce)
    path = "/sobjects/Lead/Wagtail_Submission_Id__c/x"
    member = lead_and_member(rest)[1]
    upsert = part("PATCH", path, "lead", LEAD)
    assert statuses(rest.composite(upsert, member)) == [201, 201]
    lead, again = entries(rest.composite(upsert, member))
    assert lead["httpStatusCode"] == 200
    assert again["body"] == [
        {"message": "Already a campaign member.", "errorCode": "DUPLICATE_VALUE"}
    ]
