"""Contract 3: describe in the full shape, conditional, and only what the user may see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sandbox.salesforce.launch import Simulator

from .conftest import Rest

RECORDED = json.loads((Path(__file__).parent / "recorded/lead_describe.json").read_text())


def fields(rest: Rest, name: str = "Lead") -> dict[str, dict[str, Any]]:
    body = rest("GET", f"/sobjects/{name}/describe").json()
    return {field["name"]: field for field in body["fields"]}


def test_lead_describe_has_the_recorded_shape_and_standard_fields(rest: Rest) -> None:
    body = rest("GET", "/sobjects/Lead/describe").json()
    assert sorted(body) == RECORDED["object_keys"]
    assert all(sorted(field) == RECORDED["field_keys"] for field in body["fields"])
    standard = [field for field in body["fields"] if not field["custom"]]
    compared = RECORDED["fields"][0]
    assert [{k: field[k] for k in compared} for field in standard] == RECORDED["fields"]


def test_lead_describe_requires_exactly_last_name_and_company(rest: Rest) -> None:
    required = [
        name
        for name, field in fields(rest).items()
        if field["createable"]
        and not (field["nillable"] or field["defaultedOnCreate"] or field["type"] == "boolean")
    ]
    assert required == ["LastName", "Company"]


def test_lead_describe_has_all_fourteen_property_types_as_custom_fields(rest: Rest) -> None:
    custom = [field for field in fields(rest).values() if field["custom"]]
    assert {field["type"] for field in custom} >= {
        "url", "boolean", "string", "encryptedstring", "textarea", "percent", "email",
        "double", "picklist", "multipicklist", "currency", "phone",
    }  # fmt: skip
    areas = {field["name"]: field for field in custom if field["type"] == "textarea"}
    assert areas["Short_Note__c"]["length"] == 255
    assert areas["Inquiry__c"]["length"] > 255
    assert areas["Story__c"]["htmlFormatted"]
    assert areas["Story__c"]["extraTypeInfo"] == "richtextarea"


def test_lead_describe_marks_the_submission_id_unique_and_external(rest: Rest) -> None:
    field = fields(rest)["Wagtail_Submission_Id__c"]
    assert (field["type"], field["length"]) == ("string", 36)
    assert field["unique"]
    assert field["externalId"]
    assert field["idLookup"]


def test_dependent_picklist_names_its_controller_and_bits(rest: Rest) -> None:
    found = fields(rest)
    office = found["Office__c"]
    assert office["dependentPicklist"]
    assert office["controllerName"] == "Region__c"
    bits = {entry["value"]: entry["validFor"] for entry in office["picklistValues"]}
    assert bits["東京"] == "gAAA"
    assert bits["London"] == "QAAA"


def test_describe_shows_only_fields_the_user_may_see(salesforce: Simulator) -> None:
    found = fields(Rest(salesforce, "fields"))
    assert not {"Phone", "Industry", "Budget__c"} & set(found)
    assert not found["LeadSource"]["createable"]
    assert found["Company"]["createable"]


def test_describe_of_an_object_without_access_is_not_found(salesforce: Simulator) -> None:
    answer = Rest(salesforce, "nocampaign")("GET", "/sobjects/Campaign/describe")
    assert answer.status_code == 404
    assert answer.json()[0]["errorCode"] == "NOT_FOUND"


def test_describe_unchanged_since_is_304_and_empty(rest: Rest) -> None:
    first = rest("GET", "/sobjects/Lead/describe")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    again = rest("GET", "/sobjects/Lead/describe", headers=since)
    assert (again.status_code, again.content) == (304, b"")
    old = {"If-Modified-Since": "Tue, 10 Aug 2015 00:00:00 GMT"}
    assert rest("GET", "/sobjects/Lead/describe", headers=old).status_code == 200
    unmodified = {"If-Unmodified-Since": "Tue, 10 Aug 2015 00:00:00 GMT"}
    assert rest("GET", "/sobjects/Lead/describe", headers=unmodified).status_code == 412


def test_describe_date_moves_with_the_schema_but_not_with_permissions(rest: Rest) -> None:
    salesforce = rest.salesforce
    later = {"If-Modified-Since": "Tue, 10 Aug 2100 00:00:00 GMT"}
    salesforce.control("PATCH", "orgs/1/users/admin", {"hidden": {"Lead": ["Phone"]}})
    since = {"If-Modified-Since": rest("GET", "/sobjects/Lead/describe").headers["Last-Modified"]}
    assert rest("GET", "/sobjects/Lead/describe", headers=since).status_code == 304
    assert rest("GET", "/sobjects/Lead/describe", headers=later).status_code == 304
    assert "Phone" not in fields(rest)


def test_global_describe_and_basic_information_name_the_objects(rest: Rest) -> None:
    listed = {each["name"]: each for each in rest("GET", "/sobjects").json()["sobjects"]}
    assert {"Lead", "Campaign", "CampaignMember"} <= set(listed)
    assert listed["Lead"]["keyPrefix"] == "00Q"
    assert listed["Lead"]["urls"]["describe"].endswith("/sobjects/Lead/describe")
    basic = rest("GET", "/sobjects/Lead").json()
    assert basic["objectDescribe"]["name"] == "Lead"


def test_layouts_mark_required_fields_that_the_api_does_not_enforce(rest: Rest) -> None:
    body = rest("GET", "/sobjects/Lead/describe/layouts").json()
    items = [
        item
        for section in body["layouts"][0]["editLayoutSections"]
        for row in section["layoutRows"]
        for item in row["layoutItems"]
    ]
    required = {item["layoutComponents"][0]["value"] for item in items if item["required"]}
    assert required == {"LastName", "Company"}


def test_member_and_campaign_describe_mark_create_only_fields(rest: Rest) -> None:
    member = fields(rest, "CampaignMember")
    assert (member["LeadId"]["createable"], member["LeadId"]["updateable"]) == (True, False)
    assert not member["HasResponded"]["createable"]
    assert member["Status"]["length"] == 40
    assert fields(rest, "Campaign")["Name"]["length"] == 80
    assert not rest("GET", "/sobjects/CampaignMemberStatus/describe").json()["createable"]


def test_describe_tells_what_the_user_may_do_with_the_object(salesforce: Simulator) -> None:
    body = Rest(salesforce, "marketing")("GET", "/sobjects/Campaign/describe").json()
    assert (body["createable"], body["updateable"], body["deletable"]) == (False, False, False)
    assert Rest(salesforce)("GET", "/sobjects/Campaign/describe").json()["createable"]
