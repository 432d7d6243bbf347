"""Each refusal from the side of an honest visitor: what their browser and a proxy make of a request
gets them through, and where they are refused they read why and lose nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from wagtail_salesforce_leads.models import Delivery, LeadFormVersion, LeadSubmission

from . import live

pytestmark = pytest.mark.django_db

GONE = {"HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": ""}
VISITORS = {
    "https": {},
    "plain http": {"HTTP_SEC_FETCH_SITE": ""},
    "another port": {"HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "http://testserver:8000"},
    "TLS ends at the proxy": {"HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "https://testserver"},
    "proxy rewrites the host": {
        **{"HTTP_HOST": "app:8000", "HTTP_ORIGIN": "https://shop.example"},
        "HTTP_SEC_FETCH_SITE": "",
    },
    "proxy in a private network": {
        **{"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "203.0.113.7"},
    },
    "no referrer": {"HTTP_ORIGIN": "null"},
    "no referrer on plain http": {"HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "null"},
    "proxy drops what it does not know": GONE,
}
#: Nothing says that they were on the private page itself, so it stays shut.
UNKNOWN_ORIGIN = {
    *("no referrer on plain http", "proxy drops what it does not know"),
    "proxy rewrites the host",
}
SCRIPTS = pytest.mark.parametrize("accept", ["text/html", "application/json"])


@pytest.fixture(params=VISITORS)
def visitor(request, version) -> dict[str, str]:
    Site.objects.update(hostname="shop.example")
    Site.clear_site_root_paths_cache()
    headers = {**live.BROWSER, **VISITORS[request.param]}
    return {name: value for name, value in headers.items() if value}


def post(client, version, visitor, accept="text/html", **answers):
    data = {"wsl-version": version.number, **live.ANSWERS, **answers}
    return client.post(live.action(version), data, **{**visitor, "HTTP_ACCEPT": accept})


def said(response) -> str:
    return response.content.decode()


@SCRIPTS
def test_visitor_gets_through_and_is_no_spam(client, version, visitor, accept):
    assert post(client, version, visitor, accept).status_code in (200, 303)
    submission = LeadSubmission.objects.get()
    assert submission.spam == LeadSubmission.Spam.NONE
    assert submission.deliveries.get().state == Delivery.State.DUE


@SCRIPTS
def test_visitor_of_a_private_page_gets_through_where_anything_tells_the_page(
    client, version, page, visitor, accept, admin_user, request
):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    client.force_login(admin_user)
    status = post(client, version, visitor, accept).status_code
    is_unknown = request.node.callspec.params["visitor"] in UNKNOWN_ORIGIN
    assert status == 403 if is_unknown else status in (200, 303)
    with_referrer = {**visitor, "HTTP_REFERER": f"http://{visitor.get('HTTP_HOST', 'testserver')}/"}
    if "HTTP_ORIGIN" not in visitor:
        assert post(client, version, with_referrer, accept).status_code in (200, 303)


def test_visitor_of_a_cached_page_that_is_too_old_keeps_what_was_typed(client, version, visitor):
    live.publish(version.form.source.specific, fields=[*live.FIELDS, live.field("firm")])
    past = timezone.now() - timedelta(days=30)
    LeadFormVersion.objects.filter(pk=version.pk).update(superseded_at=past)
    response = post(client, version, visitor)
    assert response.status_code == 422
    assert "This form has changed" in said(response)
    assert 'value="Lee"' in said(response)


def test_visitor_with_a_wrong_answer_keeps_the_others(client, version, visitor):
    response = post(client, version, visitor, mail="ann")
    assert response.status_code == 422
    assert 'value="Lee"' in said(response)
    assert 'value="ann"' in said(response)


def test_visitor_who_is_too_fast_reads_when_and_keeps_what_was_typed(
    client, version, visitor, site_settings
):
    site_settings(RATE_LIMIT=1)
    post(client, version, visitor)
    response = post(client, version, visitor, name="Kim")
    assert response.status_code == 429
    assert "try again in a minute" in said(response)
    assert 'value="Kim"' in said(response)


@SCRIPTS
def test_visitor_of_a_closed_form_reads_so(client, version, visitor, accept):
    version.form.is_open = False
    version.form.save()
    response = post(client, version, visitor, accept)
    assert response.status_code == 410
    assert "This form is closed." in said(response)


@SCRIPTS
def test_visitor_with_more_than_the_server_reads_is_told(
    client, version, visitor, accept, settings
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = post(client, version, visitor, accept, name="x" * 2000)
    assert response.status_code == 413
    assert "too long" in said(response)


def test_visitor_who_opens_the_address_comes_to_the_page(client, version, visitor):
    response = client.get(live.action(version), **visitor)
    assert response.status_code == 303
    assert "/landing/#lead-form-" in response["Location"]
