"""Contract 4: queries, their pages and their errors."""

from __future__ import annotations

from typing import Any

import pytest
from simple_salesforce.format import format_soql

from sandbox.salesforce.launch import Simulator

from .conftest import Rest

PLUGIN = (
    "SELECT Id, Name, IsActive, Status, Type, StartDate, EndDate FROM Campaign "
    "WHERE IsActive = true AND Name LIKE '%{:like}%' ORDER BY Name LIMIT 50"
)


def names(rest: Rest, where: str, select: str = "LastName") -> list[Any]:
    found = rest.query(f"SELECT {select} FROM Lead WHERE {where} ORDER BY LastName")
    return [record[select] for record in found]


@pytest.fixture
def people(rest: Rest) -> Rest:
    rest.lead(LastName="Abe", Email="abe@x.co", NumberOfEmployees=5, Rating="Hot")
    rest.lead(LastName="Baba", Email="baba@x.co", NumberOfEmployees=50, Interests__c="product")
    rest.lead(
        LastName="Chiba_50%",
        NumberOfEmployees=500,
        Newsletter__c=True,
        Interests__c="product;pricing",
        Visit_Date__c="2026-05-05",
    )
    return rest


def test_campaign_search_of_the_plugin_finds_active_ones(rest: Rest) -> None:
    found = rest.query(format_soql(PLUGIN, "展示"))
    assert [record["Name"] for record in found] == ["春の展示会 2027"]
    assert list(found[0]) == [
        "attributes", "Id", "Name", "IsActive", "Status", "Type", "StartDate", "EndDate",
    ]  # fmt: skip
    assert found[0]["attributes"] == {
        "type": "Campaign",
        "url": f"/services/data/v66.0/sobjects/Campaign/{found[0]['Id']}",
    }
    assert rest.query(format_soql(PLUGIN, "Closed fair")) == []


@pytest.mark.parametrize("term", ["50%_off", "Bob's", '"special"', "SPECIAL"])
def test_campaign_search_takes_every_escape(rest: Rest, term: str) -> None:
    assert len(rest.query(format_soql(PLUGIN, term))) == 1


def test_like_wildcards_match_any_text_unless_escaped(people: Rest) -> None:
    assert names(people, "LastName LIKE '%b_'") == ["Abe", "Baba"]
    assert names(people, r"LastName LIKE '%\_50\%'") == ["Chiba_50%"]
    assert names(people, r"LastName LIKE 'A\%'") == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("Email = 'ABE@x.co'", ["Abe"]),
        ("Email != 'abe@x.co'", ["Baba", "Chiba_50%"]),
        ("NumberOfEmployees > 5 AND NumberOfEmployees <= 50", ["Baba"]),
        ("NumberOfEmployees < 50 OR Newsletter__c = TRUE", ["Abe", "Chiba_50%"]),
        ("(Rating = 'Hot' OR Rating = null) AND NOT (LastName = 'Baba')", ["Abe", "Chiba_50%"]),
        ("LastName IN ('Abe', 'baba')", ["Abe", "Baba"]),
        ("LastName NOT IN ('Abe', 'baba')", ["Chiba_50%"]),
        ("Email = NULL", ["Chiba_50%"]),
        ("Newsletter__c = false", ["Abe", "Baba"]),
        ("Interests__c INCLUDES ('product;pricing')", ["Chiba_50%"]),
        ("Interests__c EXCLUDES ('pricing')", ["Abe", "Baba"]),
        ("Visit_Date__c > 2026-05-04", ["Chiba_50%"]),
        ("CreatedDate = TODAY AND LastName = 'Abe'", ["Abe"]),
        ("CreatedDate = LAST_N_DAYS:3 AND Rating = 'Hot'", ["Abe"]),
        ("CreatedDate >= 2020-01-01T00:00:00Z AND CreatedBy.Name = 'Ada Admin'", 3),
        ("CreatedDate < 2020-01-01T00:00:00+09:00", []),
    ],
)
def test_where_finds_what_it_says(people: Rest, where: str, expected: Any) -> None:
    found = names(people, where)
    assert found == expected or len(found) == expected


def test_order_puts_empty_values_first_unless_told(people: Rest) -> None:
    query = "SELECT LastName FROM Lead ORDER BY Email {}, LastName"
    assert people.query(query.format(""))[0]["LastName"] == "Chiba_50%"
    assert [r["LastName"] for r in people.query(query.format("DESC NULLS LAST"))] == [
        "Baba", "Abe", "Chiba_50%",
    ]  # fmt: skip


def test_limit_and_offset_cut(people: Rest) -> None:
    found = people.query("SELECT LastName FROM Lead ORDER BY LastName LIMIT 1 OFFSET 1")
    assert [record["LastName"] for record in found] == ["Baba"]


def test_parents_nest_and_are_null_where_there_is_none(people: Rest) -> None:
    found = people.query("SELECT Owner.Name, MasterRecord.Name FROM Lead LIMIT 1")[0]
    assert found["Owner"]["Name"] == "Ada Admin"
    assert found["Owner"]["attributes"]["type"] == "User"
    assert found["MasterRecord"] is None


def test_count_answers_a_number(people: Rest) -> None:
    answer = people("GET", "/query", params={"q": "SELECT COUNT() FROM Lead"}).json()
    assert answer == {"totalSize": 3, "done": True, "records": []}


def test_all_fields_need_a_limit(people: Rest) -> None:
    assert "Company" in people.query("SELECT FIELDS(ALL) FROM Lead LIMIT 1")[0]
    assert people.refused_query("SELECT FIELDS(ALL) FROM Lead")["errorCode"] == "MALFORMED_QUERY"


