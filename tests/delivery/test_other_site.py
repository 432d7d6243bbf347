"""A lead goes to the accounts of its own site only, however it came to be due for another."""

from __future__ import annotations

from wagtail.models import Page, Site

from wagtail_salesforce_leads.delivery import outbox
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery, SalesforceOrg

HELD = (Delivery.State.HELD, outbox.ORG_OF_ANOTHER_SITE)


def move_to_another_site(org: SalesforceOrg) -> None:
    site = Site.objects.create(hostname="other.example", root_page=Page.objects.get(depth=1))
    SalesforceOrg.objects.filter(pk=org.pk).update(site=site)
    org.refresh_from_db()


def test_lead_of_one_site_is_not_put_in_for_the_account_of_another(org, submit):
    submission = submit(org).submission
    version = submission.version
    move_to_another_site(org)
    version.refresh_from_db()
    delivery = outbox.enqueue(submission, version, {"LastName": "Yamada"})
    assert (delivery.state, delivery.cause) == HELD


def test_lead_that_is_due_at_the_account_of_another_site_is_held_by_the_worker(
    salesforce, org, submit
):
    delivery = submit(org)
    move_to_another_site(org)
    deliver(org.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cause) == HELD
    assert salesforce.leads(1) == []
