"""Telling a site's own code what became of a lead."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import router, transaction

from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.signals import lead_delivered, lead_failed

SIGNALS = {Delivery.State.DONE: lead_delivered, Delivery.State.FAILED: lead_failed}


def announce_after_commit(pks: Collection[int]) -> None:
    """What goes wrong then is logged and undoes nothing."""
    told = partial(announce, pks)
    transaction.on_commit(told, using=router.db_for_write(Delivery), robust=True)


def announce(pks: Collection[int]) -> None:
    """Send the signal of each that is settled. What a receiver raises is logged by Django."""
    heard = [state for state, signal in SIGNALS.items() if signal.has_listeners(Delivery)]
    if not heard or not pks:
        return
    for delivery in Delivery.objects.filter(pk__in=pks, state__in=heard):
        SIGNALS[Delivery.State(delivery.state)].send_robust(Delivery, delivery=delivery)
