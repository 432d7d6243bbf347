"""Takes the pictures: each state in two languages, in both schemes, wide and on a phone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from wagtail.users.models import UserProfile

from . import cards, editor, leads
from .stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATES = {**editor.STATES, **cards.STATES, **leads.STATES}


@pytest.fixture
def stage(admin, wagtail_site, settings, salesforce, live_server) -> Stage:
    settings.WAGTAILADMIN_BASE_URL = live_server.url
    return Stage(admin, wagtail_site, settings, salesforce)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", STATES)
def test_picture(stage, name, language):
    UserProfile.objects.create(user=User.objects.get(), preferred_language=language)
    shown = STATES[name](stage)
    assert list(stage.pictures(shown, f"{name}.{language}")) == [], "wider than the screen"
