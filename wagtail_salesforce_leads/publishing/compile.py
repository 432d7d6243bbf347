"""Turns a live form into an immutable version: what visitors answer, and how it is mapped then.

Idempotent: the same content is the same version, also when it comes back after another one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, replace

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.models import DraftStateMixin, Site

from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion, SalesforceOrg
from wagtail_salesforce_leads.models.pages import is_page
from wagtail_salesforce_leads.orgs.schema import schema_of
from wagtail_salesforce_leads.salesforce.describe import LeadProperty

from .contents import HeldForm, forms_of
from .definition import FormContent, Json
from .identity import store_identity
from .limits import limited


def is_live(source: models.Model) -> bool:
    return source.live if isinstance(source, DraftStateMixin) else True


def site_of(source: models.Model) -> Site | None:
    """The page's site. Snippets belong to none, nor do pages outside every site's tree."""
    try:
        return source.get_site() if is_page(source) else None
    except Site.DoesNotExist:
        # Wagtail finds it by root paths that each process may have cached before a site went.
        return None


def compile_source(source: models.Model) -> list[LeadForm]:
    """Compile the lead forms that visitors of ``source`` meet; close its other ones."""
    held = forms_of(source) if is_live(source) else []
    forms = [_compile(source, each) for each in held]
    if any(each.key != form.key for each, form in zip(held, forms, strict=True) if each.block_id):
        # A copy that was published at the same moment took the form's key.
        store_identity(source)
    LeadForm.objects.of_source(source).exclude(pk__in=[form.pk for form in forms]).close()
    return forms


def close_source(source: models.Model) -> None:
    """Close the forms of a deleted object: visitors may no longer submit them."""
    LeadForm.objects.of_source(source).close()


def _compile(source: models.Model, held: HeldForm) -> LeadForm:
    with transaction.atomic():
        form = LeadForm.objects.claim(source, held.block_id, held.key or uuid.uuid4())
        form.title = (held.content.definition["title"] or str(source))[:255]
        form.site = site_of(source)
        form.current_version = version_for(form, held.content)
        form.is_open = True
        form.save(update_fields=["title", "site", "current_version", "is_open"])
    return form


def version_for(form: LeadForm, content: FormContent) -> LeadFormVersion:
    """The form's version with this content, made current; a new one where there was none."""
    org = SalesforceOrg.objects.named_by(content.integration.account)
    compiled = _with_specs(content, org) if content.integration.sync else content
    with transaction.atomic():
        locked = LeadForm.objects.select_for_update().get(pk=form.pk)
        digest = _digest(compiled)
        version = locked.versions.filter(digest=digest).first()
        if version is None:
            version = _new_version(locked, compiled, org, digest)
        _make_current(locked, version)
    return version


def _with_specs(content: FormContent, org: SalesforceOrg | None) -> FormContent:
    """The rows that fill something, each with its property as the org described it at this time."""
    properties = schema_of(org).properties if org else {}
    rows = [row for row in content.mapping if row["property"]]
    specs = {row["property"]: properties.get(row["property"]) for row in rows}
    mapping = [
        {**row, "spec": spec.as_json() if (spec := specs[row["property"]]) else None}
        for row in rows
    ]
    fields = [limited(field, _specs_of(field, rows, specs)) for field in content.fields]
    return replace(content, definition={**content.definition, "fields": fields}, mapping=mapping)


def _specs_of(
    field: Json, rows: list[Json], specs: dict[str, LeadProperty | None]
) -> list[LeadProperty]:
    mapped = [row for row in rows if row["source"] == "field" and row["value"] == field["key"]]
    return [spec for row in mapped if (spec := specs[row["property"]])]


def _digest(content: FormContent) -> str:
    """Of all that a version holds; sorted keys, so that it outlives a database's key order."""
    return hashlib.sha256(json.dumps(asdict(content), sort_keys=True).encode()).hexdigest()


def _new_version(
    form: LeadForm, content: FormContent, org: SalesforceOrg | None, digest: str
) -> LeadFormVersion:
    integration = content.integration
    last = form.versions.aggregate(last=Max("number"))["last"] or 0
    return form.versions.create(
        number=last + 1,
        digest=digest,
        definition=content.definition,
        mapping=content.mapping,
        sync=integration.sync,
        org=org,
        campaign_id=integration.campaign_id,
        campaign_name=integration.campaign_name,
        member_status=integration.lead_status,
        lead_source=integration.lead_source,
    )


def _make_current(form: LeadForm, version: LeadFormVersion) -> None:
    if version.superseded_at is not None:
        version.superseded_at = None
        version.save(update_fields=["superseded_at"])
    form.versions.current().exclude(pk=version.pk).update(superseded_at=timezone.now())
