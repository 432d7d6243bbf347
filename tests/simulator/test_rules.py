"""Contract 4, 5.7 and 6: duplicate and assignment rules, members, and what happens unseen."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.salesforce.launch import Simulator

from .conftest import ALLOW_SAVE, Rest, error, part

LEAD = {"LastName": "Yamada", "Company": "Acme"}
TWIN = {**LEAD, "Email": "a@b.co"}


class TestDuplicateRules:
    def test_alert_tells_the_match_and_yields_to_allow_save(self, rest: Rest) -> None:
        first = rest.lead(Email="A@b.co")
        refused = rest.create(TWIN)
        found = error(refused)
        result = found["duplicateResult"]
        assert refused.status_code == 400
        assert found["errorCode"] == "DUPLICATES_DETECTED"
        assert "fields" not in found
        assert found["message"] == result["errorMessage"] == "Use one of these records?"
        assert result["allowSave"] is True
        (match,) = result["matchResults"]
        assert match["matchRecords"][0]["record"] == {
            "attributes": {"type": "Lead", "url": f"/services/data/v66.0/sobjects/Lead/{first}"},
            "Id": first,
        }
        assert rest.create(TWIN, **ALLOW_SAVE).status_code == 201

    def test_block_yields_to_nothing(self, rest: Rest) -> None:
        rest.salesforce.rules(duplicate_rules=[{"action": "block", "message": "No twins."}])
        rest.create(TWIN)
        found = error(rest.create(TWIN, **ALLOW_SAVE))
        assert found["message"] == "No twins."
        assert found["duplicateResult"]["allowSave"] is False

    def test_allow_is_silent(self, rest: Rest) -> None:
        rest.salesforce.rules(duplicate_rules=[{"action": "allow"}])
        assert {rest.create(TWIN).status_code for _ in range(2)} == {201}

    @pytest.mark.parametrize(
        ("version", "key"), [("51.0", "duplicateResut"), ("60.0", "duplicateResult")]
    )
    def test_result_key_is_spelled_by_version_or_switch(
        self, rest: Rest, version: str, key: str
    ) -> None:
        rest.create(TWIN)
        assert key in error(rest("POST", "/sobjects/Lead", TWIN, version=version))
        rest.salesforce.switch(duplicate_key="duplicateResut")
        assert "duplicateResut" in error(rest.create(TWIN))

    def test_header_is_unknown_before_v52(self, rest: Rest) -> None:
        rest.create(TWIN)
        answer = rest("POST", "/sobjects/Lead", TWIN, version="51.0", headers=ALLOW_SAVE)
        assert answer.status_code == 400

    def test_record_details_come_only_if_asked(self, rest: Rest) -> None:
        rest.create(TWIN)
        header = {"Sforce-Duplicate-Rule-Header": "allowSave=false; includeRecordDetails=true"}
        result = error(rest.create(TWIN, **header))["duplicateResult"]
        assert result["matchResults"][0]["matchRecords"][0]["record"]["Email"] == "a@b.co"

    def test_match_may_be_a_contact_or_invisible(self, salesforce: Simulator) -> None:
        admin, marketing = Rest(salesforce), Rest(salesforce, "marketing")
        admin.create({"LastName": "x", "Email": "c@b.co"}, "Contact")
        found = error(admin.create({**LEAD, "Email": "c@b.co"}))["duplicateResult"]
        assert found["matchResults"][0]["entityType"] == "Contact"
        admin.create(TWIN)
        salesforce.switch(private_sharing=True)
        assert error(marketing.create(TWIN))["duplicateResult"]["matchResults"] == []

    def test_rule_counts_for_update_and_upsert(self, rest: Rest) -> None:
        rest.create(TWIN)
        path = "/sobjects/Lead/Wagtail_Submission_Id__c/x"
        assert error(rest("PATCH", path, TWIN))["errorCode"] == "DUPLICATES_DETECTED"
        assert rest("PATCH", path, TWIN, headers=ALLOW_SAVE).status_code == 201
        other = rest.lead(Email="other@b.co")
        changed = rest("PATCH", f"/sobjects/Lead/{other}", {"Email": "a@b.co"})
        assert error(changed)["errorCode"] == "DUPLICATES_DETECTED"


class TestAssignment:
    @pytest.fixture
    def queue(self, rest: Rest) -> str:
        """The owner that the active rule gives."""
        state = rest.salesforce.control("GET", "state")["orgs"][0]
        rule = {**state["assignment_rules"][0], "is_active": True}
        rest.salesforce.rules(assignment_rules=[rule])
        return rule["owner"]

    def owner(self, rest: Rest, **headers: str) -> str:
        return rest.read(rest.create(LEAD, **headers).json()["id"])["OwnerId"]

    def test_active_rule_runs_unless_told_false(self, rest: Rest, queue: str) -> None:
        assert self.owner(rest) == queue
        assert self.owner(rest, **{"Sforce-Auto-Assign": "true"}) == queue
        assert self.owner(rest, **{"Sforce-Auto-Assign": "FALSE"}) != queue

    def test_inactive_rule_runs_only_by_its_id(self, rest: Rest) -> None:
        rule = rest.salesforce.control("GET", "state")["orgs"][0]["assignment_rules"][0]
        assert self.owner(rest) != rule["owner"]
        assert self.owner(rest, **{"Sforce-Auto-Assign": rule["id"]}) == rule["owner"]

    def test_invalid_rule_id_is_refused(self, rest: Rest) -> None:
        found = error(rest.create(LEAD, **{"Sforce-Auto-Assign": "01Q5g00000XXXXX"}))
        assert found["errorCode"] == "INVALID_ASSIGNMENT_RULE"

    def test_header_counts_in_a_composite_part_only(self, rest: Rest, queue: str) -> None:
        off = {"Sforce-Auto-Assign": "FALSE"}
        parts = [
            part("POST", "/sobjects/Lead", "a", LEAD, **off),
            part("POST", "/sobjects/Lead", "b", LEAD),
        ]
        rest("POST", "/composite", {"compositeRequest": parts}, headers=off)
        owners = [lead["OwnerId"] for lead in rest.salesforce.leads()]
        assert owners[0] != queue
        assert owners[1] == queue

    def test_rule_giving_to_an_inactive_user_is_refused(self, rest: Rest) -> None:
        state = rest.salesforce.control("GET", "state")["orgs"][0]
        rule = {**state["assignment_rules"][0], "is_active": True, "owner": state["users"][1]["id"]}
        rest.salesforce.rules(assignment_rules=[rule])
        rest.salesforce.control("PATCH", "orgs/1/users/marketing", {"is_active": False})
        assert error(rest.create(LEAD))["errorCode"] == "INACTIVE_OWNER_OR_USER"

    def test_assigned_lead_is_out_of_sight_under_private_sharing(
        self, salesforce: Simulator, queue: str
    ) -> None:
        salesforce.switch(private_sharing=True)
        rest = Rest(salesforce, "marketing")
        campaign = salesforce.campaign("Spring fair 2027")
        answer = rest.composite(
            part("POST", "/sobjects/Lead", "lead", LEAD),
            part(
                "POST",
                "/sobjects/CampaignMember",
                "member",
                {"LeadId": "@{lead.id}", "CampaignId": campaign},
            ),
        )
        lead, member = answer.json()["compositeResponse"]
        assert lead["httpStatusCode"] == 201
        assert member["body"] == [
            {
                "message": "insufficient access rights on cross-reference id: "
                + lead["body"]["id"][:15],
                "errorCode": "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
                "fields": [],
            }
        ]
        assert rest.query("SELECT Id FROM Lead") == []
        assert rest("GET", f"/sobjects/Lead/{lead['body']['id']}").status_code == 404


class TestMembers:
    def member(self, rest: Rest, campaign: str = "Spring fair 2027", **more: Any) -> Any:
        ids = {"CampaignId": rest.salesforce.campaign(campaign), "LeadId": rest.lead()}
        data = {k: v for k, v in {**ids, **more}.items() if v is not None}
        return rest.create(data, "CampaignMember")

    def read(self, rest: Rest, answer: Any) -> dict[str, Any]:
        return rest.read(answer.json()["id"], "CampaignMember")

    def test_status_of_the_campaign_drives_has_responded(self, rest: Rest) -> None:
        member = self.read(rest, self.member(rest, Status="Attended"))
        assert (member["Status"], member["HasResponded"]) == ("Attended", True)

    @pytest.mark.parametrize("status", [None, "Nonsense", "Responded"])
    def test_missing_or_foreign_status_becomes_the_default_without_a_word(
        self, rest: Rest, status: str | None
    ) -> None:
        member = self.read(rest, self.member(rest, Status=status))
        assert (member["Status"], member["HasResponded"]) == ("Invited", False)

    def test_campaign_without_default_keeps_the_text(self, rest: Rest) -> None:
        control = rest.salesforce.control
        for status in rest.salesforce.records("CampaignMemberStatus"):
            control(
                "PATCH", f"orgs/1/records/CampaignMemberStatus/{status['Id']}", {"IsDefault": False}
            )
        member = self.read(rest, self.member(rest, Status="Nonsense"))
        assert (member["Status"], member["HasResponded"]) == ("Nonsense", False)

    def test_statuses_are_read_per_campaign_in_order(self, rest: Rest) -> None:
        campaign = rest.salesforce.campaign("春の展示会 2027")
        found = rest.query(
            "SELECT Id,Label,IsDefault,HasResponded,SortOrder FROM CampaignMemberStatus "
            f"WHERE CampaignId='{campaign}' ORDER BY SortOrder"
        )
        assert [status["Label"] for status in found] == ["招待済み", "登録済み", "来場"]
        assert [status["IsDefault"] for status in found] == [True, False, False]

    def test_statuses_cannot_be_created(self, rest: Rest) -> None:
        found = error(rest.create({"Label": "x"}, "CampaignMemberStatus"))
        assert found["errorCode"] == "INVALID_TYPE_FOR_OPERATION"

    def test_second_membership_is_refused_and_nothing_changes(self, rest: Rest) -> None:
        first = self.member(rest, Status="Invited")
        lead_id = self.read(rest, first)["LeadId"]
        again = self.member(rest, LeadId=lead_id, Status="Attended")
        assert error(again) == {
            "message": "Already a campaign member.",
            "errorCode": "DUPLICATE_VALUE",
        }
        assert self.read(rest, first)["Status"] == "Invited"

    def test_status_is_changed_by_patch_and_replaced_too(self, rest: Rest) -> None:
        member_id = self.member(rest).json()["id"]
        path = f"/sobjects/CampaignMember/{member_id}"
        rest("PATCH", path, {"Status": "Registered"})
        assert rest.read(member_id, "CampaignMember")["Status"] == "Registered"
        rest("PATCH", path, {"Status": "Nonsense"})
        assert rest.read(member_id, "CampaignMember")["Status"] == "Invited"
        refused = error(rest("PATCH", path, {"LeadId": rest.lead()}))
        assert refused["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"

    def test_member_needs_campaign_and_lead_or_contact(self, rest: Rest) -> None:
        assert error(self.member(rest, CampaignId=None))["fields"] == ["CampaignId"]
        assert error(self.member(rest, LeadId=None))["errorCode"] == "REQUIRED_FIELD_MISSING"

    def test_of_lead_and_contact_only_the_contact_is_kept(self, rest: Rest) -> None:
        contact = rest.create({"LastName": "x"}, "Contact").json()["id"]
        member = self.read(rest, self.member(rest, ContactId=contact))
        assert (member["ContactId"], member["LeadId"]) == (contact, None)

    def test_reading_campaigns_is_enough_to_add_members(self, salesforce: Simulator) -> None:
        rest = Rest(salesforce, "marketing")
        assert self.member(rest).status_code == 201
        assert rest.create({"Name": "x"}, "Campaign").status_code == 400

    def test_deactivated_campaign_and_deleted_status(self, rest: Rest) -> None:
        campaign = rest.salesforce.campaign("Spring fair 2027")
        record = f"orgs/1/records/Campaign/{campaign}"
        rest.salesforce.control("PATCH", record, {"IsActive": False})
        assert self.member(rest).status_code == 201
        found = rest.query(
            f"SELECT Id, Label FROM CampaignMemberStatus WHERE CampaignId='{campaign}'"
        )
        attended = next(each["Id"] for each in found if each["Label"] == "Attended")
        rest.salesforce.control("DELETE", f"orgs/1/records/CampaignMemberStatus/{attended}")
        assert self.read(rest, self.member(rest, Status="Attended"))["Status"] == "Invited"


class TestBehindOurBack:
    def act(self, rest: Rest, lead_id: str, act: str, **data: str) -> Any:
        return rest.salesforce.control("POST", f"orgs/1/leads/{lead_id}/{act}", data)["result"]

    def look(self, rest: Rest, lead_id: str) -> dict[str, Any]:
        fields = "IsDeleted, IsConverted, ConvertedContactId, MasterRecordId, CreatedById"
        return rest.query(f"SELECT {fields} FROM Lead WHERE Id = '{lead_id}'", deleted=True)[0]

    def test_converted_lead_keeps_its_member_and_refuses_changes(self, rest: Rest) -> None:
        lead_id = rest.lead()
        campaign = rest.salesforce.campaign("Spring fair 2027")
        rest.create({"LeadId": lead_id, "CampaignId": campaign}, "CampaignMember")
        contact = self.act(rest, lead_id, "convert")
        assert self.look(rest, lead_id)["ConvertedContactId"] == contact
        (member,) = rest.query(f"SELECT LeadId FROM CampaignMember WHERE ContactId = '{contact}'")
        assert member["LeadId"] == lead_id
        refused = rest("PATCH", f"/sobjects/Lead/{lead_id}", {"Title": "x"})
        assert error(refused)["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"
        other = rest.salesforce.campaign("Partner day")
        late = rest.create({"LeadId": lead_id, "CampaignId": other}, "CampaignMember")
        assert error(late)["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"

    def test_merged_lead_points_to_its_master_and_members_move(self, rest: Rest) -> None:
        loser, winner = rest.lead(), rest.lead()
        campaign = rest.salesforce.campaign("Spring fair 2027")
        rest.create({"LeadId": loser, "CampaignId": campaign}, "CampaignMember")
        self.act(rest, loser, "merge", into=winner)
        assert self.look(rest, loser)["MasterRecordId"] == winner
        assert rest.query("SELECT LeadId FROM CampaignMember")[0]["LeadId"] == winner
        assert rest("GET", f"/sobjects/Lead/{loser}").status_code == 404

    def test_deleted_lead_is_found_by_query_all_only(self, rest: Rest) -> None:
        lead_id = rest.lead(Wagtail_Submission_Id__c="x")
        rest.salesforce.control("DELETE", f"orgs/1/records/Lead/{lead_id}")
        assert rest.query(f"SELECT Id FROM Lead WHERE Id = '{lead_id}'") == []
        assert self.look(rest, lead_id)["IsDeleted"]
        assert rest.create({**LEAD, "Wagtail_Submission_Id__c": "x"}).status_code == 201

    def test_hidden_lead_is_gone_for_those_without_view_all(self, salesforce: Simulator) -> None:
        rest = Rest(salesforce, "marketing")
        lead_id = rest.lead()
        self.act(rest, lead_id, "hide")
        assert rest.query("SELECT Id FROM Lead") == []
        assert len(Rest(salesforce).query("SELECT Id FROM Lead")) == 1
        self.act(rest, lead_id, "show")
        assert len(rest.query("SELECT Id FROM Lead")) == 1

    @pytest.mark.parametrize(("user", "sees_all"), [("admin", True), ("marketing", False)])
    def test_user_may_ask_whether_he_sees_all(
        self, salesforce: Simulator, user: str, sees_all: bool
    ) -> None:
        rest = Rest(salesforce, user)
        (row,) = rest.query("SELECT PermissionsViewAllData FROM UserPermissionAccess")
        assert row["PermissionsViewAllData"] is sees_all

    def test_flow_rewrites_new_leads(self, rest: Rest) -> None:
        rest.salesforce.rules(flow_writes={"LeadSource": "Partner Referral", "LastName": "様"})
        lead = rest.read(rest.lead(LeadSource="Web"))
        assert (lead["LeadSource"], lead["Name"]) == ("Partner Referral", "様")

    def test_flow_has_added_the_member_before_the_caller(self, rest: Rest) -> None:
        campaign = rest.salesforce.campaign("Spring fair 2027")
        rest.salesforce.switch(flow_adds_member_to=campaign, flow_member_status="Attended")
        lead_id = rest.lead()
        found = error(rest.create({"LeadId": lead_id, "CampaignId": campaign}, "CampaignMember"))
        assert found["message"] == "Already a campaign member."
        assert rest.salesforce.members()[0]["Status"] == "Attended"

    def test_trigger_fails_above_a_number_of_records(self, rest: Rest) -> None:
        rest.salesforce.switch(trigger_fails_above=2)
        assert all(each["success"] for each in rest.collection([LEAD] * 2).json())
        failed = rest.collection([LEAD] * 3).json()
        assert {each["errors"][0]["statusCode"] for each in failed} == {
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
        }
        assert rest.create(LEAD).status_code == 201
