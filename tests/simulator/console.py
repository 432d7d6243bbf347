"""The console as a browser without JavaScript uses it."""

from __future__ import annotations

from typing import Any

import requests

from sandbox.salesforce.launch import Simulator


class Console:
    def __init__(self, salesforce: Simulator) -> None:
        self.salesforce = salesforce
        self.url = salesforce.greeting["console_url"]

    def get(self, path: str = "", **query: Any) -> requests.Response:
        return requests.get(f"{self.url}{path}", params=query, timeout=10)

    def page(self, path: str = "", **query: Any) -> str:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, act: str, **form: Any) -> requests.Response:
        headers = {"Origin": self.url.rstrip("/"), "Referer": f"{self.url}people?org=1"}
        return requests.post(
            f"{self.url}console/{act}",
            data={"org": 1, **form},
            headers=headers,
            allow_redirects=False,
            timeout=10,
        )

    def click(self, act: str, **form: Any) -> str:
        """Where it leads to."""
        answer = self.post(act, **form)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def state(self) -> dict[str, Any]:
        return self.salesforce.control("GET", "state")["orgs"][0]

    def newest_call(self) -> str:
        """The page of it."""
        return self.page(f"calls/{self.salesforce.calls()[-1]['number']}")
