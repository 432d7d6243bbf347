from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.urls import reverse

from tests.site.models import Offer
from wagtail_salesforce_leads.exceptions import PublishBlocked
from wagtail_salesforce_leads.publishing.middleware import PublishBlockedMiddleware

from .conftest import body, landing, raw_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(rf, django_user_model):
    def make(user=None, **headers):
        request = rf.post("/admin/", headers=headers)
        request.user = user or django_user_model(is_superuser=True, is_active=True)
        request.session = {}
        request._messages = FallbackStorage(request)
        return request

    return make


def answer(request, exception):
    return PublishBlockedMiddleware(lambda request: None).process_exception(request, exception)


def test_other_exceptions_pass(request_of):
    assert answer(request_of(), ValueError()) is None


def test_snippet_leads_to_its_editor_with_message(request_of):
    offer = Offer.objects.create(name="O", live=False)
    request = request_of()
    response = answer(request, PublishBlocked(["One.", "Two."], source=offer))
    edit = reverse(Offer.snippet_viewset.get_url_name("edit"), args=[offer.pk])
    assert (response.status_code, response.url) == (302, edit)
    (message,) = get_messages(request)
    assert str(message).startswith("Not published. One. Two.")


def test_user_who_may_not_edit_is_led_home(request_of, home, django_user_model):
    page = landing(home, body(raw_form()))
    user = django_user_model.objects.create_user("other", "other@example.com", "pass")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    response = answer(request_of(user), PublishBlocked("No.", source=page))
    assert response.url == reverse("wagtailadmin_home")


def test_visitor_is_not_led_into_the_admin(request_of, home):
    assert answer(request_of(AnonymousUser()), PublishBlocked("No.", source=home)) is None


@pytest.mark.parametrize(
    "headers", [{"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}]
)
def test_scripts_get_the_errors_as_json(request_of, headers, home):
    response = answer(request_of(**headers), PublishBlocked("No.", source=home))
    assert (response.status_code, response.content) == (422, b'{"errors": ["No."]}')


def test_message_shows_titles_as_text(request_of, home):
    """A form's title is an editor's text, and the message is put into a page."""
    request = request_of()
    answer(request, PublishBlocked("<b>bold</b>: No.", source=home))
    (message,) = get_messages(request)
    assert "<b>" not in str(message)
