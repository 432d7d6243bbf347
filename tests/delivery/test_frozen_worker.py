"""A worker process that is stopped (SIGSTOP) past its lease, and revived when others are done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from functools import wraps

import pytest

from tests.orgs.processes import Worker
from wagtail_salesforce_leads.delivery import claims
from wagtail_salesforce_leads.delivery.calls import call
from wagtail_salesforce_leads.delivery.outcomes import recording
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery

from .conftest import SUBMISSION_ID_FIELD
from .test_sequences import settle, time_out_leases

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

State = Delivery.State


def freeze() -> None:
    """All threads, this one at once: it would get further with a signal sent to the process.

    Only in the thread that has the database, between its transactions: a frozen process that
    holds SQLite's lock stops everybody.
    """
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def frozen_before(act: Callable) -> Callable:
    @wraps(act)
    def frozen(*args, **kwargs):
        freeze()
        return act(*args, **kwargs)

    return frozen


def frozen_after(act: Callable) -> Callable:
    @wraps(act)
    def frozen(*args, **kwargs):
        done = act(*args, **kwargs)
        freeze()
        return done

    return frozen


@pytest.fixture(params=[SUBMISSION_ID_FIELD, ""], ids=["with submission id", "without"])
def org(request, connect):
    return connect(submission_id_field=request.param)


@pytest.fixture
def revived(salesforce, org, submit, monkeypatch) -> Callable[..., Delivery]:
    """One lead, after its frozen worker was revived; meanwhile its lease ended, others went on."""

    def run(owner: object, name: str, freezing: Callable) -> Delivery:
        monkeypatch.setattr(call, "SEND_WITHIN", 0.2)
        delivery = submit(org, salesforce.campaign("Spring fair 2027"), "Registered")

        def work() -> None:
            setattr(owner, name, freezing(getattr(owner, name)))
            deliver(org.pk)

        worker = Worker(work)
        try:
            worker.wait_until_frozen()
            time_out_leases()
            settle(org)
            assert Delivery.objects.get().state == State.DONE
        finally:
            worker.kill(signal.SIGCONT)
            assert worker.wait() == 0
        settle(org)
        delivery.refresh_from_db()
        return delivery

    return run


@pytest.mark.parametrize(
    ("owner", "name", "freezing"),
    [
        pytest.param(claims, "mark_sent", frozen_before, id="before sent_at"),
        pytest.param(claims, "mark_sent", frozen_after, id="between sent_at and the socket"),
        pytest.param(recording, "record", frozen_before, id="with the answer"),
    ],
)
def test_lead_of_a_frozen_worker_arrives_once(salesforce, revived, owner, name, freezing):
    delivery = revived(owner, name, freezing)
    assert (delivery.state, delivery.cause) == (State.DONE, "")
    assert delivery.actual_status == "Registered"
    assert len(salesforce.leads(1)) == 1
    assert len(salesforce.members(1)) == 1
