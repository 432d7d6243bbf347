"""A live page with a form, its version as a test wants it, and how a browser posts to it."""

from __future__ import annotations

import json
import uuid

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Site

from tests.site.models import LandingPage
from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion, OrgLane, SalesforceOrg

#: What Chromium sends with a form on a page of the same https site.
BROWSER = {
    "HTTP_SEC_FETCH_SITE": "same-origin",
    "HTTP_ORIGIN": "http://testserver",
    "HTTP_ACCEPT_LANGUAGE": "en",
    "HTTP_ACCEPT": "text/html",
}
SCRIPT = {**BROWSER, "HTTP_ACCEPT": "application/json"}


def field(key: str, type: str = "single_line", **overrides) -> dict:
    blank = {"help_text": "", "required": False, "default": "", "placeholder": ""}
    named = {"key": key, "type": type, "label": key.title(), "autocomplete": "", "choices": []}
    return {**named, **blank, "limits": {}, **overrides}


def choices(*labels: str) -> list[dict]:
    return [{"value": label.lower(), "label": label} for label in labels]


def row(value: str, name: str, type_: str = "text", *, source: str = "field", **spec) -> dict:
    described = {"name": name, "label": name, "type": type_, "choices": [], **spec}
    return {
        "source": source,
        "value": value,
        "property": name,
        "inverted": False,
        "spec": {"max_length": 80, **described},
    }


FIELDS = [field("name", required=True), field("mail", "email", required=True)]
MAPPING = [row("name", "LastName"), row("mail", "Email", "email")]
ANSWERS = {"name": "Lee", "mail": "ann@example.com"}


def make_org(**details) -> SalesforceOrg:
    site = Site.objects.get(is_default_site=True)
    named = {"site": site, "name": "Acme", "org_id": "00D000000000001EAA", **details}
    org = SalesforceOrg.objects.create(**named)
    OrgLane.objects.get_or_create(org=org)
    return org


def make_page(slug: str = "landing", count: int = 1, **details) -> LandingPage:
    """A live page with ``count`` forms, whose fields its versions say."""
    body = [
        {"type": "lead_form", "id": str(uuid.uuid4()), "value": {"form_key": str(uuid.uuid4())}}
        for _ in range(count)
    ]
    page = LandingPage(title=slug.title(), slug=slug, body=json.dumps(body), **details)
    Site.objects.get(is_default_site=True).root_page.add_child(instance=page)
    return page


def publish(source, place: int = 0, fields=FIELDS, mapping=MAPPING, **details) -> LeadFormVersion:
    """A new current version of the source's form."""
    block = source.body[place]
    form, _ = LeadForm.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(source),
        object_id=str(source.pk),
        block_id=block.id,
        defaults={"key": block.value["form_key"], "title": "Contact", "is_open": True},
    )
    form.site = source.get_site() if isinstance(source, Page) else None
    definition = {
        "title": "Contact",
        "fields": list(fields),
        "submit_label": "Send it",
        "success_message": "<p>Thank you so much.</p>",
        "thank_you_page": details.pop("thank_you_page", None),
    }
    form.current_version = form.versions.create(
        number=form.versions.count() + 1,
        digest=uuid.uuid4().hex,
        definition=definition,
        mapping=list(mapping),
        **details,
    )
    form.save()
    return form.current_version


def action(version: LeadFormVersion) -> str:
    return f"/salesforce/forms/{version.form.key}/"


def post(client, version: LeadFormVersion, answers: dict | None = None, **headers):
    """As a browser without script posts the form."""
    data = {"wsl-version": version.number, **(ANSWERS if answers is None else answers)}
    return client.post(action(version), data, **{**BROWSER, **headers})
