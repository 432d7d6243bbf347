"""Contract 5.2, 7.3 and 8: what is stored, and what is refused in which words."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.salesforce.launch import Simulator

from .conftest import Rest, error

LEAD = {"LastName": "Yamada", "Company": "Acme"}


def test_create_answers_201_with_lower_case_id_and_location(rest: Rest) -> None:
    answer = rest.create(LEAD)
    body = answer.json()
    assert answer.status_code == 201
    assert body == {"id": body["id"], "success": True, "errors": []}
    assert answer.headers["Location"] == f"/services/data/v66.0/sobjects/Lead/{body['id']}"
    assert rest.read(body["id"])["Id"] == body["id"]
    assert (len(body["id"]), body["id"][:3]) == (18, "00Q")


def test_create_fills_system_fields_defaults_and_name(rest: Rest) -> None:
    lead = rest.read(rest.lead(FirstName="Hanako"))
    assert lead["Name"] == "Hanako Yamada"
    assert lead["Status"] == "Open - Not Contacted"
    assert lead["OwnerId"] == lead["CreatedById"]
    assert lead["CreatedDate"].endswith(".000+0000")
    assert lead["Newsletter__c"] is False


@pytest.mark.parametrize(
    ("change", "code", "message", "fields"),
    [
        (
            {"LastName": None, "Company": None},
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName, Company]",
            ["LastName", "Company"],
        ),
        (
            {"Company": "   "},
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [Company]",
            ["Company"],
        ),
        (
            {"Foo__c": 1},
            "INVALID_FIELD",
            "No such column 'Foo__c' on sobject of type Lead",
            None,
        ),
        (
            {"Id": "00Q5g0000004C9kEAE"},
            "INVALID_FIELD",
            "The Id field should not be specified in the sobject data.",
            None,
        ),
        (
            {"CreatedDate": "2020-01-01T00:00:00Z"},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: CreatedDate. Please check the security settings of "
            "this field and verify that it is read/write for your profile or permission set.",
            ["CreatedDate"],
        ),
        (
            {"LastName": "x" * 81},
            "STRING_TOO_LONG",
            f"Last Name: data value too large: {'x' * 81} (max length=80)",
            ["LastName"],
        ),
        (
            {"Email": "no.email"},
            "INVALID_EMAIL_ADDRESS",
            "Email: invalid email address: no.email",
            ["Email"],
        ),
        (
            {"Region__c": "Mars"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Region: bad value for restricted picklist field: Mars",
            ["Region__c"],
        ),
        (
            {"Interests__c": "product;legacy"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Interests: bad value for restricted picklist field: legacy",
            ["Interests__c"],
        ),
        (
            {"Interests__c": ";".join(["product"] * 101)},
            "TOO_MANY_ENUM_VALUE",
            "Interests: too many values for multi-select picklist",
            ["Interests__c"],
        ),
        (
            {"NumberOfEmployees": 10**8},
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Employees: value outside of valid range on numeric field: 100000000",
            ["NumberOfEmployees"],
        ),
        (
            {"Score__c": 1000.5},
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Score: value outside of valid range on numeric field: 1000.5",
            ["Score__c"],
        ),
        (
            {"Company": "a\x00b"},
            "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET",
            "Company: text contains characters outside the supported character set",
            ["Company"],
        ),
        (
            {"OwnerId": "not-an-id"},
            "MALFORMED_ID",
            "Owner ID: id value of incorrect type: not-an-id",
            ["OwnerId"],
        ),
        (
            {"OwnerId": "0055g00000ZZZZZAAA"},
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
            [],
        ),
    ],
)
def test_create_with_a_bad_value_is_400_in_salesforces_words(
    rest: Rest, change: dict[str, Any], code: str, message: str, fields: list[str] | None
) -> None:
    data = {k: v for k, v in {**LEAD, **change}.items() if v is not None}
    answer = rest.create(data)
    assert answer.status_code == 400
    expected = {"message": message, "errorCode": code}
    assert error(answer) == expected if fields is None else {**expected, "fields": fields}
    assert rest.salesforce.leads() == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("Newsletter__c", "true", 'boolean from VALUE_STRING value "true"'),
        ("Newsletter__c", None, "boolean from VALUE_NULL value null"),
        ("Score__c", "12.5", 'double from VALUE_STRING value "12.5"'),
        ("NumberOfEmployees", 3.5, "int from VALUE_NUMBER_FLOAT value 3.5"),
        ("NumberOfEmployees", True, "int from VALUE_TRUE value true"),
        ("Company", 5, "string from VALUE_NUMBER_INT value 5"),
        ("Visit_Date__c", "2026-02-30", 'date from VALUE_STRING value "2026-02-30"'),
        ("Visit_Date__c", "1/2/2026", 'date from VALUE_STRING value "1/2/2026"'),
        ("Company", ["x"], "string from START_ARRAY value"),
    ],
)
def test_create_with_the_wrong_json_type_is_a_parser_error(
    rest: Rest, field: str, value: Any, said: str
) -> None:
    found = error(rest.create({**LEAD, field: value}))
    assert found["errorCode"] == "JSON_PARSER_ERROR"
    assert f"Cannot deserialize instance of {said}" in found["message"]
    assert "at [line:1, column:" in found["message"]


def test_create_names_all_fields_that_are_wrong(rest: Rest) -> None:
    answer = rest.create({**LEAD, "Email": "x", "Phone": "1" * 41})
    codes = [found["errorCode"] for found in answer.json()]
    assert codes == ["INVALID_EMAIL_ADDRESS", "STRING_TOO_LONG"]


@pytest.mark.parametrize(
    "address",
    [".a@b.co", "a.@b.co", "a..b@c.co", "山田@b.co", "a@日本.jp", "a@b", "a b@c.co", "a@b..co"],
)
def test_create_refuses_addresses_that_django_may_accept(rest: Rest, address: str) -> None:
    assert error(rest.create({**LEAD, "Email": address}))["errorCode"] == "INVALID_EMAIL_ADDRESS"


@pytest.mark.parametrize("address", ["o'neil+x@b-c.co.jp", "a!#$%&'*/=?^_+-`{|}~@b.co"])
def test_create_accepts_salesforces_addresses(rest: Rest, address: str) -> None:
    assert rest.read(rest.lead(Email=address))["Email"] == address


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("Score__c", 12.349, 12.34),
        ("Seats__c", 7, 7.0),
        ("Company", "  Acme  ", "Acme"),
        ("Title", "", None),
        ("Phone", "+81 (3) 1234-5678 内線5", "+81 (3) 1234-5678 内線5"),
        ("LeadSource", "Not in the list", "Not in the list"),
        ("Interests__c", "product;採用", "product;採用"),
        ("Landing_Page__c", "not really a url", "not really a url"),
        ("Story__c", "<b>hi</b><script>x</script>", "<b>hi</b>x"),
        ("Inquiry__c", "一行目\n二行目", "一行目\n二行目"),
        ("Visit_Date__c", "2026-11-23", "2026-11-23"),
        ("Member_Number__c", "4111", "********"),
    ],
)
def test_create_stores_the_value_as_salesforce_does(
    rest: Rest, field: str, sent: Any, stored: Any
) -> None:
    assert rest.read(rest.lead(**{field: sent}))[field] == stored


def test_create_counts_characters_and_markup(rest: Rest) -> None:
    assert rest.read(rest.lead(Short_Note__c="あ" * 255))["Short_Note__c"] == "あ" * 255
    rich = f"<p>{'x' * 32765}</p>"
    assert error(rest.create({**LEAD, "Story__c": rich}))["errorCode"] == "STRING_TOO_LONG"


@pytest.mark.parametrize(("counts", "text"), [("html", "&" * 60), ("bytes", "あ" * 90)])
def test_text_area_may_count_html_or_bytes(rest: Rest, counts: str, text: str) -> None:
    rest.salesforce.switch(textarea_counts=counts)
    found = error(rest.create({**LEAD, "Short_Note__c": text}))
    assert found["errorCode"] == "STRING_TOO_LONG"


def test_null_overrides_a_default(rest: Rest) -> None:
    assert rest.read(rest.lead())["Status"] == "Open - Not Contacted"
    rest.salesforce.schema(
        "add",
        {
            "name": "Tier__c",
            "label": "Tier",
            "type": "picklist",
            "length": 255,
            "choices": [{"value": "Basic", "default": True}],
        },
    )
    assert rest.read(rest.lead())["Tier__c"] == "Basic"
    assert rest.read(rest.lead(Tier__c=None))["Tier__c"] is None


def test_unique_value_used_twice_names_field_and_record(rest: Rest) -> None:
    first = rest.lead(Wagtail_Submission_Id__c="abc")
    again = rest.create({**LEAD, "Wagtail_Submission_Id__c": "ABC"})
    assert error(again) == {
        "message": "duplicate value found: Wagtail_Submission_Id__c duplicates value on record "
        f"with id: {first[:15]}",
        "errorCode": "DUPLICATE_VALUE",
        "fields": [],
    }


def test_field_hidden_or_read_only_for_the_user_is_refused(salesforce: Simulator) -> None:
    rest = Rest(salesforce, "fields")
    assert error(rest.create({**LEAD, "Phone": "1"}))["errorCode"] == "INVALID_FIELD"
    locked = error(rest.create({**LEAD, "LeadSource": "Web"}))
    assert locked["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert locked["fields"] == ["LeadSource"]


def test_user_without_create_right_is_refused(salesforce: Simulator) -> None:
    salesforce.control("PATCH", "orgs/1/users/marketing", {"objects": {"Lead": "r"}})
    found = error(Rest(salesforce, "marketing").create(LEAD))
    assert found["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"


def test_validation_rule_speaks_the_administrators_words(rest: Rest) -> None:
    rule = {
        "name": "Phone",
        "field": "Phone",
        "pattern": r"^\+81",
        "message": "国番号から入力してください",
    }
    rest.salesforce.rules(validation_rules=[rule])
    assert error(rest.create({**LEAD, "Phone": "03"})) == {
        "message": "国番号から入力してください",
        "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "fields": ["Phone"],
    }
    assert rest.create({**LEAD, "Phone": "+81 3"}).status_code == 201


def test_state_and_country_picklists_refuse_a_wrong_pair(rest: Rest) -> None:
    rest.salesforce.switch(state_country_picklists=True)
    wrong = error(rest.create({**LEAD, "Country": "Japan", "State": "California"}))
    assert wrong["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"
    assert wrong["message"] == (
        "There's a problem with this state, even though it may appear correct. "
        "Please select a state from the list of valid states."
    )
    assert error(rest.create({**LEAD, "State": "Tokyo"}))["fields"] == ["State"]
    stored = rest.read(rest.lead(Country="Japan", State="Tokyo"))
    assert (stored["CountryCode"], stored["StateCode"]) == ("JP", "13")
    coded = rest.read(rest.lead(CountryCode="JP", StateCode="27", State="Tokyo"))
    assert (coded["Country"], coded["State"]) == ("Japan", "Osaka")


def test_update_changes_only_what_it_names(rest: Rest) -> None:
    lead_id = rest.lead(Title="Boss", FirstName="Hanako")
    answer = rest("PATCH", f"/sobjects/Lead/{lead_id}", {"FirstName": "Taro"})
    assert (answer.status_code, answer.content) == (204, b"")
    lead = rest.read(lead_id)
    assert (lead["Name"], lead["Title"]) == ("Taro Yamada", "Boss")
    refused = rest("PATCH", f"/sobjects/Lead/{lead_id}", {"Company": None})
    assert error(refused)["errorCode"] == "REQUIRED_FIELD_MISSING"


def test_reading_a_record_that_is_not_there(rest: Rest) -> None:
    missing = rest("GET", "/sobjects/Lead/00Q5g00000ZZZZZAAA")
    assert missing.status_code == 404
    assert error(missing) == {
        "message": "The requested resource does not exist",
        "errorCode": "NOT_FOUND",
    }
    wrong = error(rest("GET", "/sobjects/Lead/0015g00000ZZZZZAAA"))
    assert wrong["errorCode"] == "MALFORMED_ID"
    assert wrong["fields"] == ["Id"]


def test_reading_takes_fifteen_character_ids_and_a_list_of_fields(rest: Rest) -> None:
    lead_id = rest.lead()
    found = rest("GET", f"/sobjects/Lead/{lead_id[:15]}", params={"fields": "company,LastName"})
    assert set(found.json()) == {"attributes", "Company", "LastName"}


def test_deleted_lead_is_gone_but_in_the_recycle_bin(rest: Rest) -> None:
    lead_id = rest.lead()
    assert rest("DELETE", f"/sobjects/Lead/{lead_id}").status_code == 204
    gone = rest("GET", f"/sobjects/Lead/{lead_id}")
    assert (gone.status_code, error(gone)["errorCode"]) == (404, "ENTITY_IS_DELETED")
    found = rest.query(f"SELECT IsDeleted FROM Lead WHERE Id = '{lead_id}'", deleted=True)
    assert found[0]["IsDeleted"]


def test_pointing_to_a_deleted_record_is_refused(rest: Rest) -> None:
    campaign = rest.salesforce.campaign("Spring fair 2027")
    lead_id = rest.lead()
    rest.salesforce.control("DELETE", f"orgs/1/records/Campaign/{campaign}")
    answer = rest.create({"CampaignId": campaign, "LeadId": lead_id}, "CampaignMember")
    assert error(answer) == {
        "message": "entity is deleted",
        "errorCode": "ENTITY_IS_DELETED",
        "fields": [],
    }


class TestUpsert:
    FIELD = "Wagtail_Submission_Id__c"

    def upsert(self, rest: Rest, value: str, **more: Any) -> Any:
        return rest("PATCH", f"/sobjects/Lead/{self.FIELD}/{value}", LEAD, **more)

    def test_upsert_creates_then_updates(self, rest: Rest) -> None:
        first, second = self.upsert(rest, "a%2Fb%20c"), self.upsert(rest, "a%2Fb%20c")
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json()["created"] is True
        assert second.json() == {**first.json(), "created": False}
        assert rest.salesforce.leads()[0][self.FIELD] == "a/b c"

    def test_upsert_before_v46_updates_with_204(self, rest: Rest) -> None:
        self.upsert(rest, "x")
        answer = self.upsert(rest, "x", version="45.0")
        assert (answer.status_code, answer.content) == (204, b"")

    def test_upsert_matching_many_is_300_with_strings(self, rest: Rest) -> None:
        ids = [rest.lead(Email="a@b.co"), rest.lead(Email="a@b.co")]
        answer = rest("PATCH", "/sobjects/Lead/Email/a@b.co", LEAD)
        assert answer.status_code == 300
        assert answer.json() == [f"/services/data/v66.0/sobjects/Lead/{each}" for each in ids]

    def test_upsert_by_a_field_that_is_no_external_id_is_404(self, rest: Rest) -> None:
        answer = rest("PATCH", "/sobjects/Lead/Title/x", LEAD)
        assert answer.status_code == 404
        assert error(answer) == {
            "message": "Provided external ID field does not exist or is not accessible: Title",
            "errorCode": "NOT_FOUND",
        }

    def test_upsert_repeating_the_field_in_the_body_is_refused(self, rest: Rest) -> None:
        answer = rest("PATCH", f"/sobjects/Lead/{self.FIELD}/x", {**LEAD, self.FIELD: "x"})
        assert error(answer)["message"] == (
            f"The {self.FIELD} field should not be specified in the sobject data."
        )

    def test_upsert_with_update_only_creates_nothing(self, rest: Rest) -> None:
        assert self.upsert(rest, "x", params={"updateOnly": "true"}).status_code == 404
        assert rest.salesforce.leads() == []

    def test_two_posts_of_one_submission_make_two_leads(self, rest: Rest) -> None:
        """There is no idempotency key."""
        headers = {"Idempotency-Key": "1"}
        assert {rest.create(LEAD, **headers).status_code for _ in range(2)} == {201}
        assert len(rest.salesforce.leads()) == 2
