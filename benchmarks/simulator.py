"""How fast the simulator answers at zero latency: it must not be the bottleneck of a benchmark.

python benchmarks/simulator.py
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sandbox.salesforce.launch import Simulator

SINGLE_CALLS = 1500
COLLECTION_CALLS = 100
RECORDS_PER_CALL = 200
WANTED = {"single-record calls": 300, "records through collections": 5000}


class Client:
    """One kept-alive connection and as little work as possible beside it."""

    def __init__(self, salesforce: Simulator) -> None:
        token = salesforce.grant()
        address = urlsplit(token["instance_url"])
        self.connection = http.client.HTTPConnection(address.hostname, address.port)
        self.headers = {
            "Authorization": f"Bearer {token['access_token']}",
            "Content-Type": "application/json",
            "Sforce-Duplicate-Rule-Header": "allowSave=true",
        }

    def post(self, path: str, body: str) -> bytes:
        self.connection.request("POST", f"/services/data/v66.0{path}", body, self.headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"{path}: {answer.status} {data[:200]!r}")
        return data


def lead(number: int) -> dict[str, object]:
    return {
        "attributes": {"type": "Lead"},
        "LastName": "山田",
        "FirstName": "花子",
        "Company": "Acme KK",
        "Email": f"hanako{number}@example.com",
        "Industry": "Technology",
        "LeadSource": "Web",
        "Description": "Please send me the catalogue.",
        "Wagtail_Submission_Id__c": f"00000000-0000-4000-8000-{number:012d}",
    }


def single(client: Client) -> float:
    """Calls a second."""
    bodies = [json.dumps(lead(number)) for number in range(SINGLE_CALLS)]
    started = time.perf_counter()
    for body in bodies:
        client.post("/sobjects/Lead", body)
    return SINGLE_CALLS / (time.perf_counter() - started)


def collections(client: Client) -> float:
    """Records a second."""
    numbers = range(10**6, 10**6 + COLLECTION_CALLS * RECORDS_PER_CALL, RECORDS_PER_CALL)
    bodies = [
        json.dumps({"records": [lead(first + place) for place in range(RECORDS_PER_CALL)]})
        for first in numbers
    ]
    started = time.perf_counter()
    for body in bodies:
        if b'"success":false' in client.post("/composite/sobjects", body):
            raise SystemExit("a record was refused")
    return COLLECTION_CALLS * RECORDS_PER_CALL / (time.perf_counter() - started)


def main() -> None:
    with Simulator() as salesforce:
        client = Client(salesforce)
        measured = {
            "single-record calls": single(client),
            "records through collections": collections(client),
        }
    for name, value in measured.items():
        print(f"{name}: {value:,.0f} a second (wanted: {WANTED[name]:,})")
    sys.exit(any(measured[name] < wanted for name, wanted in WANTED.items()))


if __name__ == "__main__":
    main()
