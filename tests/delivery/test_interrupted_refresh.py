"""A worker dies between Salesforce's new token and our commit, with leads on their way."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core import mail

from tests.orgs.interrupted import kill_inside_the_token_call, reconnect
from wagtail_salesforce_leads.delivery.tasks import deliver, sweep
from wagtail_salesforce_leads.models import Delivery, OrgLane, SalesforceGrant

from .test_sequences import settle, time_out_leases

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

State = Delivery.State


def test_leads_are_held_and_told_of_and_all_go_out_after_reconnecting(salesforce, org, submit):
    """Whether those that the dead worker was at arrived nobody knows: they are looked up."""
    User.objects.create_superuser("ada", "ada@example.com")
    for name in ("Yamada", "Sato", "Lee"):
        submit(org, LastName=name)
    salesforce.switch(rotation=True)
    kill_inside_the_token_call(salesforce, lambda: deliver(org.pk))
    time_out_leases()
    SalesforceGrant.objects.update(lease_until=None)
    meanwhile = submit(org, LastName="Meanwhile")

    for _ in range(2):
        deliver(org.pk)
        sweep()

    meanwhile.refresh_from_db()
    assert (meanwhile.state, meanwhile.cause) == (State.HELD, Delivery.Hold.RECONNECT)
    assert Delivery.objects.filter(state=State.UNKNOWN).count() == 3
    assert OrgLane.objects.get().health_code == "interrupted"
    (told,) = mail.outbox
    assert "A refresh was interrupted" in told.body
    assert "4 leads are waiting" in told.body

    reconnect(salesforce, org)
    settle(org)

    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DONE}
    assert len(salesforce.leads(1)) == 4
