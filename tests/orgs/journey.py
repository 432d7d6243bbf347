"""A person's way to Salesforce and back, as far as our side sees it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from tests.orgs.salesforce_side import LOGIN
from wagtail_salesforce_leads.models import SalesforceOrg

CALLBACK = "/admin/salesforce/callback/"


def set_out(browser: Client, site: Site, **form) -> dict[str, str]:
    """Press Continue with Salesforce. Returns the query that Salesforce is asked with."""
    url = reverse("wagtail_salesforce_leads_orgs:connect", args=[site.pk])
    return query_of(browser.post(url, {"login": LOGIN, **form}))


def set_out_again(browser: Client, org: SalesforceOrg) -> dict[str, str]:
    return query_of(browser.post(reverse("wagtail_salesforce_leads_orgs:reconnect", args=[org.pk])))


def query_of(response) -> dict[str, str]:
    assert response.status_code == 302, response.content
    return dict(parse_qsl(urlsplit(response.url).query))


def come_back(browser: Client, asked: dict[str, str], **reply) -> str:
    """Follow Salesforce's redirect. Returns the screen that the person then sees."""
    query = {"state": asked["state"], **(reply or {"code": "the-code"})}
    response = browser.get(CALLBACK, query, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def connect(browser: Client, site: Site, **form) -> SalesforceOrg:
    come_back(browser, set_out(browser, site, **form))
    return SalesforceOrg.objects.latest("pk")
