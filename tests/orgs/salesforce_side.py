"""The other side of a connection, played with `responses`: real HTTP bytes, dictated by a test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import responses

LOGIN = "https://login.salesforce.com"
CLIENT_SECRET = "test-secret"


@dataclass(frozen=True)
class Org:
    """An org and the user who signs in there."""

    org_id: str
    name: str
    host: str
    is_sandbox: bool = False
    user_id: str = "005000000000001AAA"
    username: str = "integration@acme.example"

    @property
    def url(self) -> str:
        return f"https://{self.host}"


ACME = Org("00D000000000001EAA", "Acme KK", "acme.my.salesforce.com")
UAT = Org(
    "00D000000000002EAA",
    "Acme KK - UAT",
    "acme--uat.sandbox.my.salesforce.com",
    is_sandbox=True,
    username="integration@acme.example.uat",
)

LEAD_FIELDS = [
    {"name": "LastName", "label": "Last Name", "type": "string", "length": 80, "nillable": False},
    {"name": "Company", "label": "Company", "type": "string", "length": 255, "nillable": False},
    {"name": "Email", "label": "Email", "type": "email", "length": 80, "nillable": True},
    {"name": "LeadSource", "label": "Lead Source", "type": "picklist", "nillable": True},
    {
        "name": "Submission_Id__c",
        "label": "Submission id",
        "type": "string",
        "length": 36,
        "unique": True,
        "externalId": True,
        "nillable": True,
    },
]


def token_answer(org: Org, *, secret: str = CLIENT_SECRET, **changes) -> dict:
    """A token answer as Salesforce signs it. A value of None leaves the key out."""
    answer = {
        "access_token": f"access-of-{org.org_id}",
        "refresh_token": f"refresh-of-{org.org_id}",
        "instance_url": org.url,
        "id": f"{LOGIN}/id/{org.org_id}/{org.user_id}",
        "issued_at": "1764000000000",
        "scope": "refresh_token api id",
        "token_type": "Bearer",
        **changes,
    }
    digest = hmac.new(
        secret.encode(), (answer["id"] + answer["issued_at"]).encode(), hashlib.sha256
    )
    answer.setdefault("signature", base64.b64encode(digest.digest()).decode())
    return {key: value for key, value in answer.items() if value is not None}


class SalesforceSide:
    """What Salesforce answers from now on, and what it was asked."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def grants(self, org: Org, *, login: str = LOGIN, **changes) -> None:
        """Any code is exchanged for tokens of ``org``; the org then answers as itself."""
        self._put("POST", f"{login}/services/oauth2/token", token_answer(org, **changes))
        self._put("POST", f"{org.url}/services/oauth2/revoke", {})
        self.answers_as(org)

    def refuses_code(self, error: str, description: str = "", *, login: str = LOGIN) -> None:
        body = {"error": error, "error_description": description}
        self._put("POST", f"{login}/services/oauth2/token", body, status=400)

    def answers_as(self, org: Org) -> None:
        data = f"{org.url}/services/data/v66.0"
        row = {"Name": org.name, "IsSandbox": org.is_sandbox, "Id": org.org_id}
        identity = {"organization_id": org.org_id, "preferred_username": org.username}
        self._put("GET", f"{data}/query/", {"done": True, "records": [row]})
        self._put("GET", f"{org.url}/services/oauth2/userinfo", identity)
        self._put("GET", f"{data}/sobjects/Lead/describe", _describe("Lead", LEAD_FIELDS))
        member = [{"name": name, "type": "string"} for name in ("CampaignId", "LeadId", "Status")]
        self._put("GET", f"{data}/sobjects/CampaignMember/describe", _describe("Member", member))
        self._put("POST", f"{data}/composite", {"compositeResponse": _campaign_answers()})

    def fails(self, method: str, url: str, status: int = 503) -> None:
        self._put(method, url, "<html>Down for maintenance</html>", status=status)

    def asked(self, path: str) -> list[dict[str, str]]:
        """The form of each POST to ``path``."""
        calls = [
            call.request for call in self.mock.calls if urlsplit(call.request.url).path == path
        ]
        return [
            {name: values[0] for name, values in parse_qs(request.body).items()}
            for request in calls
        ]

    @property
    def revoked(self) -> list[str]:
        return [form["token"] for form in self.asked("/services/oauth2/revoke")]

    def _put(self, method: str, url: str, body, *, status: int = 200) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        kind = "text/html" if isinstance(body, str) else "application/json"
        headers = {"Sforce-Limit-Info": "api-usage=1204/115000"}
        self.mock.upsert(method, url, body=text, status=status, content_type=kind, headers=headers)


def _describe(name: str, fields: list[dict]) -> dict:
    return {"name": name, "createable": True, "fields": [{"createable": True, **f} for f in fields]}


def _campaign_answers() -> list[dict]:
    return [
        {"referenceId": code, "httpStatusCode": 200, "body": {"records": []}}
        for code in ("campaign", "campaign_status")
    ]
