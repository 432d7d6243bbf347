"""An org of the simulator, connected, and forms that send to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Site

from sandbox.salesforce.launch import Simulator
from wagtail_salesforce_leads.delivery import lane, outbox
from wagtail_salesforce_leads.models import (
    Delivery,
    LeadForm,
    LeadFormVersion,
    LeadSubmission,
    SalesforceGrant,
    SalesforceOrg,
)
from wagtail_salesforce_leads.orgs.installation import installation_id
from wagtail_salesforce_leads.orgs.tokens import encrypt
from wagtail_salesforce_leads.signals import lead_failed

SUBMISSION_ID_FIELD = "Wagtail_Submission_Id__c"


@pytest.fixture(scope="session")
def salesforce_process() -> Iterator[Simulator]:
    with Simulator(orgs=2) as simulator:
        yield simulator


@pytest.fixture
def salesforce(salesforce_process, settings, transactional_db) -> Simulator:
    salesforce_process.reset()
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "CLIENT_ID": salesforce_process.client_id,
        "CLIENT_SECRET": salesforce_process.client_secret,
        "EXTRA_HOSTS": (salesforce_process.instance_url(1), salesforce_process.instance_url(2)),
    }
    return salesforce_process


@pytest.fixture
def connect(salesforce) -> Callable[..., SalesforceOrg]:
    def connected(number: int = 1, user: str = "admin", **changes) -> SalesforceOrg:
        token = salesforce.grant(org=number, user=user)
        org_id, user_id = token["id"].split("/")[-2:]
        org = SalesforceOrg.objects.create(
            site=Site.objects.get(),
            org_id=org_id,
            name=f"Acme {number}",
            login_origin=salesforce.login_url,
            instance_url=token["instance_url"],
            user_id=user_id,
            connected_at=timezone.now(),
            **changes,
        )
        SalesforceGrant.objects.create(
            org=org,
            access_token=encrypt(token["access_token"]),
            refresh_token=encrypt(token["refresh_token"]),
            scopes=token["scope"],
            installation=installation_id(),
            refreshed_at=timezone.now(),
        )
        lane.lane_of(org.pk)
        return org

    return connected


@pytest.fixture
def told() -> Iterator[list[tuple[int, str]]]:
    """The deliveries that ``lead_failed`` told of, with their causes."""
    heard: list[tuple[int, str]] = []

    def listen(delivery, **kwargs) -> None:
        heard.append((delivery.pk, delivery.cause))

    lead_failed.connect(listen)
    yield heard
    lead_failed.disconnect(listen)


@pytest.fixture
def org(connect) -> SalesforceOrg:
    """With the submission id field."""
    return connect(submission_id_field=SUBMISSION_ID_FIELD)


@pytest.fixture
def version_of(transactional_db) -> Callable[..., LeadFormVersion]:
    def made(org: SalesforceOrg, **values) -> LeadFormVersion:
        form = LeadForm.objects.create(
            content_type=ContentType.objects.get_for_model(Site),
            object_id=str(uuid.uuid4()),
            site=org.site,
            title="Contact",
            is_open=True,
        )
        return LeadFormVersion.objects.create(
            form=form,
            number=1,
            digest=uuid.uuid4().hex,
            definition={"title": "Contact", "fields": []},
            sync=True,
            org=org,
            **values,
        )

    return made


@pytest.fixture
def submit(version_of) -> Callable[..., Delivery]:
    """A submission as ``submitting`` stores it: ``submit(org, LastName="Yamada")``."""
    versions: dict[tuple, LeadFormVersion] = {}

    def submitted(org: SalesforceOrg, campaign: str = "", status: str = "", **lead) -> Delivery:
        key = org.pk, campaign, status
        if key not in versions:
            versions[key] = version_of(org, campaign_id=campaign, member_status=status)
        version = versions[key]
        submission = LeadSubmission.objects.create(
            form=version.form,
            version=version,
            site=org.site,
            submitted_at=timezone.now(),
            form_title="Contact",
        )
        values = {"LastName": "Yamada", "Company": "Acme", **lead}
        delivery = outbox.enqueue(submission, version, values)
        delivery.refresh_from_db()
        return delivery

    return submitted
