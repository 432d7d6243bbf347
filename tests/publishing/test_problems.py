"""What an editor is told on publishing, with the org's schema as it was last read."""

from __future__ import annotations

import json

import pytest
from django.urls import resolve, reverse
from django.utils import timezone
from wagtail.models import Site

from tests.site.models import LandingPage, Notice
from wagtail_salesforce_leads.models import OrgSchema, SalesforceOrg
from wagtail_salesforce_leads.publishing.editing import remembered
from wagtail_salesforce_leads.publishing.problems import problems_of

from .conftest import body, form_of, landing, synced_form

pytestmark = pytest.mark.django_db

CAMPAIGN = "701000000000001AAA"


def text(name: str, *, required: bool = False, type: str = "string", length: int = 80) -> dict:
    return {
        "name": name,
        "label": name,
        "type": type,
        "length": length,
        "nillable": not required,
        "createable": True,
    }


@pytest.fixture
def known(org) -> SalesforceOrg:
    """The org with a schema read a moment ago, so that nobody is asked."""
    now = timezone.now()
    OrgSchema.objects.create(
        org=org,
        read_at=now,
        lead={
            "fields": [
                text("LastName", required=True),
                text("Company", required=True, length=255),
                text("Email", type="email"),
            ]
        },
        campaigns={
            CAMPAIGN: {
                "name": "Spring fair",
                "is_active": True,
                "statuses": ["Sent"],
                "read_at": now.isoformat(),
            }
        },
    )
    return org


def value_of(raw: dict):
    """As an editor's form would hand it to the block."""
    return LandingPage(body=body(raw)).body[0].value


def codes(raw: dict, site: Site | None = None) -> list[str]:
    return [problem.code for problem in problems_of(value_of(raw), site)]


def test_working_form_has_no_problem(known):
    assert codes(synced_form(known), known.site) == []


def test_schema_and_structure_are_both_told(known):
    raw = synced_form(known, lead_source="Web")
    raw["salesforce"]["mapping"] = raw["salesforce"]["mapping"][:1]
    assert codes(raw) == ["email_unmapped", "required_unfilled", "property_gone"]


def test_status_of_another_campaign_is_told(known):
    campaign = json.dumps({"id": CAMPAIGN, "name": "Spring fair"})
    raw = synced_form(known, campaign=campaign, lead_status="Attended")
    assert codes(raw) == ["status_gone"]


def test_org_never_read_and_silent_blocks_nothing(org):
    """No grant, so it cannot be asked either: the org being away does not block publishing."""
    assert codes(synced_form(org), org.site) == []


@pytest.mark.parametrize("account", ["999999", "not a number", "²"])
def test_account_that_is_gone_is_told(account, org):
    assert codes(synced_form(org, account=account)) == ["account_gone"]


def test_disconnected_account_is_told(known):
    known.state = SalesforceOrg.State.DISCONNECTED
    known.save()
    assert codes(synced_form(known)) == ["account_disconnected"]


def test_account_of_another_site_is_told_by_name(known, home):
    other = Site.objects.create(hostname="other.example", root_page=home)
    (problem,) = problems_of(value_of(synced_form(known)), other)
    assert problem.code == "account_other_site"
    assert "Acme" in problem.message
    assert "other.example" in problem.message


@pytest.mark.parametrize("connected", [True, False])
def test_account_of_another_site_is_not_named_to_whoever_may_not_use_it(
    known, home, rf, django_user_model, connected
):
    other = Site.objects.create(hostname="other.example", root_page=home)
    SalesforceOrg.objects.update(site=other, state="connected" if connected else "disconnected")
    request = rf.post("/")
    request.user = django_user_model.objects.create_user("editor", password="pass")
    with remembered(request):
        (problem,) = problems_of(value_of(synced_form(known)), known.site)
    assert problem.code == "account_gone"
    assert "Acme" not in problem.message


@pytest.fixture
def editor_of_notice(known, rf, django_user_model):
    """A request of somebody with no right on any site, who edits this snippet."""

    def request_for(notice: Notice):
        address = reverse("wagtailsnippets_test_site_notice:edit", args=[notice.pk])
        request = rf.post(address)
        request.resolver_match = resolve(address)
        request.user, _ = django_user_model.objects.get_or_create(username="editor")
        return request

    return request_for


def test_snippet_cannot_take_an_account_its_editor_may_not_use(known, editor_of_notice):
    notice = Notice.objects.create(name="N", body="[]")
    with remembered(editor_of_notice(notice)):
        assert codes(synced_form(known)) == ["account_gone"]


def test_snippet_keeps_the_account_it_was_published_with(known, editor_of_notice):
    notice = Notice.objects.create(name="N", body=body(synced_form(known)))
    other = Notice.objects.create(name="Other", body="[]")
    value = Notice.objects.get(pk=notice.pk).body[0].value
    with remembered(editor_of_notice(notice)):
        assert problems_of(value) == []
    with remembered(editor_of_notice(other)):
        assert [problem.code for problem in problems_of(value)] == ["account_gone"]


def test_site_is_that_of_the_page_being_edited(known, home, rf):
    page = landing(home, "[]")
    Site.objects.create(hostname="other.example", root_page=page)
    Site.clear_site_root_paths_cache()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    request = rf.post(address)
    request.resolver_match = resolve(address)
    with remembered(request):
        assert codes(synced_form(known)) == ["account_other_site"]
    assert codes(synced_form(known)) == []


def test_limits_of_properties_reach_the_public_form(known, home):
    page = landing(home, body(synced_form(known)))
    fields = {f["key"]: f["limits"] for f in form_of(page).current_version.fields}
    assert fields == {
        "name": {"max_length": 80},
        "mail": {"max_length": 80, "email": True},
    }
    mapping = form_of(page).current_version.mapping
    assert mapping[0]["spec"]["label"] == "LastName"


def test_changed_property_makes_a_new_version_on_next_publish(known, home):
    page = landing(home, body(synced_form(known)))
    schema = known.schema
    schema.lead["fields"][0]["length"] = 40
    schema.save()
    page.save_revision().publish()
    version = form_of(page).current_version
    assert (version.number, version.fields[0]["limits"]) == (2, {"max_length": 40})
