"""What a person sees on the console: leads, records and calls, and where clicks lead."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from sandbox.salesforce.launch import Simulator

from .conftest import Rest, part
from .console import Console

PAGES = (
    "",
    "calls",
    "faults",
    "switches",
    "rules",
    "people",
    "fields",
    "fields/Industry",
    "campaigns",
)


@pytest.fixture
def console(salesforce: Simulator) -> Console:
    return Console(salesforce)


@pytest.mark.parametrize("path", PAGES)
def test_page_is_shown_for_each_org_without_inline_code(console: Console, path: str) -> None:
    for org, name in ((1, "Acme KK"), (2, "UAT")):
        answer = console.get(path, org=org)
        assert "This plays Salesforce" in answer.text
        assert f"{name} " in answer.text.partition("</title>")[0]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "style=" not in answer.text
        assert "<script>" not in answer.text


def test_port_of_an_org_opens_its_console(console: Console) -> None:
    text = requests.get(console.salesforce.instance_url(2), timeout=10).text
    assert "<title>What arrived – Acme KK – UAT" in text


class TestArrived:
    def test_lead_shows_name_campaign_status_and_call(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        lead = rest.lead(LastName="<b>山田</b>", Email="hanako@example.com", Company="A & B")
        campaign = console.salesforce.campaign("Spring fair 2027")
        member = {"LeadId": lead, "CampaignId": campaign, "Status": "Attended"}
        rest.create(member, "CampaignMember")
        row = console.page().partition(f'<tr id="{lead}"')[2].partition("</tr>")[0]
        for shown in ("&lt;b&gt;山田&lt;/b&gt;", "hanako@example.com", "A &amp; B"):
            assert shown in row
        assert "Spring fair 2027" in row
        assert "Attended" in row
        made_by = console.salesforce.leads()[0]["made_by_call"]
        assert f"/calls/{made_by}?org=1" in row
        assert lead in console.page(f"calls/{made_by}")

    def test_lead_committed_late_is_of_the_call_that_made_it(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        console.salesforce.fault("late_commit", path="/sobjects/Lead$", seconds=0.5)
        with ThreadPoolExecutor() as pool:
            late = pool.submit(rest.lead)
            time.sleep(0.2)
            rest("GET", "/limits")
            late.result()
        (lead,) = console.salesforce.leads()
        assert lead["made_by_call"] == console.salesforce.calls()[-2]["number"]

    def test_contact_converted_from_behind_is_of_no_call(self, console: Console) -> None:
        lead = Rest(console.salesforce).lead()
        console.click("change-lead", id=lead, what="convert")
        (contact,) = console.salesforce.records("Contact")
        assert contact["made_by_call"] is None
        assert contact["Id"] not in console.newest_call()

    def test_empty_org_tells_a_newcomer_how_to_begin(self, console: Console) -> None:
        text = console.page()
        assert "No leads yet." in text
        assert "admin@acme.example" in text
        assert "lightning" in text


class TestRecords:
    def test_lead_opens_where_the_product_links_to(self, console: Console) -> None:
        lead = Rest(console.salesforce).lead(LastName="<i>Lee</i>", LeadSource="Web")
        for record_id in (lead, lead[:15]):
            text = console.page(record_id)
            assert "<h1>&lt;i&gt;Lee&lt;/i&gt;</h1>" in text
            assert "LeadSource" in text

    def test_record_of_another_org_opens_in_its_org(self, console: Console) -> None:
        lead = Rest(console.salesforce, org=2).lead()
        assert "in Acme KK – UAT" in console.page(lead)

    def test_campaign_shows_its_statuses_and_members(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        campaign = console.salesforce.campaign("Spring fair 2027")
        lead = rest.lead(LastName="Sato")
        rest.create({"LeadId": lead, "CampaignId": campaign}, "CampaignMember")
        text = console.page(campaign)
        assert "Registered" in text
        assert "Sato" in text

    def test_unknown_record_is_not_there(self, console: Console) -> None:
        answer = console.get("00Q5g0000004C9kEAE")
        assert answer.status_code == 404
        assert "There is no such record" in answer.text

    @pytest.mark.parametrize(
        ("what", "fate"), [("convert", "converted"), ("hide", "hidden"), ("delete", "deleted")]
    )
    def test_lead_is_changed_behind_the_sites_back(
        self, console: Console, what: str, fate: str
    ) -> None:
        lead = Rest(console.salesforce).lead()
        console.click("change-lead", id=lead, what=what)
        for path in ("", lead):
            assert f'<span class="badge">{fate}</span>' in console.page(path)

    def test_hidden_lead_is_shown_again(self, console: Console) -> None:
        lead = Rest(console.salesforce).lead()
        console.click("change-lead", id=lead, what="hide")
        console.click("change-lead", id=lead, what="show")
        assert "badge" not in console.page(lead)

    def test_lead_is_merged_into_another(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        winner, loser = rest.lead(LastName="Winner"), rest.lead(LastName="Loser")
        console.click("change-lead", id=loser, what="merge", into=winner)
        assert rest("GET", f"/sobjects/Lead/{loser}").status_code == 404
        assert '<span class="badge">merged</span>' in console.page(loser)

    def test_field_is_rewritten_and_cleared_past_all_rules(self, console: Console) -> None:
        rest = Rest(console.salesforce)
        lead = rest.lead(Phone="03-1234-5678", Newsletter__c=False)
        console.click("change-record", id=lead, field="Company", value="Elsewhere")
        console.click("change-record", id=lead, field="Newsletter__c", value="true")
        console.click("change-record", id=lead, field="Phone", value="")
        now = rest.read(lead)
        assert (now["Company"], now["Newsletter__c"], now["Phone"]) == ("Elsewhere", True, None)


class TestCalls:
    def test_query_is_decoded(self, console: Console) -> None:
        soql = "SELECT Id FROM Campaign WHERE Name LIKE '%fair%' AND IsActive = true"
        Rest(console.salesforce).query(soql)
        for text in (console.page("calls"), console.newest_call()):
            assert "SELECT Id FROM Campaign WHERE Name LIKE &#39;%fair%&#39;" in text
            assert "%25fair" not in text

    def test_composite_call_shows_its_parts_and_what_was_refused(self, console: Console) -> None:
        wrong = part("POST", "/sobjects/Lead", "lead", {"LastName": "Lee"})
        then = part("GET", "/query?q=SELECT+Id+FROM+Lead+WHERE+Id%3D'@{lead.id}'", "back")
        Rest(console.salesforce).composite(wrong, then)
        for text in (console.page("calls"), console.newest_call()):
            assert "POST /sobjects/Lead" in text
            assert "SELECT Id FROM Lead WHERE Id=&#39;@{lead.id}&#39;" in text
            assert "REQUIRED_FIELD_MISSING" in text

    def test_bodies_are_indented(self, console: Console) -> None:
        Rest(console.salesforce).lead(LastName="Lee")
        assert "{\n  &#34;LastName&#34;: &#34;Lee&#34;,\n" in console.newest_call()

    @pytest.mark.parametrize("body", [b"[1, 2]", b'"text"', b'{"records": 7}', b"\xff", b"{"])
    def test_body_of_any_kind_is_shown(self, console: Console, body: bytes) -> None:
        rest = Rest(console.salesforce)
        headers = {"Content-Type": "application/json"}
        rest("POST", "/composite", data=body, headers=headers)
        assert console.page("calls")
        assert console.newest_call()

    def test_tokens_and_secrets_are_not_shown(self, console: Console) -> None:
        token = Rest(console.salesforce).token
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token["refresh_token"],
            "client_id": console.salesforce.client_id,
            "client_secret": console.salesforce.client_secret,
        }
        url = f"{console.salesforce.login_url}/services/oauth2/token"
        fresh = requests.post(url, data=form, timeout=10).json()
        text = console.page("calls") + console.newest_call()
        assert "grant_type = refresh_token" in text
        for secret in (token["refresh_token"], form["client_secret"], fresh["access_token"]):
            assert secret not in text

    def test_forgotten_call_is_explained(self, console: Console) -> None:
        answer = console.get("calls/99999")
        assert answer.status_code == 404
        assert "does not go back that far" in answer.text


class TestClicks:
    def test_click_leads_back_to_its_page(self, console: Console) -> None:
        assert console.click("add-fault", fault="html_503") == "/people?org=1"

    @pytest.mark.parametrize("address", ["https://evil.example/x", "//evil.example/x"])
    def test_click_never_leads_away(self, console: Console, address: str) -> None:
        assert console.click("add-fault", fault="html_503", next=address) == "/x"

    def test_start_over_forgets_everything(self, console: Console) -> None:
        Rest(console.salesforce).lead()
        assert console.click("reset") == "/"
        assert console.salesforce.leads() == []

    def test_other_sites_cannot_click(self, console: Console) -> None:
        headers = {"Origin": "https://evil.example"}
        answer = requests.post(f"{console.url}console/reset", headers=headers, timeout=10)
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        ("act", "form"),
        [
            ("nonsense", {}),
            ("add-fault", {"fault": "nonsense"}),
            ("add-fault", {"fault": "cut", "path": "("}),
            ("add-fault", {"fault": "cut", "target": "6"}),
            ("change-lead", {"id": "00Q000000000000", "what": "delete"}),
            ("change-record", {"id": "nonsense", "field": "Name", "value": "x"}),
        ],
    )
    def test_wrong_click_is_explained(self, console: Console, act: str, form: dict) -> None:
        answer = console.post(act, **form)
        assert answer.status_code == 400
        assert "This did not work" in answer.text
