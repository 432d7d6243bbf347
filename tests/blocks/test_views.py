from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test.utils import override_script_prefix
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, Site

from sandbox.salesforce.launch import Simulator
from tests.simulator.conftest import salesforce, salesforce_process  # noqa: F401
from tests.site.models import LandingPage
from wagtail_salesforce_leads.models import LeadSubmission, SalesforceGrant, SalesforceOrg

from .acme import connect

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def org(settings, salesforce: Simulator) -> SalesforceOrg:  # noqa: F811
    return connect(salesforce, settings)


@pytest.fixture
def home() -> Page:
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def editor(client, home):
    """May edit the pages of the default site."""
    user = get_user_model().objects.create_user("editor", password="pass")
    group = Group.objects.create(name="Editors of home")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(codename="change_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=home, permission=change)
    user.groups.add(group)
    client.force_login(user)
    return client


@pytest.fixture
def stranger(client):
    """Reaches the admin, and may edit no page."""
    user = get_user_model().objects.create_user("stranger", password="pass")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client


def ask(client, name: str, **parameters):
    return client.get(reverse(f"wagtail_salesforce_leads_editor:{name}"), parameters)


def post(client, name: str, **body):
    url = reverse(f"wagtail_salesforce_leads_editor:{name}")
    return client.post(url, json.dumps(body), content_type="application/json")


def edit_path(home: Page) -> str:
    page = home.add_child(instance=LandingPage(title="LP", slug="lp"))
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_orgs_of_a_page_are_those_of_its_site(editor, org, home):
    other = Site.objects.create(hostname="other.example", root_page=Page.get_first_root_node())
    SalesforceOrg.objects.create(site=other, org_id="00D000000000009AAA", name="Other")
    found = ask(editor, "orgs", **{"from": edit_path(home)}).json()["orgs"]
    assert found == [{"id": str(org.pk), "name": "Acme KK (production)"}]


def test_orgs_of_a_page_are_found_under_a_script_name(editor, org, home):
    url = reverse("wagtail_salesforce_leads_editor:orgs")
    with override_script_prefix("/shop/"):
        found = editor.get(url, {"from": edit_path(home)}).json()["orgs"]
    assert [each["id"] for each in found] == [str(org.pk)]


def test_orgs_names_a_disconnected_choice(editor, org, home):
    SalesforceOrg.objects.update(state=SalesforceOrg.State.DISCONNECTED)
    found = ask(editor, "orgs", account=org.pk, **{"from": edit_path(home)}).json()["orgs"]
    assert [each["id"] for each in found] == [str(org.pk)]
    assert "disconnected" in found[0]["name"]


def test_orgs_tells_a_stranger_nothing(stranger, org, home):
    answer = ask(stranger, "orgs", account=org.pk, **{"from": edit_path(home)})
    assert answer.json() == {"orgs": []}


@pytest.mark.parametrize("name", ["properties", "campaigns", "statuses"])
@pytest.mark.parametrize("pk", ["own", "999", "x", ""])
def test_ask_of_an_org_that_is_not_ours_finds_nothing(stranger, org, name, pk):
    asked = org.pk if pk == "own" else pk
    assert ask(stranger, name, org=asked).status_code == 404


def test_ask_without_signing_in_goes_to_the_login(client, org):
    assert ask(client, "properties", org=org.pk).status_code == 302


def test_properties_say_what_fits_and_what_is_required(editor, org):
    answer = ask(editor, "properties", org=org.pk).json()
    properties = {each["name"]: each for each in answer["properties"]}
    assert [name for name, each in properties.items() if each["required"]] == [
        "LastName",
        "Company",
    ]
    assert properties["Email"]["fields"] == ["single_line", "email", "hidden", "constant"]
    assert properties["LastName"]["note"] == "text, up to 80"
    assert properties["Description"]["note"] == "long text area, up to 32,000"
    assert properties["Office__c"]["refused"] == "depends on Region__c, not supported"
    assert {"value": "Web", "label": "Web"} in answer["leadSources"]
    assert answer["asOf"].startswith("as of ")
    assert answer["message"] == ""


def test_properties_do_not_offer_the_submission_id_field(editor, org):
    SalesforceOrg.objects.update(submission_id_field="Wagtail_Submission_Id__c")
    answer = ask(editor, "properties", org=org.pk).json()
    refused = {each["name"]: each["refused"] for each in answer["properties"]}
    assert refused["Wagtail_Submission_Id__c"] == "holds the submission's id"


def test_properties_refreshed_show_a_new_field_at_once(editor, org, salesforce):  # noqa: F811
    ask(editor, "properties", org=org.pk)
    field = {"name": "New__c", "label": "New", "type": "string", "length": 10}
    salesforce.schema("add", field)
    assert "New__c" in post(editor, "properties", org=org.pk).content.decode()


def test_properties_while_salesforce_is_away_are_the_known_ones(
    editor,
    org,
    salesforce,  # noqa: F811
):
    salesforce.fault("html_503", times=0)
    answer = ask(editor, "properties", org=org.pk).json()
    assert answer["properties"] == []
    assert answer["message"] == "Salesforce does not answer just now. Try again in a moment."


def test_campaigns_are_searched_on_the_server(editor, org):
    found = ask(editor, "campaigns", org=org.pk, q="展示会").json()
    assert [each["name"] for each in found["campaigns"]] == ["春の展示会 2027"]
    assert found["more"] is False


def test_campaigns_with_signs_that_mean_something_in_queries(editor, org):
    found = ask(editor, "campaigns", org=org.pk, q="%_off & more: Bob's").json()
    assert len(found["campaigns"]) == 1


def test_campaigns_while_salesforce_is_away_say_so(editor, org, salesforce):  # noqa: F811
    salesforce.fault("html_503", times=0)
    answer = ask(editor, "campaigns", org=org.pk, q="")
    assert answer.status_code == 503
    assert "does not answer" in answer.json()["message"]


def test_statuses_are_the_campaigns_own(editor, org, salesforce):  # noqa: F811
    campaign = salesforce.campaign("Spring fair 2027")
    answer = ask(editor, "statuses", org=org.pk, campaign=campaign).json()
    assert answer == {
        "campaign": {"name": "Spring fair 2027", "isActive": True},
        "statuses": [{"label": "Invited"}, {"label": "Registered"}, {"label": "Attended"}],
    }


@pytest.mark.parametrize("campaign", ["7015g0000009999AAA", "' OR Id != '", ""])
def test_statuses_of_a_campaign_that_is_gone_are_none(editor, org, campaign):
    ask(editor, "properties", org=org.pk)
    answer = ask(editor, "statuses", org=org.pk, campaign=campaign)
    assert answer.json() == {"campaign": None, "statuses": []}


def test_statuses_while_salesforce_is_away_do_not_call_the_campaign_gone(
    editor,
    org,
    salesforce,  # noqa: F811
):
    campaign = salesforce.campaign("Spring fair 2027")
    salesforce.fault("html_503", times=0)
    assert ask(editor, "statuses", org=org.pk, campaign=campaign).status_code == 503


def test_test_lead_of_an_unpublished_form_says_what_to_do(editor, org):
    for key in ("", "x", "1b671a64-40d5-491e-99b0-da01ff1f3341"):
        answer = post(editor, "test_lead", form=key)
        assert answer.status_code == 409
        assert "Publish the form" in answer.json()["message"]
    assert not LeadSubmission.objects.exists()


def test_test_lead_into_an_org_of_others_is_refused(stranger, org, home):
    key = published_form(org, home)
    assert post(stranger, "test_lead", form=key).status_code == 404
    assert not LeadSubmission.objects.exists()


def test_test_lead_of_a_page_that_others_edit_is_refused(editor, org, home):
    """Its key is public, and the account is one for all pages of the site."""
    own = home.add_child(instance=LandingPage(title="Own", slug="own"))
    key = published_form(org, home)
    GroupPagePermission.objects.update(page=own)
    assert post(editor, "test_lead", form=key).status_code == 404
    assert not LeadSubmission.objects.exists()


def test_test_lead_is_marked_and_queued(editor, org, home):
    answer = post(editor, "test_lead", form=published_form(org, home)).json()
    submission = LeadSubmission.objects.get()
    assert str(submission.pk) in answer["url"]
    assert submission.is_test
    assert submission.deliveries.get().lead["LastName"] == "Test"


def published_form(org: SalesforceOrg, home: Page) -> str:
    rows = [
        {"source": "field", "value": "name", "property": "LastName", "inverted": False},
        {"source": "constant", "value": "Acme", "property": "Company", "inverted": False},
        {"source": "constant", "value": "a@b.jp", "property": "Email", "inverted": False},
    ]
    field = {"type": "single_line", "id": "f", "value": {"key": "name", "label": "姓"}}
    salesforce = {"sync": True, "account": str(org.pk), "mapping": rows}  # noqa: F811
    form = {"title": "Contact", "fields": [field], "salesforce": salesforce}
    stream = json.dumps([{"type": "lead_form", "id": "b", "value": form}])
    page = home.add_child(instance=LandingPage(title="Form", slug="form", body=stream))
    return LandingPage.objects.get(pk=page.pk).body[0].value["form_key"]


def test_ask_of_a_copied_database_names_the_cause_and_the_repair(editor, org):
    SalesforceGrant.objects.update(installation="another")
    message = ask(editor, "campaigns", org=org.pk, q="").json()["message"]
    assert "copy" in message
    assert ask(editor, "properties", org=org.pk).json()["message"] == message


def test_compare_two_revisions_of_a_form(admin_client, org, home):
    published_form(org, home)
    page = LandingPage.objects.get(slug="form")
    first = page.save_revision()
    page.body[0].value["salesforce"]["mapping"] = []
    second = page.save_revision()
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk])
    assert admin_client.get(url).status_code == 200
