"""A draft that names another site's account, published by every way that asks no form."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, GroupSitePermission, Site, Workflow, WorkflowTask

from tests.site.models import LandingPage, Offer
from wagtail_salesforce_leads.exceptions import PublishBlocked
from wagtail_salesforce_leads.models import LeadForm
from wagtail_salesforce_leads.publishing.middleware import remembered

from .conftest import body, form_of, landing, synced_form

pytestmark = pytest.mark.django_db

WORDS = "Whoever saved this draft may not use its account."


@pytest.fixture
def stranger(django_user_model):
    """May write and publish snippets, and has no right on any site."""
    return django_user_model.objects.create_user("stranger")


@pytest.fixture
def keeper(django_user_model, org):
    """May change the Salesforce settings of the account's site."""
    keeper = django_user_model.objects.create_user("keeper")
    group = Group.objects.create(name="Keepers")
    keeper.groups.add(group)
    permission = Permission.objects.get(codename="change_salesforcesettings")
    GroupSitePermission.objects.create(group=group, site=org.site, permission=permission)
    return keeper


def draft_by(user, org, offer: Offer | None = None) -> Offer:
    offer = offer or Offer.objects.create(name="O", body="[]", live=False)
    offer.body = body(synced_form(org))
    offer.save_revision(user=user)
    return offer


def publish(offer) -> None:
    offer.revisions.latest("pk").publish()


def sends_to(offer):
    return LeadForm.objects.of_source(offer).open().get().current_version.org


def test_code_publishing_a_strangers_draft_is_blocked(org, stranger):
    offer = draft_by(stranger, org)
    with pytest.raises(PublishBlocked, match=WORDS):
        publish(offer)
    assert not LeadForm.objects.exists()


def test_code_publishing_the_draft_of_somebody_who_may_sends_there(org, keeper):
    offer = draft_by(keeper, org)
    publish(offer)
    assert sends_to(offer) == org


def test_scheduling_a_strangers_draft_is_blocked(org, stranger):
    offer = Offer.objects.create(name="O", body="[]", live=False)
    offer.go_live_at = timezone.now() + timedelta(hours=1)
    draft_by(stranger, org, offer)
    with pytest.raises(PublishBlocked, match=WORDS):
        publish(offer)
    assert offer.revisions.get().approved_go_live_at is None


@pytest.mark.parametrize("author", ["stranger", "keeper"])
def test_schedule_publishes_what_its_author_may_only(org, author, request):
    """Also one that was approved past us, as a dump from before this rule may be."""
    offer = Offer.objects.create(name="O", body="[]", live=False)
    offer.go_live_at = timezone.now() - timedelta(minutes=1)
    draft_by(request.getfixturevalue(author), org, offer)
    offer.revisions.update(approved_go_live_at=offer.go_live_at)
    if author == "stranger":
        with pytest.raises(PublishBlocked):
            call_command("publish_scheduled", verbosity=0)
        assert not LeadForm.objects.exists()
        assert offer.revisions.get().approved_go_live_at is None  # the next run goes past it
    else:
        call_command("publish_scheduled", verbosity=0)
        assert sends_to(offer) == org


def approve(editor, offer: Offer):
    """As the superuser's dashboard does, which shows no form."""
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    workflow.start(offer, editor.user)
    state = offer.current_workflow_state.current_task_state
    names = "workflow_action", [offer.pk, "approve", state.pk]
    return editor.post(reverse(Offer.snippet_viewset.get_url_name(names[0]), args=names[1]))


def test_approval_of_a_strangers_draft_leads_to_the_editor_with_words(editor, org, stranger):
    offer = draft_by(stranger, org)
    response = approve(editor, offer)
    assert response.url == reverse(Offer.snippet_viewset.get_url_name("edit"), args=[offer.pk])
    messages = editor.get(reverse("wagtailadmin_home")).context["messages"]
    assert WORDS in " ".join(str(message) for message in messages)
    assert not LeadForm.objects.exists()


def test_approval_of_the_draft_of_somebody_who_may_publishes_it(editor, org, keeper):
    offer = draft_by(keeper, org)
    approve(editor, offer)
    assert sends_to(offer) == org


def test_somebody_who_may_saves_a_strangers_draft_anew_and_answers_for_it(org, stranger, keeper):
    offer = draft_by(stranger, org)
    draft_by(keeper, org, offer)
    publish(offer)
    assert sends_to(offer) == org


