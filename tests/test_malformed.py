"""Every view of the package is handed what no screen of ours sends: an answer, never a crash.

The test client raises what a view raises, so a crash fails by itself.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
import responses
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from tests.orgs.screens import browser_of
from tests.submitting import live
from wagtail_salesforce_leads.models import (
    Delivery,
    LeadSubmission,
    OrgSchema,
)

pytestmark = pytest.mark.django_db

HUGE = "9" * 5000
TEXTS = (
    *("", "x", "-1", "0", "1e999", "9" * 30, HUGE, "٣", "²", "[]", "{}", "all"),
    *("a\x00b", "\ufffe", "'; --", "http://[", "//evil.example/", "あ" * 5000),
)
#: What JSON can say and text cannot.
VALUES = (
    *(None, True, 5, -1, 1.5, 10**400, [], [[]], [None, 5], [{}], {}, {"id": 5}, "\ud800"),
    [{"key": [], "type": {}, "choices": 5}],
    [{"key": "name", "type": "dropdown", "choices": [5]}],
    [{"key": "name", "type": "dropdown", "choices": [{"value": []}]}],
    [{"source": [], "value": {}, "property": 5}],
    [{"source": "field", "value": "name", "property": "LastName", "inverted": "no"}],
)
HEADERS = ("referer", "origin", "accept", "sec-fetch-site", "x-forwarded-for", "accept-language")


@dataclass(frozen=True)
class Case:
    """A request that a screen of ours sends, and the parts that are handed something else.

    ``{org}``, ``{site}``, ``{submission}`` and ``{form}`` stand for the ids of what there is.
    """

    address: str
    method: str = "get"
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    is_json: bool = False
    headers: tuple[str, ...] = ()

    def parts(self) -> list[tuple[str, str]]:
        return [
            *(("query", name) for name in self.query),
            *(("body", name) for name in self.body),
            *(("headers", name) for name in self.headers),
        ]


def editor(name: str, *args: Any, **more: Any) -> Case:
    return Case(reverse(f"wagtail_salesforce_leads_editor:{name}"), *args, **more)


def report(name: str, *args: Any, **more: Any) -> Case:
    needs_one = name not in ("index", "index_results")
    pk = {"args": [7777]} if needs_one else {}
    url = reverse(f"wagtail_salesforce_leads_reports:{name}", **pk)
    return Case(url.replace("7777", "{org}" if name == "move" else "{submission}"), *args, **more)


def org_screen(name: str, *args: Any, **more: Any) -> Case:
    url = reverse(f"wagtail_salesforce_leads_orgs:{name}", args=[7777])
    return Case(url.replace("7777", "{site}" if name == "connect" else "{org}"), *args, **more)


def bulk(action: str, method: str) -> Case:
    named = ["wagtail_salesforce_leads", "leadsubmission", action]
    url = reverse("wagtail_bulk_action", args=named)
    return Case(url, method, {"id": "{submission}", "childOf": "1", "next": "/admin/"})


LISTING = {
    **{"p": "1", "q": "Lee", "ordering": "submitted_at", "result": "failed", "cause": "X"},
    **{"form": "{form}", "page": "Landing", "account": "{org}", "campaign": "Fair"},
    **{"submitted_at_from": "2026-01-01", "submitted_at_to": "2030-01-01", "export": "csv"},
}
PANEL = {
    "account": "{org}",
    "campaign": {"id": "7015g0000009999AAA", "name": "Fair"},
    "lead_status": "Came",
    "lead_source": "Web",
    "mapping": [
        {"source": "field", "value": "name", "property": "LastName", "inverted": False},
        {"source": "constant", "value": "Acme", "property": "Company", "inverted": False},
    ],
    "fields": [{"key": "name", "type": "single_line", "label": "Name", "choices": []}],
}
SIGN_IN = {
    **{"login": "https://login.salesforce.com", "my_domain": ""},
    **{"consumer_key": "", "consumer_secret": ""},
}
CALLBACK = reverse("wagtail_salesforce_leads_orgs:callback")
SETTING = "/admin/settings/wagtail_salesforce_leads/salesforcesettings/{site}/"

CASES = {
    "the visitor's form": Case(
        "/salesforce/forms/{key}/",
        "post",
        body={
            **{"wsl-version": "{version}", "wsl-page": "{page}", "wsl-token": str(uuid.uuid4())},
            **{"wsl-from": "/landing/", "wsl-context": "{}", "wsl-website": "", **live.ANSWERS},
        },
        headers=HEADERS,
    ),
    "orgs": editor("orgs", query={"from": "/admin/pages/{page}/edit/", "account": "{org}"}),
    "properties": editor("properties", query={"org": "{org}"}),
    "properties anew": editor("properties", "post", body={"org": "{org}"}, is_json=True),
    "campaigns": editor("campaigns", query={"org": "{org}", "q": "fair"}),
    "statuses": editor("statuses", query={"org": "{org}", "campaign": "7015g0000009999AAA"}),
    "dry run": editor("dry_run", "post", body=PANEL, is_json=True),
    "test lead": editor("test_lead", "post", body={"form": "{key}"}, is_json=True),
    "report": report("index", query=LISTING),
    "report without its frame": report("index_results", query={"p": "1"}),
    "submission": report("detail", query={"next": "/admin/"}),
    "resend": report("resend", "post", {"next": "/admin/"}, {"mapping": "today"}),
    "send as new": report("send_as_new", "post", body={"next": "/admin/"}),
    "delete": report("delete", query={"next": "/admin/"}),
    "bulk resend": bulk("resend", "get"),
    "bulk resend confirmed": bulk("resend", "post"),
    "bulk delete confirmed": bulk("delete", "post"),
    "move": report("move", body={"target": "{org}"}, method="post"),
    "settings": Case(SETTING, query={"checked": "{org}"}),
    "back from Salesforce": Case(CALLBACK, query={"state": "s", "code": "c", "error": "e"}),
    "connect": org_screen("connect", query={"org": "{org}"}),
    "connect sent": org_screen("connect", "post", {"org": "{org}"}, SIGN_IN),
    "options": org_screen(
        "options",
        "post",
        body={"submission_id_field": "", "assignment_rules": "", "api_reserve_percent": "10"},
    ),
    "forms": org_screen("forms", query={"p": "1"}),
    "check": org_screen("check", "post", body={"next": "/admin/"}),
    "refresh fields": org_screen("refresh_fields", "post", body={"next": "/admin/"}),
}


@pytest.fixture
def ids(settings):
    """What there is, by the names that addresses and parameters use."""
    settings.WAGTAIL_SALESFORCE_LEADS = {**settings.WAGTAIL_SALESFORCE_LEADS, "RATE_LIMIT": 0}
    fields = [
        {"name": name, "label": name, "type": "string", "length": 80, "createable": True}
        for name in ("LastName", "Company")
    ]
    org = live.make_org(
        login_origin="https://login.salesforce.com",
        instance_url="https://acme.my.salesforce.com",
        connected_at=timezone.now(),
    )
    OrgSchema.objects.create(org=org, read_at=timezone.now(), lead={"fields": fields})
    page = live.make_page()
    version = live.publish(page, org=org, sync=True)
    live.post(Client(), version)
    Delivery.objects.update(state=Delivery.State.FAILED, cause="X")
    return {
        "org": org.pk,
        "site": Site.objects.get().pk,
        "page": page.pk,
        "form": version.form.pk,
        "key": version.form.key,
        "version": version.number,
        "submission": LeadSubmission.objects.get().pk,
    }


@pytest.fixture
def ask(ids):
    """Sends a case, with ``changed`` part by part; nobody reaches Salesforce."""
    client = browser_of("ada")

    def filled(value: Any) -> Any:
        for name, pk in ids.items():
            value = value.replace(f"{{{name}}}", str(pk)) if isinstance(value, str) else value
        return value

    def send(case: Case, place: str = "", name: str = "", value: Any = None) -> int:
        changed = {name: value}
        query = {key: filled(said) for key, said in case.query.items()}
        body = {key: filled(said) for key, said in case.body.items()}
        query |= changed if place == "query" else {}
        body |= changed if place == "body" else {}
        url = f"{filled(case.address)}?{urlencode(query)}"
        headers = changed if place == "headers" else {}
        sent: dict[str, Any] = {} if case.method == "get" else {"data": body}
        if case.is_json:
            sent = {"data": json.dumps(body), "content_type": "application/json"}
        with responses.RequestsMock():
            answer = getattr(client, case.method)(url, headers=headers, **sent)
        return answer.status_code

    return send


@pytest.mark.parametrize("name", CASES)
def test_what_our_screens_send_is_taken(ask, name):
    assert ask(CASES[name]) in (200, 302, 303, 503)


MALFORMED = [(name, *part) for name, case in CASES.items() for part in case.parts()]


@pytest.mark.parametrize(("name", "place", "part"), MALFORMED)
def test_malformed_parameter_is_no_crash(ask, name, place, part):
    case = CASES[name]
    values = VALUES + TEXTS if case.is_json and place == "body" else TEXTS
    for value in values:
        assert ask(case, place, part, value) != 500, value
