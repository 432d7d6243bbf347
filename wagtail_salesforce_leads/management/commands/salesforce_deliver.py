"""For cron, on a site without a cluster: ``* * * * * manage.py salesforce_deliver``."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from wagtail_salesforce_leads.delivery import tasks
from wagtail_salesforce_leads.delivery.sending import rota
from wagtail_salesforce_leads.delivery.upkeep import heartbeats, schedules, sweeping
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.models.leases import in_transaction
from wagtail_salesforce_leads.orgs import notices


class Command(BaseCommand):
    help = (
        "Sends all leads that are due, looks up those that got no answer, and does the upkeep that "
        "is overdue."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--seconds",
            type=float,
            default=3600,
            help="Stop sending after about this many seconds.",
        )

    def handle(self, *args, seconds, **options):
        if in_transaction(Delivery):
            raise CommandError(_("Leads cannot be sent inside a transaction."))
        for org_pk in sweeping.sweep():
            rota.take_turns(first=org_pk, seconds=seconds)
        heartbeats.beat(heartbeats.SWEEP)
        notices.tell_once()
        for job in schedules.overdue():
            getattr(tasks, job.task)()
        if options["verbosity"]:
            self.stdout.write(self._summary())

    def _summary(self) -> str:
        left = Delivery.objects.unsettled().count()
        return _("%(count)d leads are still to be sent.") % {"count": left}