def test_stranger_goes_on_with_the_account_the_form_was_published_with(org, stranger, keeper):
    offer = draft_by(keeper, org)
    publish(offer)
    offer.body = body(synced_form(org, "New words"))
    offer.save_revision(user=stranger)
    publish(offer)
    assert form_of(offer).current_version.definition["title"] == "New words"
    assert sends_to(offer) == org


def test_stranger_cannot_take_the_account_of_one_form_for_another(org, stranger, keeper):
    offer = draft_by(keeper, org)
    publish(offer)
    offer.body = body(synced_form(org), synced_form(org, "Second"))
    offer.save_revision(user=stranger)
    with pytest.raises(PublishBlocked, match=f"Second: {WORDS}"):
        publish(offer)


def test_draft_of_a_deleted_user_is_answered_for_by_whoever_publishes(org, stranger, keeper, rf):
    """Wagtail keeps the revision and forgets its author."""
    offer = draft_by(stranger, org)
    offer.revisions.update(user=None)
    request = rf.post("/")
    request.user = stranger
    with remembered(request), pytest.raises(PublishBlocked, match=WORDS):
        publish(offer)
    request.user = keeper
    with remembered(request):
        publish(offer)
    assert sends_to(offer) == org


def test_scheduled_draft_of_somebody_shut_out_since_goes_live(org, keeper):
    """It was asked about when it was scheduled; raising now would stop the pages after it too."""
    offer = Offer.objects.create(name="O", body="[]", live=False)
    offer.go_live_at = timezone.now() + timedelta(seconds=1)
    draft_by(keeper, org, offer)
    publish(offer)
    keeper.is_active = False
    keeper.save()
    time.sleep(1)
    call_command("publish_scheduled", verbosity=0)
    assert sends_to(offer) == org


class TestPages:
    @pytest.fixture
    def elsewhere(self, home):
        """A page of another site, without any account."""
        root = home.add_sibling(instance=LandingPage(title="Other", slug="other"))
        Site.objects.create(hostname="other.example", root_page=root)
        Site.clear_site_root_paths_cache()
        return landing(root, "[]", live=False)

    def save_as(self, user, page, org):
        page.body = body(synced_form(org))
        page.save_revision(user=user)

    def test_bulk_publish_of_a_strangers_draft_is_blocked(self, editor, elsewhere, org, stranger):
        self.save_as(stranger, elsewhere, org)
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        editor.post(f"{address}?id={elsewhere.pk}&next=/", {"include_descendants": ""})
        elsewhere.refresh_from_db()
        assert not elsewhere.live
        assert not LeadForm.objects.exists()

    def test_draft_of_somebody_who_may_use_both_goes_live(self, elsewhere, org, keeper):
        """Its leads are held with words."""
        self.save_as(keeper, elsewhere, org)
        publish(elsewhere)
        assert sends_to(elsewhere) == org

    def test_account_of_the_pages_own_site_is_asked_about_nobody(self, home, org, stranger):
        page = landing(home, "[]", live=False)
        self.save_as(stranger, page, org)
        publish(page)
        assert sends_to(page) == org

    def test_page_moved_to_another_site_can_still_be_published(
        self, home, elsewhere, org, stranger
    ):
        page = landing(home, body(synced_form(org)), "moved")
        page.move(elsewhere, "first-child")
        page.refresh_from_db()
        self.save_as(stranger, page, org)
        publish(page)
        assert sends_to(page) == org


@pytest.mark.parametrize("account", ["9" * 5000, "-1", "1.5", "\u0661"])
def test_account_that_is_no_number_of_ours_names_none(org, stranger, account):
    offer = draft_by(stranger, org)
    offer.body = body(synced_form(org, account=account))
    offer.save_revision(user=stranger)
    publish(offer)
    assert sends_to(offer) is None


def test_code_giving_a_live_snippet_an_account_is_trusted(org, stranger):
    """A data migration answers for itself, whoever wrote the revision before it."""
    offer = Offer.objects.create(name="O", body="[]", live=False)
    offer.save_revision(user=stranger).publish()
    offer.refresh_from_db()
    offer.body = body(synced_form(org))
    offer.save()
    assert sends_to(offer) == org
