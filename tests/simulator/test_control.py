"""The control API: schema edits at run time, two orgs, reset, and its own manners."""

from __future__ import annotations

from typing import Any
from urllib.error import HTTPError

import pytest
import requests

from sandbox.salesforce.launch import Simulator

from .conftest import Rest, error

LEAD = {"LastName": "Yamada", "Company": "Acme"}


def described(rest: Rest) -> dict[str, dict[str, Any]]:
    body = rest("GET", "/sobjects/Lead/describe").json()
    return {field["name"]: field for field in body["fields"]}


def test_added_field_is_described_and_takes_values(rest: Rest) -> None:
    field = {"name": "New__c", "label": "New", "type": "string", "length": 5}
    rest.salesforce.schema("add", field)
    assert described(rest)["New__c"]["length"] == 5
    assert rest.read(rest.lead(New__c="hello"))["New__c"] == "hello"


def test_required_custom_field_stops_leads_without_it(rest: Rest) -> None:
    field = {"name": "Must__c", "label": "Must", "type": "string", "length": 5, "nillable": False}
    rest.salesforce.schema("add", field)
    assert error(rest.create(LEAD))["fields"] == ["Must__c"]
    assert not described(rest)["Must__c"]["nillable"]


def test_removed_field_is_no_column(rest: Rest) -> None:
    lead_id = rest.lead(Wagtail_Submission_Id__c="x")
    rest.salesforce.schema("remove", "Wagtail_Submission_Id__c")
    found = error(rest.create({**LEAD, "Wagtail_Submission_Id__c": "y"}))
    assert found["errorCode"] == "INVALID_FIELD"
    assert "Wagtail_Submission_Id__c" not in rest.read(lead_id)


def test_renamed_field_keeps_its_values(rest: Rest) -> None:
    lead_id = rest.lead(Campaign_Code__c="x")
    rest.salesforce.schema("rename", "Campaign_Code__c", to="Code__c")
    assert rest.read(lead_id)["Code__c"] == "x"
    assert "Campaign_Code__c" not in described(rest)


def test_changed_field_obeys_at_once(rest: Rest) -> None:
    rest.salesforce.schema("change", "Phone", set={"nillable": False})
    assert error(rest.create(LEAD))["fields"] == ["Phone"]
    rest.salesforce.schema("change", "Phone", set={"nillable": True, "length": 3})
    assert error(rest.create({**LEAD, "Phone": "1234"}))["errorCode"] == "STRING_TOO_LONG"
    choices = ["Web", {"value": "Fair", "label": "展示会"}, {"value": "Old", "active": False}]
    rest.salesforce.schema("change", "LeadSource", set={"choices": choices, "restricted": True})
    assert rest.create({**LEAD, "LeadSource": "Fair"}).status_code == 201
    assert rest.create({**LEAD, "LeadSource": "Old"}).status_code == 400
    values = described(rest)["LeadSource"]["picklistValues"]
    assert [entry["label"] for entry in values] == ["Web", "展示会", "Old"]


def test_unique_field_made_at_run_time_is_kept(rest: Rest) -> None:
    first = rest.lead(Campaign_Code__c="x")
    rest.salesforce.schema("change", "Campaign_Code__c", set={"unique": True})
    found = error(rest.create({**LEAD, "Campaign_Code__c": "X"}))
    assert first[:15] in found["message"]


def test_orgs_keep_their_own_state(salesforce: Simulator) -> None:
    one, two = Rest(salesforce), Rest(salesforce, org=2)
    one.lead()
    salesforce.schema("remove", "Region__c", org=2)
    assert len(salesforce.leads(1)) == 1
    assert salesforce.leads(2) == []
    assert "Region__c" in described(one)
    assert "Region__c" not in described(two)
    assert one.instance_url != two.instance_url


def test_reset_goes_back_to_the_first_day(salesforce: Simulator) -> None:
    rest = Rest(salesforce)
    rest.lead()
    salesforce.switch(private_sharing=True)
    salesforce.schema("remove", "Region__c")
    salesforce.reset()
    (state, _) = salesforce.control("GET", "state")["orgs"]
    assert state["records"]["Lead"] == 0
    assert state["switches"]["private_sharing"] is False
    assert state["grants"] == []
    assert "Region__c" in described(Rest(salesforce))
    assert rest("GET", "/limits").status_code == 401


def test_records_name_the_call_that_made_them(rest: Rest) -> None:
    rest.lead()
    (lead,) = rest.salesforce.leads()
    (call,) = [c for c in rest.salesforce.calls() if c["number"] == lead["made_by_call"]]
    assert (call["method"], call["user"]) == ("POST", "admin@acme.example")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("orgs/1/switches", {"nonsense": 1}),
        ("orgs/1/switches", {"private_sharing": "yes"}),
        ("orgs/1/users/admin", {"nonsense": 1}),
        ("orgs/1/schema", {"act": "remove", "field": "Nonsense__c"}),
        ("orgs/1/rules", {"duplicate_rules": [{"nonsense": 1}]}),
    ],
)
def test_wrong_control_call_is_400_with_the_reason(
    salesforce: Simulator, path: str, data: dict[str, Any]
) -> None:
    with pytest.raises(HTTPError) as caught:
        salesforce.control("PATCH" if "users" in path else "POST", path, data)
    with caught.value as answer:
        assert answer.code == 400
        assert "error" in answer.read().decode()


def test_control_takes_json_only_so_that_no_web_page_can_call_it(salesforce: Simulator) -> None:
    url = f"{salesforce.login_url}/control/orgs/1/switches"
    answer = requests.post(url, data='{"private_sharing": true}', timeout=10)
    assert answer.status_code == 415
