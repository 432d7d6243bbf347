"""For the tests of a site that uses this package: an account that needs no Salesforce.

    def test_contact_form_asks_for_a_call(client):
        org = connect_org()
        page = make_contact_page(account=org.pk)  # yours; published
        submit(client, page, last_name="Yamada", email="hanako@example.jp")
        assert queued_leads(org) == [{"LastName": "Yamada", "Email": "hanako@example.jp"}]

Publishing checks, compiling, validation and mapping are the real ones; nothing leaves the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from .models import Delivery, LeadForm, OrgLane, OrgSchema, SalesforceOrg
from .models.pages import is_page

__all__ = [
    "BROWSER",
    "LEAD_FIELDS",
    "connect_org",
    "form_of",
    "lead_field",
    "queued_leads",
    "submit",
]

Json = dict[str, Any]


def lead_field(name: str, type: str = "string", **more: object) -> Json:
    """A field of Lead as Salesforce's describe has it, with what matters to forms.

    ``type`` is the describe's own: string, email, phone, url, boolean, double, picklist, …
    """
    blank = {"label": name, "length": 0, "nillable": True, "createable": True}
    return {"name": name, "type": type, **blank, **more}


#: The standard fields, LastName and Company required as in every org.
LEAD_FIELDS = (
    lead_field("LastName", length=80, nillable=False),
    lead_field("FirstName", length=40),
    lead_field("Company", length=255, nillable=False),
    lead_field("Title", length=128),
    lead_field("Email", "email", length=80),
    lead_field("Phone", "phone", length=40),
    lead_field("Website", "url", length=255),
    lead_field("Description", "textarea", length=32000),
    lead_field("LeadSource", "picklist", picklistValues=[{"value": "Web", "active": True}]),
    lead_field("HasOptedOutOfEmail", "boolean", nillable=False, defaultedOnCreate=True),
)

#: What every browser says, or it would be suspected of spam; and an address that is not known, so
#: that tests may submit as often as they like.
BROWSER = {"HTTP_ACCEPT_LANGUAGE": "en", "REMOTE_ADDR": ""}


def connect_org(
    site: Site | None = None,
    *,
    fields: Iterable[Json] = (),
    campaigns: Mapping[str, Iterable[str]] | None = None,
    **values: object,
) -> SalesforceOrg:
    """A connected account of ``site`` (by default the default one) that no call ever reaches.

    ``fields``: your org's own, made by :func:`lead_field`. ``campaigns``: id -> its statuses.
    """
    named = {"name": "Acme", "org_id": "00D000000000001EAA", "connected_at": timezone.now()}
    site = site or Site.objects.get(is_default_site=True)
    org = SalesforceOrg.objects.create(site=site, **{**named, **values})
    OrgLane.objects.create(org=org)
    OrgSchema.objects.create(
        org=org,
        lead={"name": "Lead", "createable": True, "fields": [*LEAD_FIELDS, *fields]},
        campaigns={key: _campaign(key, statuses) for key, statuses in (campaigns or {}).items()},
        read_at=timezone.now(),
    )
    return org


def form_of(source: models.Model, place: int = 0) -> LeadForm:
    """The published form of a page or snippet: its only one, or that at ``place``."""
    forms = LeadForm.objects.filter(
        content_type=ContentType.objects.get_for_model(source),
        object_id=str(source.pk),
        is_open=True,
    )
    return forms.select_related("current_version").order_by("pk")[place]


def submit(client: Client, source: models.Model, place: int = 0, **answers: Any) -> HttpResponse:
    """Post the form as a browser without script does; ``answers`` are by field key.

    A redirect (303) says thank you; 422 shows the form again with its errors.
    """
    form = form_of(source, place)
    hidden = {"wsl-version": form.current_version.number}
    if is_page(source):
        hidden["wsl-page"] = source.pk
    address = reverse("wagtail_salesforce_leads:submit", args=[form.key])
    return client.post(address, {**hidden, **answers}, **BROWSER)


def queued_leads(org: SalesforceOrg) -> list[Json]:
    """What the account is going to be sent, oldest first: Lead field -> value.

    Neither what is held, as suspected spam is, nor what failed before it could be sent.
    """
    queued = Delivery.objects.for_org(org).filter(state=Delivery.State.DUE)
    return [delivery.lead for delivery in queued.order_by("pk")]


def _campaign(key: str, statuses: Iterable[str]) -> Json:
    labels = list(statuses)
    return {
        "name": key,
        "is_active": True,
        "statuses": labels,
        "default_status": next(iter(labels), ""),
        "read_at": timezone.now().isoformat(),
    }