@pytest.mark.parametrize(
    ("soql", "code", "said"),
    [
        ("SELECT Id FRM Lead", "MALFORMED_QUERY", "unexpected token: 'FRM'"),
        ("SELECT Id FROM Lead WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Lead WHERE Name = 'a", "MALFORMED_QUERY", "unexpected token"),
        (r"SELECT Id FROM Lead WHERE Name = 'a\q'", "MALFORMED_QUERY", "Illegal character"),
        (
            "SELECT Id FROM Lead WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        ("SELECT Foo FROM Lead", "INVALID_FIELD", "No such column 'Foo' on entity 'Lead'"),
        ("SELECT Foo.Name FROM Lead", "INVALID_FIELD", "Didn't understand relationship 'Foo'"),
        ("SELECT Id FROM Foo", "INVALID_TYPE", "sObject type 'Foo' is not supported"),
        (
            "SELECT Id FROM Lead WHERE Description = 'x'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Lead ORDER BY Description",
            "INVALID_FIELD",
            "field 'Description' can not be sorted in a query call",
        ),
        (
            "SELECT Id FROM Lead WHERE IsConverted = 'true'",
            "INVALID_FIELD",
            "must be of type boolean and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Lead WHERE Name = 5",
            "INVALID_FIELD",
            "must be of type string and should be enclosed in quotes",
        ),
        ("SELECT Id FROM Lead WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID"),
        (
            "SELECT Id FROM Lead WHERE NumberOfEmployees LIKE 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid operator",
        ),
        (
            "SELECT Id FROM Lead LIMIT 1 OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Maximum SOQL offset allowed is 2000",
        ),
        (f"SELECT Id FROM Lead WHERE Name = '{'x' * 4001}'", "MALFORMED_QUERY", "too long"),
    ],
)
def test_wrong_query_is_refused_in_salesforces_words(
    rest: Rest, soql: str, code: str, said: str
) -> None:
    found = rest.refused_query(soql)
    assert found["errorCode"] == code
    assert said in found["message"]


def test_malformed_query_points_at_the_place(rest: Rest) -> None:
    assert rest.refused_query("SELECT Id FRM Lead")["message"] == (
        "\nSELECT Id FRM Lead\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FRM'"
    )


def test_query_on_campaigns_without_access_is_invalid_type(salesforce: Simulator) -> None:
    for soql in ("SELECT Id FROM Campaign", "SELECT Id FROM CampaignMemberStatus"):
        found = Rest(salesforce, "nocampaign").refused_query(soql)
        assert found["errorCode"] == "INVALID_TYPE"
    salesforce.switch(campaigns_enabled=False)
    assert Rest(salesforce).refused_query("SELECT Id FROM Campaign")["errorCode"] == "INVALID_TYPE"


def test_hidden_field_does_not_exist_in_queries(salesforce: Simulator) -> None:
    found = Rest(salesforce, "fields").refused_query("SELECT Phone FROM Lead")
    assert "No such column 'Phone' on entity 'Lead'" in found["message"]


def test_organization_tells_name_and_sandbox(salesforce: Simulator) -> None:
    query = "SELECT Id,Name,OrganizationType,IsSandbox,InstanceName FROM Organization LIMIT 1"
    found = [Rest(salesforce, org=org).query(query)[0] for org in (1, 2)]
    assert [each["IsSandbox"] for each in found] == [False, True]
    assert found[0]["Name"] == "Acme KK"
    assert found[0]["Id"] != found[1]["Id"]


def test_thousands_of_campaigns_come_in_pages_by_path(salesforce: Simulator) -> None:
    salesforce.control("POST", "orgs/1/campaigns", {"count": 4500})
    rest = Rest(salesforce)
    page = rest("GET", "/query", params={"q": "SELECT Id, Name FROM Campaign"}).json()
    sizes, seen = [], set()
    while True:
        sizes.append(len(page["records"]))
        seen |= {record["Id"] for record in page["records"]}
        if page["done"]:
            break
        assert page["nextRecordsUrl"].startswith("/services/data/v66.0/query/01g")
        page = rest.session.get(rest.instance_url + page["nextRecordsUrl"], timeout=10).json()
    assert sizes == [2000, 2000, 510]
    assert len(seen) == page["totalSize"] == 4510
    assert "nextRecordsUrl" not in page


def test_page_size_is_what_the_header_says_within_limits(salesforce: Simulator) -> None:
    salesforce.control("POST", "orgs/1/campaigns", {"count": 900})
    rest = Rest(salesforce)

    def first_page(header: str) -> int:
        query = {"q": "SELECT Id FROM Campaign"}
        answer = rest("GET", "/query", params=query, headers={"Sforce-Query-Options": header})
        return len(answer.json()["records"])

    assert first_page("batchSize=500") == 500
    assert first_page("batchSize=10") == 200
    salesforce.switch(short_pages=True)
    assert first_page("batchSize=500") == 375


def test_unknown_cursor_is_refused(rest: Rest) -> None:
    answer = rest("GET", "/query/01g5g0000004C9kEAE-2000")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_query_of_members_by_many_leads_uses_their_ids(rest: Rest) -> None:
    campaign = rest.salesforce.campaign("Spring fair 2027")
    leads = [rest.lead() for _ in range(5)]
    for lead in leads[:3]:
        rest.create({"LeadId": lead, "CampaignId": campaign}, "CampaignMember")
    wanted = ", ".join(f"'{lead}'" for lead in leads)
    found = rest.query(
        f"SELECT LeadId, Status, Campaign.Name FROM CampaignMember WHERE LeadId IN ({wanted})"
    )
    assert [record["LeadId"] for record in found] == leads[:3]
    assert found[0]["Campaign"]["Name"] == "Spring fair 2027"
