from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from wagtail_salesforce_leads.orgs import tokens


class Command(BaseCommand):
    help = (
        "Encrypts the stored Salesforce tokens and secrets anew with the first of ENCRYPTION_KEYS. "
        "First append the new key on every machine and deploy; then move it to the front, deploy, "
        "and run this; then remove the old key."
    )

    def handle(self, *args, **options) -> None:
        done = tokens.rotate()
        self.stdout.write(f"{done.rotated} secrets encrypted with the first key.")
        if done.unreadable:
            raise CommandError(
                f"{done.unreadable} secrets are readable with none of the keys. "
                "Add the key they were encrypted with, or reconnect their orgs."
            )
