"""For cron, on a site without a cluster: ``* * * * * manage.py salesforce_deliver``."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wagtail_salesforce_leads.delivery.sending import rota
from wagtail_salesforce_leads.delivery.upkeep import heartbeats, sweeping
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.models.leases import in_transaction


class Command(BaseCommand):
    help = "Sends all leads that are due, and looks up those that got no answer."

    def add_arguments(self, parser):
        parser.add_argument(
            "--seconds", type=float, default=3600, help="Stop after about this many seconds."
        )

    def handle(self, *args, seconds, **options):
        if in_transaction(Delivery):
            raise CommandError(_("Leads cannot be sent inside a transaction."))
        for org_pk in sweeping.sweep():
            rota.take_turns(first=org_pk, seconds=seconds)
        heartbeats.beat(heartbeats.SWEEP)
        if options["verbosity"]:
            self.stdout.write(self._summary())

    def _summary(self) -> str:
        left = Delivery.objects.unsettled().count()
        return _("%(count)d leads are still to be sent.") % {"count": left}
