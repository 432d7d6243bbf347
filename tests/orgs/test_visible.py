from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page, Site

from tests.site.models import LandingPage
from wagtail_salesforce_leads.orgs.visible import may_use


@pytest.fixture
def sites(db) -> tuple[Site, Site]:
    """A site, and another one whose root is a page of the first."""
    outer = Site.objects.get(is_default_site=True)
    inside = outer.root_page.add_child(instance=LandingPage(title="Inside", slug="inside"))
    return outer, Site.objects.create(hostname="inside.example", root_page=inside)


def editor_below(page: Page, users):
    group = Group.objects.create(name=page.title)
    permission = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    editor = users.objects.create_user("editor", password="pass")
    editor.groups.add(group)
    return editor


def test_editor_of_a_site_inside_another_may_not_use_the_outer_ones_orgs(sites, django_user_model):
    outer, inner = sites
    editor = editor_below(inner.root_page, django_user_model)
    assert may_use(editor, inner)
    assert not may_use(editor, outer)


def test_editor_of_the_outer_site_may_use_its_orgs(sites, django_user_model):
    outer, _inner = sites
    page = outer.root_page.add_child(instance=LandingPage(title="Outer", slug="outer"))
    editor = editor_below(page, django_user_model)
    assert may_use(editor, outer)
