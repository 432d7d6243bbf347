from __future__ import annotations

import itertools

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Site

from tests.site.models import LandingPage
from wagtail_salesforce_leads.delivery.outbox import enqueue
from wagtail_salesforce_leads.models import (
    Delivery,
    LeadForm,
    LeadFormVersion,
    LeadSubmission,
    SalesforceOrg,
)

LEAD_ID = "00Q5g00000AAAAAEA4"
FIELDS = [
    {"key": "last", "type": "single_line", "label": "姓"},
    {"key": "email", "type": "email", "label": "E-mail"},
    {"key": "site", "type": "url", "label": "Website"},
    {"key": "question", "type": "multi_line", "label": "Question"},
]
MAPPING = [
    {"source": "field", "value": "last", "property": "LastName", "inverted": False, "spec": None},
    {"source": "field", "value": "email", "property": "Email", "inverted": False, "spec": None},
    {"source": "constant", "value": "Acme", "property": "Company", "inverted": False, "spec": None},
]


@pytest.fixture
def org(db):
    return SalesforceOrg.objects.create(
        site=Site.objects.get(),
        org_id="00D5g000000AAAAEA4",
        name="Acme KK",
        login_origin="https://acme.my.salesforce.com",
        instance_url="https://acme.my.salesforce.com",
    )


@pytest.fixture
def page(db):
    return Page.get_first_root_node().add_child(instance=LandingPage(title="Spring LP", slug="lp"))


@pytest.fixture
def version(org, page):
    form = LeadForm.objects.create(
        content_type=ContentType.objects.get_for_model(LandingPage),
        object_id=str(page.pk),
        block_id="b1",
        title="資料請求",
        site=org.site,
        is_open=True,
    )
    version = LeadFormVersion.objects.create(
        form=form,
        number=7,
        digest="d7",
        definition={"title": "資料請求", "fields": FIELDS},
        sync=True,
        org=org,
        campaign_id="7015g000000AAAAEA4",
        campaign_name="Spring fair",
        member_status="Registered",
        mapping=MAPPING,
    )
    form.current_version = version
    form.save()
    return version


@pytest.fixture
def unsynced(version):
    """The same form as it was published with lead sync off."""
    return version.form.versions.create(
        number=6, digest="d6", definition=version.definition, sync=False
    )


@pytest.fixture
def submit(version, unsynced, page):
    """Makes a submission, delivered or not: ``submit(state="failed", cause="…", last="…")``."""
    numbers = itertools.count(1)

    def make(state: str | None = Delivery.State.DONE, cause: str = "", fields=(), **answers):
        answers = {"last": "山田", "email": f"v{next(numbers)}@example.com", **answers}
        submission = LeadSubmission.objects.create(
            form=version.form,
            version=version if state else unsynced,
            site=version.org.site,
            submitted_at=timezone.now(),
            answers=answers,
            who=f"{answers['last']} {answers['email']}",
            form_title="資料請求",
            page_title=page.title,
            page_url="https://example.jp/lp/",
            source_model=page._meta.label_lower,
            source_id=str(page.pk),
        )
        if state is not None:
            delivery = enqueue(
                submission,
                version,
                {"LastName": answers["last"], "Email": answers["email"], "Company": "Acme"},
            )
            done = {"lead_id": f"{LEAD_ID[:7]}{submission.pk:08d}EA4"} if state == "done" else {}
            Delivery.objects.filter(pk=delivery.pk).update(
                state=state, cause=cause, cause_fields=list(fields), **done
            )
        return submission

    return make


@pytest.fixture
def admin(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("admin", "a@example.com", "x"))
    return client


@pytest.fixture
def editor_of(client):
    """Signs an editor in who may change the given page and nothing else."""

    def sign_in(page):
        group = Group.objects.create(name="Some editors")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        GroupPagePermission.objects.create(
            group=group, page=page, permission=Permission.objects.get(codename="change_page")
        )
        user = get_user_model().objects.create_user("editor", "e@example.com", "x")
        user.groups.add(group)
        client.force_login(user)
        return client

    return sign_in
