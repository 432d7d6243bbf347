"""A visitor's POST here against the same fields on a wagtail.contrib.forms page.

    python -m benchmarks.visitor_post [rounds]

Both run in one process by turns, through the whole request handler with its middleware, on a file
database that commits (DATABASE_URL chooses another one). Lead sync is on: the submission, its
delivery and the nudge for the worker are written; contrib writes its one submission. "With the page
that follows": ours and a contrib page that redirects after the POST, as both should, each with the
GET of the same template.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.site.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.shortcuts import redirect
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from wagtail.models import Site

from tests.site.models import ContactField, ContactPage
from tests.submitting import live

ANSWERS = {
    "last_name": "山田",
    "first_name": "花子",
    "company": "Acme",
    "e_mail": "hanako@example.com",
    "phone": "03-1234-5678",
    "industry": "it",
    "question": "資料を送ってください。",
    "news": "on",
}
TYPES = {
    "last_name": ("single_line", "singleline"),
    "first_name": ("single_line", "singleline"),
    "company": ("single_line", "singleline"),
    "e_mail": ("email", "email"),
    "phone": ("phone", "singleline"),
    "industry": ("dropdown", "dropdown"),
    "question": ("multi_line", "multiline"),
    "news": ("checkbox", "checkbox"),
}
PROPERTIES = {
    "last_name": ("LastName", "text"),
    "first_name": ("FirstName", "text"),
    "company": ("Company", "text"),
    "e_mail": ("Email", "email"),
    "phone": ("Phone", "phone"),
    "question": ("Description", "long_text"),
}
HEADERS = live.BROWSER
FORM = "application/x-www-form-urlencoded"


def our_form():
    page = live.make_page("ours")
    choices = live.choices("IT", "Other")
    fields = [
        live.field(key, types[0], choices=choices if key == "industry" else [])
        for key, types in TYPES.items()
    ]
    mapping = [
        live.row(key, name, type_, max_length=32_000) for key, (name, type_) in PROPERTIES.items()
    ]
    return live.publish(page, fields=fields, mapping=mapping, org=live.make_org(), sync=True)


def contrib_page(slug: str) -> ContactPage:
    page = ContactPage(title=slug.title(), slug=slug)
    page.form_fields = [
        ContactField(label=key, field_type=types[1], required=False, choices="it,other")
        for key, types in TYPES.items()
    ]
    Site.objects.get(is_default_site=True).root_page.add_child(instance=page)
    return page


def redirect_after_post() -> None:
    """From here on contrib's page sends its visitors on, where before it rendered its thanks."""
    ContactPage.render_landing_page = lambda self, *args, **kwargs: redirect("/ours/")


def timed(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def by_turns(rounds: int, *acts: Callable[[], None]) -> list[list[float]]:
    """Milliseconds of each act; they take turns so that the machine's moods hit all alike."""
    times = [[] for _ in acts]
    for number in range(-rounds // 10, rounds):
        for kept, act in zip(times, acts, strict=True):
            took = timed(act)
            if number >= 0:
                kept.append(took)
    return times


def queries(act: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def expect(status: int, response) -> None:
    if response.status_code != status:
        raise SystemExit(f"expected {status}, got {response.status_code}")


def measure(rounds: int = 300) -> dict[str, float]:
    """Medians and 95th percentiles in milliseconds, their ratios, and queries."""
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "RATE_LIMIT": 10**9,
        "FORM_CEILING": 10**9,
    }
    client, version = Client(), our_form()
    contrib_page("theirs")
    address, data = live.action(version), {"wsl-version": version.number, **ANSWERS}

    def post(address: str, data: dict):
        return client.post(address, urlencode(data), content_type=FORM, **HEADERS)

    def ours() -> None:
        expect(303, post(address, data))

    def theirs(status: int = 200) -> None:
        expect(status, post("/theirs/", ANSWERS))

    def ours_with_page() -> None:
        ours()
        expect(200, client.get(f"/ours/?lead-form={version.form.key}"))

    def theirs_with_page() -> None:
        theirs(302)
        expect(200, client.get("/ours/"))

    alone = by_turns(rounds, ours, theirs)
    counts = queries(ours), queries(theirs)
    redirect_after_post()
    with_page = by_turns(rounds, ours_with_page, theirs_with_page)
    return {
        **summary("post", alone),
        **summary("post_with_page", with_page),
        "post_queries_ours": counts[0],
        "post_queries_contrib": counts[1],
    }


def summary(name: str, times: list[list[float]]) -> dict[str, float]:
    medians = [statistics.median(kept) for kept in times]
    p95 = [statistics.quantiles(kept, n=20)[-1] for kept in times]
    return {
        f"{name}_ms_ours": round(medians[0], 2),
        f"{name}_ms_contrib": round(medians[1], 2),
        f"{name}_p95_ms_ours": round(p95[0], 2),
        f"{name}_p95_ms_contrib": round(p95[1], 2),
        f"{name}_ratio": round(medians[0] / medians[1], 3),
    }


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        print(json.dumps(measure(rounds), indent=2))
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
