from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import GroupPagePermission, Locale, Page, Site

from sandbox.home.models import LandingPage

CONTENT = Path(__file__).resolve().parents[2] / "content.json"
ADMIN, EDITOR = ("admin", "admin"), ("editor", "editor")


class Command(BaseCommand):
    help = "Fills an empty sandbox with pages and people; leaves a filled one alone."

    @transaction.atomic
    def handle(self, **options):
        if LandingPage.objects.exists():
            return
        self.make_people()
        self.make_pages()

    def make_people(self) -> None:
        User = get_user_model()
        User.objects.create_superuser(ADMIN[0], "admin@example.com", ADMIN[1])
        editor = User.objects.create_user(EDITOR[0], "editor@example.com", EDITOR[1])
        group = Group.objects.get(name="Editors")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        editor.groups.add(group)

    def make_pages(self) -> None:
        root = Page.get_first_root_node()
        root.get_children().filter(slug="home").delete()
        root.refresh_from_db()
        english, japanese = (
            LandingPage(slug=slug, **page) for slug, page in json.loads(CONTENT.read_text()).items()
        )
        japanese.locale, _ = Locale.objects.get_or_create(language_code="ja")
        home = root.add_child(instance=english)
        home.add_child(instance=japanese)
        for page in (english, japanese):
            page.save_revision().publish()
        host, _, port = settings.SITE_URL.partition("://")[2].partition(":")
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": host,
                "port": port or 80,
                "root_page": home,
                "site_name": "Sandbox",
            },
        )
        publish = Permission.objects.get(
            content_type__app_label="wagtailcore", codename="publish_page"
        )
        GroupPagePermission.objects.get_or_create(
            group=Group.objects.get(name="Editors"), page=root, permission=publish
        )
