from __future__ import annotations

import smtplib

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from wagtail.models import Site

from tests.mailing import Refusing
from wagtail_salesforce_leads.models import OrgLane, SalesforceOrg, SalesforceSettings
from wagtail_salesforce_leads.orgs import marks, notices
from wagtail_salesforce_leads.orgs.unavailable import GrantDead

Health = OrgLane.Health


@pytest.fixture
def org(transactional_db):
    org = SalesforceOrg.objects.create(site=Site.objects.get(), org_id="00D0", name="Acme")
    OrgLane.objects.create(org=org)
    return org


@pytest.fixture
def ada(db):
    return User.objects.create_superuser("ada", "ada@example.com")


def test_tell_once_of_a_dead_grant_says_what_happened_and_what_to_do(org, ada):
    User.objects.create_user("eve", "eve@example.com")
    marks.went_down(org, GrantDead("interrupted"))
    for _ in range(3):
        notices.tell_once()
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.com"]
    assert sent.subject == "Salesforce: Acme (production) – Needs reconnecting"
    assert "A refresh was interrupted" in sent.body
    assert "Reconnect this account." in sent.body
    assert (
        f"http://testserver/admin/settings/wagtail_salesforce_leads/salesforcesettings/{org.site_id}/#org-{org.pk}"
        in sent.body
    )


def test_tell_once_speaks_the_recipients_language(org, ada):
    ada.wagtail_userprofile = notices.UserProfile.get_for_user(ada)
    ada.wagtail_userprofile.preferred_language = "ja"
    ada.wagtail_userprofile.save()
    assert notices.recipients(org.site) == [notices.Recipient("ada@example.com", "ja")]


def test_tell_once_writes_to_whom_the_site_names(org, ada):
    SalesforceSettings.objects.create(
        site=org.site, digest_recipients="crm@example.com\nsales@example.com\n"
    )
    marks.mark(org, Health.COPY, "copy")
    notices.tell_once()
    assert [sent.to for sent in mail.outbox] == [["crm@example.com"], ["sales@example.com"]]


@pytest.mark.parametrize(
    "text",
    [
        "crm@example.com, sales@example.com",
        "crm@example.com sales@example.com,",
        "crm@example.com、sales@example.com",
        "crm@example.com;\r\nsales@example.com\r\n",
    ],
)
def test_recipients_may_be_separated_by_commas_or_blanks(org, text):
    SalesforceSettings.objects.create(site=org.site, digest_recipients=text)
    found = [recipient.address for recipient in notices.recipients(org.site)]
    assert found == ["crm@example.com", "sales@example.com"]


def test_settings_with_a_mistyped_address_are_not_saved(org):
    mistyped = SalesforceSettings(site=org.site, digest_recipients="crm@example.com, sales@")
    with pytest.raises(ValidationError) as refused:
        mistyped.full_clean()
    assert refused.value.message_dict == {
        "digest_recipients": ["“sales@” is not an e-mail address."]
    }
    SalesforceSettings(site=org.site, digest_recipients="crm@example.com\n").full_clean()
    SalesforceSettings(site=org.site).full_clean()


@pytest.mark.parametrize("error", [ValueError, smtplib.SMTPRecipientsRefused])
def test_tell_once_where_one_address_is_refused_reaches_the_others(
    org, ada, monkeypatch, caplog, error
):
    SalesforceSettings.objects.create(
        site=org.site, digest_recipients="sato@example.com crm@example.com"
    )
    server = Refusing("sato@example.com", error)
    monkeypatch.setattr(notices, "send_mail", server)
    marks.mark(org, Health.COPY, "copy")
    notices.tell_once()
    assert server.reached == ["crm@example.com"]
    assert error.__name__ in caplog.text
    assert "sato" not in caplog.text


def test_tell_once_again_only_for_news(org, ada):
    marks.mark(org, Health.RECONNECT, "expired")
    notices.tell_once()
    marks.mark(org, Health.RECONNECT, "expired")
    notices.tell_once()
    assert len(mail.outbox) == 1
    marks.came_back(org)
    marks.mark(org, Health.RECONNECT, "inactive_user")
    notices.tell_once()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("health", [Health.HEALTHY, Health.UNREACHABLE, Health.IDLE])
def test_tell_once_leaves_what_heals_by_itself_alone(org, ada, health):
    marks.mark(org, health)
    notices.tell_once()
    assert mail.outbox == []


def test_tell_once_of_a_disconnected_org_says_nothing(org, ada):
    marks.mark(org, Health.RECONNECT, "expired")
    SalesforceOrg.objects.update(state=SalesforceOrg.State.DISCONNECTED)
    notices.tell_once()
    assert mail.outbox == []
