"""What one writes without this package: a django-q2 task with two simple-salesforce calls."""

from __future__ import annotations

import os

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce


class PlainHttp(HTTPAdapter):
    """simple-salesforce speaks https only; the simulator of a benchmark does not."""

    def send(self, request, **kwargs):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **kwargs)


def send_lead(number: int) -> None:
    session = requests.Session()
    session.mount("https://", PlainHttp())
    salesforce = Salesforce(
        session_id=os.environ["BENCH_TOKEN"],
        instance_url=os.environ["BENCH_INSTANCE"].replace("http://", "https://"),
        session=session,
        version="66.0",
    )
    lead = salesforce.Lead.create(
        {
            "LastName": f"Visitor {number}",
            "FirstName": "Hanako",
            "Company": "Acme KK",
            "Email": f"visitor{number}@example.jp",
            "Description": "Please send me the catalogue. " * 5,
        },
        headers={"Sforce-Duplicate-Rule-Header": "allowSave=true"},
    )
    salesforce.CampaignMember.create(
        {
            "LeadId": lead["id"],
            "CampaignId": os.environ["BENCH_CAMPAIGN"],
            "Status": "Registered",
        }
    )
