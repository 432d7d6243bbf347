# ruff: noqa: F811 - the fixtures of the report are this panel's too
from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from wagtail.models import Page

from tests.reports.conftest import (  # noqa: F401
    admin,
    editor_of,
    org,
    page,
    submit,
    unsynced,
    version,
)
from tests.site.models import LandingPage
from wagtail_salesforce_leads.delivery.upkeep import heartbeats
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceGrant
from wagtail_salesforce_leads.orgs.installation import installation_id
from wagtail_salesforce_leads.panels.home import lines_for

HOME = "/admin/"
State, Hold = Delivery.State, Delivery.Hold


@pytest.fixture
def lane(org):
    return OrgLane.objects.create(org=org)


@pytest.fixture
def needs_reconnecting(lane):
    OrgLane.objects.filter(pk=lane.pk).update(health=OrgLane.Health.RECONNECT)


def text_of(client) -> str:
    return " ".join(client.get(HOME).content.decode().split())


def test_home_with_all_well_says_nothing_in_few_queries(
    admin, lane, submit, django_user_model, django_assert_num_queries
):
    submit()
    submit(State.WAITING)

    heartbeats.beat(heartbeats.SWEEP)
    user = django_user_model.objects.get()
    with django_assert_num_queries(4):
        assert lines_for(user) == []
    assert 'id="wsl-leads"' not in text_of(admin)


@pytest.mark.parametrize(
    ("minutes", "beats", "says"), [(6, False, True), (6, True, False), (4, False, False)]
)
def test_home_names_leads_that_no_worker_looks_for(admin, lane, submit, minutes, beats, says):
    for state in (State.DUE, State.WAITING, State.DONE):
        submit(state)
    Delivery.objects.update(due_at=timezone.now() - timedelta(minutes=minutes))
    if beats:
        heartbeats.beat(heartbeats.SWEEP)
    words = "2 leads wait, and nothing has looked for them for five minutes"
    assert (words in text_of(admin)) is says


def test_home_with_failed_leads_counts_them_and_links_to_them(admin, lane, submit):
    submit(State.FAILED, "STRING_TOO_LONG")
    submit(State.FAILED, "REQUIRED_FIELD_MISSING")

    text = text_of(admin)

    assert '<a href="/admin/lead-submissions/?result=failed">2 leads need you</a>' in text


def test_home_with_a_dead_connection_names_it_with_its_leads_once(
    admin,
    org,
    submit,
    needs_reconnecting,
):
    submit(State.HELD, Hold.RECONNECT)
    submit(State.HELD, Hold.RECONNECT)

    text = text_of(admin)

    assert "2 leads are held because Acme KK needs reconnecting</a>" in text
    assert f"?result=held&amp;account={org.pk}&amp;cause=reconnect" in text
    assert f"#org-{org.pk}" in text
    assert "Acme KK (production): Needs reconnecting" not in text


def test_home_with_suspected_spam_does_not_blame_the_connection(admin, submit, needs_reconnecting):
    submit(State.HELD, Hold.SPAM)

    text = text_of(admin)

    assert "1 lead for Acme KK is held on suspicion of spam" in text
    assert "Acme KK (production): Needs reconnecting" in text


def test_home_with_an_unwell_connection_and_no_leads_names_it(admin, needs_reconnecting):
    assert "Acme KK (production): Needs reconnecting" in text_of(admin)


@pytest.mark.parametrize(
    ("health", "words"),
    [
        ("idle", "Idle"),
        ("permission", "Missing permission"),
        ("api_limit", "Near its API limit"),
        ("unreachable", "Salesforce does not answer"),
        ("copy", "This is a copy"),
    ],
)
def test_home_names_each_kind_of_unwell_connection(admin, lane, health, words):
    OrgLane.objects.update(health=health)
    assert f"Acme KK (production): {words}" in text_of(admin)


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        ({"refreshed_at": timezone.now() - timedelta(days=22)}, "Idle"),
        ({"installation": "elsewhere"}, "This is a copy"),
    ],
)
def test_home_sees_what_no_worker_has_noticed(admin, org, lane, grant, words):
    here = {"installation": installation_id(), "refreshed_at": timezone.now()}
    SalesforceGrant.objects.create(org=org, refresh_token="some", **{**here, **grant})
    assert f"Acme KK (production): {words}" in text_of(admin)


def test_home_of_an_editor_counts_their_own_pages_only(editor_of, page, submit, needs_reconnecting):
    submit(State.FAILED, "STRING_TOO_LONG")
    elsewhere = submit(State.HELD, Hold.RECONNECT)
    other = Page.get_first_root_node().add_child(instance=LandingPage(title="Other", slug="other"))
    type(elsewhere).objects.filter(pk=elsewhere.pk).update(source_id=str(other.pk))

    text = text_of(editor_of(page))

    assert "1 lead needs you" in text
    assert "held because" not in text
    assert "Settings → Salesforce" not in text


def test_home_of_an_editor_names_no_connection_of_settings_closed_to_them(
    editor_of,
    page,
    submit,
    needs_reconnecting,
):
    submit(State.HELD, Hold.RECONNECT)

    text = text_of(editor_of(page))

    assert "1 lead is held because Acme KK needs reconnecting" in text
    assert "/settings/wagtail_salesforce_leads/" not in text


def test_home_of_somebody_without_pages_says_nothing(client, submit, lane, django_user_model):
    submit(State.FAILED, "STRING_TOO_LONG")
    user = django_user_model.objects.create_user("eve")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    assert 'id="wsl-leads"' not in text_of(client)
