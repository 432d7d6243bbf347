from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from wagtail.models import Site
from wagtail.users.models import UserProfile

from tests.mailing import Refusing
from wagtail_salesforce_leads.delivery.upkeep import digest, heartbeats
from wagtail_salesforce_leads.models import (
    Delivery,
    Heartbeat,
    LeadSubmission,
    SalesforceOrg,
    SalesforceSettings,
)

State, Hold = Delivery.State, Delivery.Hold


@pytest.fixture
def ada(db):
    return User.objects.create_superuser("ada", "ada@example.com")


@pytest.fixture
def org(db):
    return SalesforceOrg.objects.create(site=Site.objects.get(), org_id="00D0", name="Acme")


@pytest.fixture
def lead(org):
    """A lead in some state, with answers that no mail may quote."""

    def make(state: str, cause: str = "", *, site: Site | None = org.site, **values) -> Delivery:
        now = timezone.now()
        submission = LeadSubmission.objects.create(
            submitted_at=now, site=site, who="Secret Yamada", answers={"last": "Secret Yamada"}
        )
        return Delivery.objects.create(
            submission=submission,
            org=org,
            state=state,
            cause=cause,
            created_at=now,
            due_at=now,
            lead={"LastName": "Secret Yamada"},
            **values,
        )

    return make


def test_digest_gives_counts_causes_and_links_and_no_answers(lead, ada):
    for _ in range(2):
        lead(State.FAILED, "REQUIRED_FIELD_MISSING")
    lead(State.HELD, Hold.RECONNECT)
    lead(State.DONE)

    digest.send_digests()

    (sent,) = mail.outbox
    assert sent.to == ["ada@example.com"]
    assert sent.subject == "3 leads are not in Salesforce"
    assert "2 × A property that Salesforce requires has no value." in sent.body
    assert "1 × The Salesforce account needs reconnecting." in sent.body
    report = "http://testserver/admin/lead-submissions/"
    assert f"{report}?result=failed&cause=REQUIRED_FIELD_MISSING" in sent.body
    assert f"{report}?result=held&cause=reconnect" in sent.body
    assert "Yamada" not in sent.body + sent.subject


def test_digest_while_all_is_well_is_not_sent(lead, ada):
    lead(State.DONE)
    lead(State.WAITING)
    lead(State.FAILED, "replaced", is_current=False)
    lead(State.HELD, Hold.SPAM)

    digest.send_digests()

    assert mail.outbox == []


def test_digest_twice_a_day_is_sent_once(lead, ada):
    lead(State.FAILED, "REQUIRED_FIELD_MISSING")

    digest.send_digests()
    digest.send_digests()
    assert len(mail.outbox) == 1

    yesterday = timezone.now() - timedelta(hours=24)
    Heartbeat.objects.filter(name=heartbeats.DIGEST).update(beat_at=yesterday)
    digest.send_digests()
    assert len(mail.outbox) == 2


def test_digest_speaks_each_recipients_language(lead, ada):
    SalesforceSettings.objects.create(
        site=Site.objects.get(), digest_recipients="ada@example.com\ncrm@example.com"
    )
    UserProfile.objects.create(user=ada, preferred_language="ja")
    lead(State.FAILED, "REQUIRED_FIELD_MISSING")

    digest.send_digests()

    subjects = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert subjects == {
        "ada@example.com": "1件のリードがSalesforceに登録されていません",
        "crm@example.com": "1 lead is not in Salesforce",
    }


def test_digest_recipients_of_the_setting_come_before_users(lead, ada, settings):
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "DIGEST_RECIPIENTS": ("ops@example.com",),
    }
    lead(State.FAILED, "REQUIRED_FIELD_MISSING")

    digest.send_digests()

    assert [sent.to for sent in mail.outbox] == [["ops@example.com"]]


def test_digest_where_one_address_is_refused_reaches_the_others(lead, ada, monkeypatch, caplog):
    SalesforceSettings.objects.create(
        site=Site.objects.get(), digest_recipients="sato@example.com crm@example.com"
    )
    lead(State.FAILED, "REQUIRED_FIELD_MISSING")
    server = Refusing("sato@example.com", ValueError)
    monkeypatch.setattr(digest, "send_mail", server)
    digest.send_digests()

    assert server.reached == ["crm@example.com"]
    assert "ValueError" in caplog.text
    assert "sato" not in caplog.text


def test_digest_of_two_sites_counts_each_for_itself(lead, ada):
    site = Site.objects.get()
    other = Site.objects.create(hostname="other.example", root_page=site.root_page, port=81)
    for each, address in ((site, "one@example.com"), (other, "two@example.com")):
        SalesforceSettings.objects.create(site=each, digest_recipients=address)
    lead(State.FAILED, "REQUIRED_FIELD_MISSING")
    lead(State.FAILED, "REQUIRED_FIELD_MISSING")
    lead(State.HELD, Hold.CEILING, site=other)

    digest.send_digests()

    assert {sent.to[0]: sent.subject for sent in mail.outbox} == {
        "one@example.com": "2 leads are not in Salesforce",
        "two@example.com": "1 lead is not in Salesforce",
    }


def test_digest_of_a_site_that_is_gone_goes_to_superusers(lead, ada):
    User.objects.create_user("eve", "eve@example.com")
    lead(State.FAILED, "REQUIRED_FIELD_MISSING", site=None)

    digest.send_digests()

    assert [sent.to for sent in mail.outbox] == [["ada@example.com"]]


def test_digest_of_many_causes_names_the_most_frequent(lead, ada):
    for number in range(digest.MOST_CAUSES + 1):
        lead(State.FAILED, f"CODE_{number:02}")
    lead(State.FAILED, "CODE_05")

    digest.send_digests()

    body = mail.outbox[0].body
    assert body.startswith("2 × Salesforce refused the lead (CODE_05).")
    assert "… and 1 more cause." in body
    assert "CODE_10" not in body
