"""A worker that dies between Salesforce's new token and our commit, and the reconnect after it."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.utils import timezone

from sandbox.salesforce.launch import Simulator
from tests.orgs.processes import Worker, eventually
from wagtail_salesforce_leads.models import SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.orgs import grants
from wagtail_salesforce_leads.salesforce.oauth import TokenAnswer


def kill_inside_the_token_call(salesforce: Simulator, work: Callable[[], object]) -> None:
    """``work`` needs a new session; its process is killed while Salesforce answers."""
    salesforce.switch(refresh_ms=1500)
    salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    worker = Worker(work)
    eventually(lambda: SalesforceGrant.objects.get().sent_at is not None)
    time.sleep(0.5)
    worker.kill()
    worker.wait()
    salesforce.switch(refresh_ms=30)
    time.sleep(2)


def reconnect(salesforce: Simulator, org: SalesforceOrg) -> None:
    again = salesforce.grant()
    answer = TokenAnswer(
        access_token=again["access_token"],
        refresh_token=again["refresh_token"],
        instance_url=again["instance_url"],
        org_id=org.org_id,
        user_id=org.user_id,
        scopes=frozenset(again["scope"].split()),
        issued_at=timezone.now(),
    )
    grants.adopt(org, answer, generation=grants.generation(org))
