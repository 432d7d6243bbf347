"""What a person sets on the console, and what a caller then gets."""

from __future__ import annotations

import pytest

from sandbox.salesforce.faults import NAMES
from sandbox.salesforce.launch import Simulator
from sandbox.salesforce.switches import KINDS

from .conftest import Rest
from .console import Console


@pytest.fixture
def console(salesforce: Simulator) -> Console:
    return Console(salesforce)


class TestFaults:
    def test_every_fault_has_a_button(self, console: Console) -> None:
        text = console.page("faults")
        assert [name for name in NAMES if f'name="fault" value="{name}"' not in text] == []

    def test_fault_stands_on_every_page_until_it_is_removed(self, console: Console) -> None:
        console.click("add-fault", fault="html_503", target="3", times="3", percent="50", skip="2")
        (fault,) = console.state()["faults"]
        assert (fault["path"], fault["times"], fault["probability"]) == ("/query", 3, 0.5)
        assert fault["skip"] == 2
        for path in ("", "calls", "people"):
            assert "<strong>html_503</strong> strikes queries, 50 % of them" in console.page(path)
        console.click("remove-fault", id=fault["id"])
        assert console.state()["faults"] == []
        assert "html_503</strong>" not in console.page()

    def test_spent_fault_is_listed_as_spent(self, console: Console) -> None:
        console.click("add-fault", fault="html_503")
        assert Rest(console.salesforce)("GET", "/limits").status_code == 503
        assert "html_503</strong> strikes" not in console.page()
        assert '<span class="badge">spent</span>' in console.page("faults")

    def test_fault_of_ones_own_words_and_path(self, console: Console) -> None:
        named = {"status": "403", "code": "NOPE", "message": "Not today"}
        console.click("add-fault", fault="error", path="/limits$", method="GET", **named)
        answer = Rest(console.salesforce)("GET", "/limits")
        assert answer.status_code == 403
        assert answer.json() == [{"errorCode": "NOPE", "message": "Not today"}]
        assert "NOPE" in console.page("calls")

    def test_fault_strikes_single_records(self, console: Console) -> None:
        console.click("add-fault", fault="row_lock", target="6")
        answer = Rest(console.salesforce).collection([{"LastName": "x", "Company": "y"}] * 2)
        assert [each["success"] for each in answer.json()] == [False, True]

    def test_all_faults_are_removed_at_once(self, console: Console) -> None:
        console.click("add-fault", fault="html_503")
        console.click("add-fault", fault="cut", times="0")
        console.click("clear-faults")
        assert console.state()["faults"] == []


class TestSwitches:
    def test_every_switch_has_a_control_and_its_sentence(self, console: Console) -> None:
        text = console.page("switches")
        assert [name for name in KINDS if f'id="{name}" name="{name}"' not in text] == []

    def test_switches_of_a_group_are_set_together(self, console: Console) -> None:
        values = console.state()["switches"]
        group = {"group": "Automation", "private_sharing": "on"}
        texts = ("trigger_text", "flow_adds_member_to", "flow_member_status")
        group |= {name: values[name] for name in texts}
        console.click("set-switches", **group, trigger_fails_above="5")
        now = console.state()["switches"]
        assert now == {**values, "private_sharing": True, "trigger_fails_above": 5}
        assert console.page("switches").count('<span class="badge">changed</span>') == 2

    def test_api_use_is_pretended(self, console: Console) -> None:
        console.click("set-use", calls="115000")
        assert Rest(console.salesforce)("GET", "/limits").status_code == 403
        assert "<strong>115,000</strong> of 115,000 API calls" in console.page()


