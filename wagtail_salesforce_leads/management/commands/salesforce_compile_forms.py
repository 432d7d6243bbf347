"""Opens lead forms that went live without being published, as data migrations make them."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from wagtail_salesforce_leads.models.primary import on_primary
from wagtail_salesforce_leads.publishing.contents import holders
from wagtail_salesforce_leads.publishing.first_use import compile_stored


class Command(BaseCommand):
    help = "Compiles the lead forms of all live pages and snippets. Safe to run at any time."

    def handle(self, *args, **options) -> None:
        compiled = 0
        for model in holders():
            for pk in list(on_primary(model).values_list("pk", flat=True)):
                compiled += len(compile_stored(model, pk))
        self.stdout.write(f"{compiled} lead forms are open.")
