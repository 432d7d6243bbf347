"""What a site's own tests are given."""

from __future__ import annotations

import socket

import pytest

from tests.publishing.conftest import body, home, landing, raw_form, synced_form  # noqa: F401
from tests.site.models import Offer
from wagtail_salesforce_leads import testing
from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.exceptions import PublishBlocked

pytestmark = pytest.mark.django_db
CAMPAIGN = "701000000000001AAA"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refused(*args, **kwargs):
        raise AssertionError("a test called out")

    monkeypatch.setattr(socket, "create_connection", refused)


def publish(home, form):  # noqa: F811
    page = landing(home, body(form))
    page.save_revision().publish()
    return page


def test_submitted_form_is_queued_as_the_lead_it_will_be(client, home):  # noqa: F811
    org = testing.connect_org(campaigns={CAMPAIGN: ["Sent", "Registered"]})
    page = publish(home, synced_form(org, campaign=CAMPAIGN, lead_status="Registered"))
    answer = testing.submit(client, page, name="Yamada", mail="hanako@example.jp")
    assert answer.status_code == 303
    assert testing.queued_leads(org) == [
        {"LastName": "Yamada", "Email": "hanako@example.jp", "Company": "Acme"}
    ]


def test_invalid_answers_queue_nothing(client, home):  # noqa: F811
    org = testing.connect_org()
    page = publish(home, synced_form(org))
    assert testing.submit(client, page, name="Yamada").status_code == 422
    assert testing.queued_leads(org) == []


def test_several_forms_are_told_apart_by_their_place(client, home):  # noqa: F811
    org = testing.connect_org()
    page = landing(home, body(raw_form("First"), synced_form(org, "Second")))
    page.save_revision().publish()
    assert [testing.form_of(page, place).title for place in (0, 1)] == ["First", "Second"]
    testing.submit(client, page, place=1, name="Yamada", mail="hanako@example.jp")
    assert len(testing.queued_leads(org)) == 1


def test_form_in_a_snippet_is_submitted_as_often_as_a_test_wants(client, home):  # noqa: F811
    org = testing.connect_org()
    offer = Offer.objects.create(pk=home.pk, name="Offer", body=body(synced_form(org)))
    for number in range(settings.RATE_LIMIT + 1):
        answer = testing.submit(client, offer, name=f"Visitor {number}", mail="ann@example.com")
        assert answer.status_code == 303
    assert len(testing.queued_leads(org)) == settings.RATE_LIMIT + 1


def test_publishing_is_checked_as_on_the_real_site(home):  # noqa: F811
    org = testing.connect_org()
    with pytest.raises(PublishBlocked):
        publish(home, synced_form(org, mapping=[]))


def test_own_fields_are_offered_to_forms(client, home, rf):  # noqa: F811
    org = testing.connect_org(fields=[testing.lead_field("Room__c", length=20, label="Room")])
    mapping = [
        {"source": "field", "value": "mail", "property": "Email"},
        {"source": "field", "value": "name", "property": "Room__c"},
    ]
    page = publish(home, synced_form(org, mapping=mapping))
    testing.submit(client, page, name="R12", mail="hanako@example.jp")
    assert testing.queued_leads(org) == [{"Room__c": "R12", "Email": "hanako@example.jp"}]
    too_long = testing.submit(client, page, name="R" * 21, mail="hanako@example.jp")
    assert too_long.status_code == 422
