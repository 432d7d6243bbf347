"""Salesforce's usual Python clients, unmodified, over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from requests_oauthlib import OAuth2Session
from simple_salesforce import Salesforce, format_external_id, format_soql
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from sandbox.salesforce.launch import Simulator

from .conftest import ALLOW_SAVE, part

LEAD = {"LastName": "Yamada", "Company": "Acme"}
CALLBACK = "https://127.0.0.1:9/callback"


@pytest.fixture(scope="module")
def tls_process() -> Iterator[Simulator]:
    with Simulator(tls=1) as simulator:
        yield simulator


@pytest.fixture
def tls(tls_process: Simulator) -> Simulator:
    tls_process.reset()
    return tls_process


@pytest.fixture
def trusting(tls: Simulator) -> Iterator[requests.Session]:
    """A session that trusts the simulator's certificate and nothing else."""
    with requests.Session() as session:
        session.verify = tls.greeting["ca_file"]
        session.trust_env = False
        yield session


@pytest.fixture
def sf(tls: Simulator, trusting: requests.Session) -> Salesforce:
    token = tls.grant()
    return Salesforce(
        session_id=token["access_token"],
        instance_url=token["instance_url"],
        version="66.0",
        session=trusting,
    )


class TestRequestsOauthlib:
    SCOPE = ("api", "refresh_token", "id")

    def fetch(self, tls: Simulator) -> tuple[OAuth2Session, dict[str, str]]:
        session = OAuth2Session(
            tls.client_id, redirect_uri=CALLBACK, scope=list(self.SCOPE), pkce="S256"
        )
        session.verify, session.trust_env = tls.greeting["ca_file"], False
        url, _ = session.authorization_url(f"{tls.login_url}/services/oauth2/authorize")
        token = session.fetch_token(
            f"{tls.login_url}/services/oauth2/token",
            authorization_response=tls.authorize(url),
            client_secret=tls.client_secret,
            include_client_id=True,
        )
        return session, token

    def test_login_with_pkce_gives_tokens_that_work(self, tls: Simulator) -> None:
        session, token = self.fetch(tls)
        assert token["refresh_token"]
        assert "expires_in" not in token
        limits = session.get(f"{token['instance_url']}/services/data/v66.0/limits", timeout=10)
        assert limits.json()["DailyApiRequests"]["Max"] == 115_000

    @pytest.mark.parametrize("rotation", [False, True])
    def test_refresh_keeps_or_takes_the_new_refresh_token(
        self, tls: Simulator, rotation: bool
    ) -> None:
        tls.switch(rotation=rotation)
        session, token = self.fetch(tls)
        first = token["refresh_token"]
        refreshed = session.refresh_token(
            f"{tls.login_url}/services/oauth2/token",
            client_id=tls.client_id,
            client_secret=tls.client_secret,
        )
        assert (refreshed["refresh_token"] == first) is not rotation
        assert refreshed["access_token"] != token["access_token"]

    def test_scope_granted_unasked_raises_the_known_warning(self, tls: Simulator) -> None:
        self.SCOPE = ("api", "refresh_token")
        with pytest.raises(Warning, match="Scope has changed"):
            self.fetch(tls)


class TestSimpleSalesforce:
    def test_describe_and_query_with_paging(self, tls: Simulator, sf: Salesforce) -> None:
        tls.control("POST", "orgs/1/campaigns", {"count": 2100})
        assert {"LastName", "Company"} <= {field["name"] for field in sf.Lead.describe()["fields"]}
        everything = sf.query_all("SELECT Id, Name FROM Campaign ORDER BY Name")
        assert len(everything["records"]) == everything["totalSize"] == 2110
        found = sf.query(format_soql("SELECT Id FROM Campaign WHERE Name LIKE '%{:like}%'", "50%_"))
        assert found["totalSize"] == 1

    def test_create_get_update_delete(self, sf: Salesforce) -> None:
        made = sf.Lead.create(LEAD, headers={"Sforce-Auto-Assign": "FALSE"})
        assert made["success"]
        assert sf.Lead.update(made["id"], {"Title": "Boss"}) == 204
        assert sf.Lead.get(made["id"])["Title"] == "Boss"
        assert sf.Lead.delete(made["id"]) == 204
        with pytest.raises(SalesforceResourceNotFound):
            sf.Lead.get(made["id"])

    def test_upsert_and_its_answers(self, sf: Salesforce) -> None:
        key = format_external_id("Wagtail_Submission_Id__c", "a/b c")
        assert sf.Lead.upsert(key, LEAD) == 201
        assert sf.Lead.upsert(key, LEAD) == 200
        for _ in range(2):
            sf.Lead.create({**LEAD, "Email": "a@b.co"}, headers=ALLOW_SAVE)
        with pytest.raises(SalesforceMoreThanOneRecord) as caught:
            sf.Lead.upsert("Email/a@b.co", LEAD)
        assert all(isinstance(each, str) for each in caught.value.content)

    def test_composite_and_collections_by_restful(self, tls: Simulator, sf: Salesforce) -> None:
        body = {
            "allOrNone": True,
            "compositeRequest": [
                part("POST", "/sobjects/Lead", "lead", LEAD, **ALLOW_SAVE),
                part(
                    "POST",
                    "/sobjects/CampaignMember",
                    "member",
                    {"LeadId": "@{lead.id}", "CampaignId": tls.campaign("Spring fair 2027")},
                ),
            ],
        }
        answer = sf.restful("composite", method="POST", json=body, timeout=10)
        assert [each["httpStatusCode"] for each in answer["compositeResponse"]] == [201, 201]
        records = [{"attributes": {"type": "Lead"}, **LEAD} for _ in range(200)]
        made = sf.restful("composite/sobjects", method="POST", json={"records": records})
        assert all(each["success"] for each in made)
        assert len(tls.leads()) == 201

    def test_errors_become_its_exceptions(self, tls: Simulator, sf: Salesforce) -> None:
        with pytest.raises(SalesforceMalformedRequest) as caught:
            sf.Lead.create({"LastName": "x"})
        assert caught.value.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
        tls.fault("daily_limit")
        with pytest.raises(SalesforceRefusedRequest):
            sf.Lead.create(LEAD)
        tls.fault("html_503")
        with pytest.raises(SalesforceGeneralError):
            sf.Lead.create(LEAD)
        tls.fault("session_killed")
        with pytest.raises(SalesforceExpiredSession):
            sf.Lead.create(LEAD)

    def test_api_usage_is_read_from_the_header(self, tls: Simulator, sf: Salesforce) -> None:
        tls.switch(per_app_usage=True)
        lead = sf.Lead
        lead.create(LEAD)
        assert lead.api_usage["api-usage"].total == 115_000
        assert lead.api_usage["per-app-api-usage"].name == "Wagtail"

    def test_limits(self, sf: Salesforce) -> None:
        assert sf.limits()["DailyApiRequests"]["Max"] == 115_000


def test_certificate_covers_my_domain_hosts(tls: Simulator, trusting: requests.Session) -> None:
    """The host names as Salesforce has them, answered by the org that owns them."""
    import socket
    import ssl

    port = urlsplit(tls.instance_url(2)).port
    context = ssl.create_default_context(cafile=tls.greeting["ca_file"])
    name = tls.greeting["instances"][1]["my_domain"]
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=name) as secured,
    ):
        secured.sendall(f"GET /control/state HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        assert secured.recv(20).startswith(b"HTTP/1.1 200")
