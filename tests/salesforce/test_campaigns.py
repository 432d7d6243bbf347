from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from wagtail_salesforce_leads.salesforce import campaigns
from wagtail_salesforce_leads.salesforce.campaigns import Campaign, MemberStatus
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.errors import CallRefused
from wagtail_salesforce_leads.salesforce.ids import RecordIdRefused

INSTANCE = "https://acme.my.salesforce.com"
QUERY = f"{INSTANCE}/services/data/v66.0/query/"
CAMPAIGN_ID = "7015g000000abcdAAA"
ROW = {
    "attributes": {"type": "Campaign", "url": "/services/data/v66.0/sobjects/Campaign/701"},
    "Id": CAMPAIGN_ID,
    "Name": "春の展示会",
    "IsActive": True,
    "Status": "In Progress",
    "Type": None,
    "StartDate": "2026-04-01",
    "EndDate": None,
}


@pytest.fixture
def client():
    return SalesforceClient(INSTANCE, "token")


@pytest.fixture
def salesforce():
    with responses.RequestsMock() as mock:
        yield mock


def asked(salesforce) -> str:
    return parse_qs(urlsplit(salesforce.calls[0].request.url).query)["q"][0]


def test_search_finds_active_campaigns_by_a_part_of_the_name(salesforce, client):
    salesforce.get(QUERY, json={"records": [ROW]})
    assert campaigns.search(client, " 展示会 ", limit=20) == [
        Campaign(CAMPAIGN_ID, "春の展示会", True, "In Progress", "", "2026-04-01", "")
    ]
    assert "IsActive = true AND Name LIKE '%展示会%' ORDER BY Name LIMIT 20" in asked(salesforce)


@pytest.mark.parametrize(
    ("term", "escaped"),
    [
        ("50%_o'b\\x", "50\\%\\_o\\'b\\\\x"),
        ("' OR Name LIKE '", "\\' OR Name LIKE \\'"),
        ("{0}{term}", "{0}{term}"),
        ('a"\n', 'a\\"'),
    ],
)
def test_search_term_stays_a_term(salesforce, client, term, escaped):
    salesforce.get(QUERY, json={"records": []})
    campaigns.search(client, term)
    assert f"LIKE '%{escaped}%' ORDER" in asked(salesforce)


def test_campaign_is_got_active_or_not(salesforce, client):
    salesforce.get(QUERY, json={"records": [{**ROW, "IsActive": False}]})
    assert campaigns.get(client, CAMPAIGN_ID[:15]).is_active is False
    assert asked(salesforce).endswith(f"WHERE Id = '{CAMPAIGN_ID}'")


def test_campaign_that_is_gone_is_none(salesforce, client):
    salesforce.get(QUERY, json={"records": []})
    assert campaigns.get(client, CAMPAIGN_ID) is None


@pytest.mark.parametrize("function", [campaigns.get, campaigns.statuses])
def test_text_that_is_no_id_is_not_asked_for(salesforce, client, function):
    with pytest.raises(RecordIdRefused):
        function(client, "701' OR Id != '")
    assert len(salesforce.calls) == 0


def test_statuses_come_in_the_orgs_order(salesforce, client):
    rows = [
        {"Label": "Sent", "IsDefault": True, "HasResponded": False, "SortOrder": 1},
        {"Label": "来場", "IsDefault": False, "HasResponded": True, "SortOrder": 2},
    ]
    salesforce.get(QUERY, json={"records": rows})
    assert campaigns.statuses(client, CAMPAIGN_ID) == [
        MemberStatus("Sent", True, False),
        MemberStatus("来場", False, True),
    ]
    assert asked(salesforce).endswith(f"CampaignId = '{CAMPAIGN_ID}' ORDER BY SortOrder")


def test_org_without_the_marketing_feature_refuses(salesforce, client):
    body = [{"message": "sObject type 'Campaign' is not supported.", "errorCode": "INVALID_TYPE"}]
    salesforce.get(QUERY, json=body, status=400)
    with pytest.raises(CallRefused) as caught:
        campaigns.search(client)
    assert caught.value.code == "INVALID_TYPE"
