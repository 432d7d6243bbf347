"""A running simulator, and a plain client that sees its answers as bytes on a wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.salesforce.launch import Simulator

VERSION = "66.0"


@pytest.fixture(scope="session")
def salesforce_process() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def salesforce(salesforce_process: Simulator) -> Simulator:
    """A simulator as on its first day: no leads, no grants, no faults."""
    salesforce_process.reset()
    return salesforce_process


class Rest:
    """REST calls as one user of one org."""

    def __init__(self, salesforce: Simulator, user: str = "admin", org: int = 1) -> None:
        self.salesforce = salesforce
        self.token = salesforce.grant(org=org, user=user)
        self.instance_url = self.token["instance_url"]
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {self.token['access_token']}"

    def __call__(
        self, method: str, path: str, json: Any = None, *, version: str = VERSION, **more: Any
    ) -> requests.Response:
        """`path` below `/services/data/vNN.N`."""
        url = f"{self.instance_url}/services/data/v{version}{path}"
        return self.session.request(method, url, json=json, timeout=10, **more)

    def create(self, data: dict[str, Any], name: str = "Lead", **headers: str) -> requests.Response:
        return self("POST", f"/sobjects/{name}", data, headers=headers)

    def lead(self, **data: Any) -> str:
        """The id of a new lead, past duplicate rules."""
        body = {"LastName": "Yamada", "Company": "Acme", **data}
        answer = self.create(body, **{"Sforce-Duplicate-Rule-Header": "allowSave=true"})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def read(self, record_id: str, name: str = "Lead") -> dict[str, Any]:
        return self("GET", f"/sobjects/{name}/{record_id}").json()

    def query(self, soql: str, *, deleted: bool = False) -> list[dict[str, Any]]:
        answer = self("GET", "/queryAll" if deleted else "/query", params={"q": soql})
        assert answer.status_code == 200, answer.text
        return answer.json()["records"]

    def refused_query(self, soql: str) -> dict[str, Any]:
        answer = self("GET", "/query", params={"q": soql})
        assert answer.status_code == 400
        return answer.json()[0]

    def composite(self, *parts: dict[str, Any], **more: Any) -> requests.Response:
        body = {"compositeRequest": list(parts), **more}
        return self("POST", "/composite", body)

    def collection(self, records: list[dict[str, Any]], **more: Any) -> requests.Response:
        typed = [{"attributes": {"type": "Lead"}, **record} for record in records]
        return self("POST", "/composite/sobjects", {"records": typed, **more})


@pytest.fixture
def rest(salesforce: Simulator) -> Rest:
    return Rest(salesforce)


def part(
    method: str, path: str, reference: str, body: Any = None, **headers: str
) -> dict[str, Any]:
    """A subrequest of a composite."""
    made = {"method": method, "url": f"/services/data/v{VERSION}{path}", "referenceId": reference}
    if body is not None:
        made["body"] = body
    if headers:
        made["httpHeaders"] = headers
    return made


ALLOW_SAVE = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}


def error(answer: requests.Response) -> dict[str, Any]:
    """The one error of an answer."""
    (found,) = answer.json()
    return found