class TestRules:
    def test_duplicates_are_blocked(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        rest.lead(Email="ann@example.com")
        rule = {"place": "0", "action": "block", "fields": "Email", "message": "Twice"}
        console.click("set-duplicate-rule", **rule, is_active="on")
        twin = {"LastName": "Lee", "Company": "Acme", "Email": "ann@example.com"}
        answer = rest.create(twin, **{"Sforce-Duplicate-Rule-Header": "allowSave=true"})
        assert (answer.status_code, answer.json()[0]["message"]) == (400, "Twice")

    def test_leads_are_given_to_the_queue(self, console: Console) -> None:
        (queue,) = console.salesforce.records("Group")
        console.click("set-assignment-rule", place="0", owner=queue["Id"], is_active="on")
        rest = Rest(console.salesforce)
        assert rest.read(rest.lead())["OwnerId"] == queue["Id"]

    def test_validation_rule_is_added_and_removed(self, console: Console) -> None:
        rule = {"name": "Phones", "field": "Phone", "message": "Phone, please", "required": "on"}
        console.click("add-validation-rule", **rule)
        assert "Phone, please" in console.page("rules")
        rest = Rest(console.salesforce)
        answer = rest.create({"LastName": "Lee", "Company": "Acme"})
        assert answer.json()[0]["message"] == "Phone, please"
        console.click("remove-validation-rule", place="0")
        assert rest.create({"LastName": "Lee", "Company": "Acme"}).status_code == 201

    def test_flow_rewrites_new_leads_until_it_is_removed(self, console: Console) -> None:
        console.click("add-flow-value", field="Rating", value="Hot")
        rest = Rest(console.salesforce)
        assert rest.read(rest.lead(Rating="Cold"))["Rating"] == "Hot"
        assert "writes <strong>Hot</strong> into <code>Rating</code>" in console.page("rules")
        console.click("remove-flow-value", field="Rating")
        assert rest.read(rest.lead(Rating="Cold"))["Rating"] == "Cold"


class TestPeople:
    NAME = "admin@acme.example"
    MAY = {"is_active": "on", "api_enabled": "on", "view_all": "on"}

    def test_people_are_limited_and_cut_off(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        console.click("change-user", username=self.NAME, is_active="on")
        assert rest("GET", "/limits").status_code == 403
        console.click("change-user", username=self.NAME, **self.MAY)
        assert rest("GET", "/limits").status_code == 200
        console.click("end-tokens", username=self.NAME, what="kill_sessions")
        assert rest("GET", "/limits").status_code == 401
        console.click("end-tokens", what="revoke_grants")
        assert console.state()["grants"] == []

    def test_objects_and_fields_are_taken_away(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        limits = {"hidden": "Phone, Industry", "read_only": "Fax", "may-Campaign": ""}
        console.click("change-user", username=self.NAME, **self.MAY, **limits)
        fields = {f["name"]: f for f in rest("GET", "/sobjects/Lead/describe").json()["fields"]}
        assert not {"Phone", "Industry"} & set(fields)
        assert fields["Fax"]["createable"] is False
        assert rest.refused_query("SELECT Id FROM Campaign")["errorCode"] == "INVALID_TYPE"
        assert 'value="Phone, Industry"' in console.page("people")

    def test_token_endpoint_refuses_in_chosen_words(self, console: Console) -> None:
        refusal = "invalid_grant, ip restricted"
        console.click("change-user", username=self.NAME, **self.MAY, token_error=refusal)
        user = next(u for u in console.state()["users"] if u["username"] == self.NAME)
        assert user["token_error"] == ["invalid_grant", "ip restricted"]


class TestFields:
    LABEL = {"label": "Shoe size"}

    def test_field_is_added_required_and_removed(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        console.click("add-field", **self.LABEL, type="picklist", choices="S, M, L")
        assert rest.lead(Shoe_size__c="M")
        field = {"field": "Shoe_size__c", "length": "255", "restricted": "on"}
        console.click("change-field", **field, **self.LABEL, choices="S\nM\nXL", required="on")
        assert rest.create({"LastName": "x", "Company": "y"}).status_code == 400
        assert rest.lead(Shoe_size__c="XL")
        wrong = {"LastName": "x", "Company": "y", "Shoe_size__c": "L"}
        assert (
            rest.create(wrong).json()[0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
        )
        console.click("remove-field", field="Shoe_size__c")
        assert rest.create({"LastName": "x", "Company": "y"}).status_code == 201

    def test_renamed_field_keeps_its_values(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        lead = rest.lead(Campaign_Code__c="A7")
        where = console.click(
            "change-field", field="Campaign_Code__c", name="Code__c", label="Code", length="50",
            next="/fields?org=1",
        )  # fmt: skip
        assert where == "/fields?org=1"
        assert rest.read(lead)["Code__c"] == "A7"

    def test_dependent_choices_stay_dependent(self, console: Console) -> None:
        console.click(
            "change-field", field="Office__c", label="Office", length="255", choices="東京\nParis",
        )  # fmt: skip
        describe = Rest(console.salesforce)("GET", "/sobjects/Lead/describe").json()
        field = next(f for f in describe["fields"] if f["name"] == "Office__c")
        assert [bool(c["validFor"]) for c in field["picklistValues"]] == [True, False]


class TestCampaigns:
    def test_campaign_is_added_stopped_and_deleted(self, console: Console) -> None:
        console.click("add-campaign", name="夏祭り", statuses="案内, 参加")
        campaign = console.salesforce.campaign("夏祭り")
        console.click("add-status", id=campaign, label="欠席")
        statuses = console.salesforce.records("CampaignMemberStatus")
        own = [s["Label"] for s in statuses if s["CampaignId"] == campaign]
        assert own == ["案内", "参加", "欠席"]
        console.click("change-campaign", id=campaign, what="deactivate")
        console.click("delete-status", id=statuses[-1]["Id"])
        (row,) = [r for r in console.salesforce.records("Campaign") if r["Id"] == campaign]
        assert row["IsActive"] is False
        assert console.salesforce.records("CampaignMemberStatus")[-1]["IsDeleted"]
        console.click("change-campaign", id=campaign, what="delete")
        assert "夏祭り" not in console.page("campaigns")

    def test_thousands_are_added_and_searched(self, console: Console) -> None:
        console.click("add-campaigns", count="2000")
        assert "2,010 campaigns, the first 100 shown" in console.page("campaigns")
        text = console.page("campaigns", words="SPRING fair")
        assert "1 campaign." in text
        assert "Spring fair 2027" in text
