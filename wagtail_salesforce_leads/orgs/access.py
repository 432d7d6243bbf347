"""The way to an org for everybody else: a client with a working session, or the reason why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread
from typing import TypeVar

from django.db import connections
from django.utils import timezone

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.models.leases import from_now, in_transaction
from wagtail_salesforce_leads.salesforce.client import Budget, SalesforceClient
from wagtail_salesforce_leads.salesforce.errors import SessionExpired
from wagtail_salesforce_leads.salesforce.secret import Secret

from . import grants, marks, refresh
from .signals import session_wanted
from .tokens import decrypt
from .unavailable import (
    BudgetSpent,
    OrgUnavailable,
    SecretUnreadable,
    SessionRefused,
    StaleSession,
    TokenOutage,
)

T = TypeVar("T")

#: Seconds between two looks at a grant that somebody else refreshes.
POLL, POLL_MAX = 0.05, 0.5
#: Seconds until a refresh is tried again after one that gave a session nobody took.
SESSION_REFUSED_PAUSE = 60.0
#: A grant is kept alive once nothing else has refreshed it for so long.
KEEP_ALIVE = timedelta(days=6)

_budget: ContextVar[Budget | None] = ContextVar("salesforce_budget", default=None)


@dataclass(frozen=True)
class Session:
    """An access token and where it is good."""

    instance_url: str
    access_token: Secret


@contextmanager
def budget(seconds: float | None = None) -> Iterator[Budget]:
    """All that is asked of Salesforce within shares ``seconds``, by default EDITOR_BUDGET.

    Within another one, the shorter counts.
    """
    outer, own = _budget.get(), Budget(settings.EDITOR_BUDGET if seconds is None else seconds)
    shorter = outer if outer and outer.left() < own.left() else own
    reset = _budget.set(shorter)
    try:
        yield shorter
    finally:
        _budget.reset(reset)


def open_client(org: SalesforceOrg, *, deadline: float | None = None) -> SalesforceClient:
    """A client with the session there is, or with a new one. ``deadline``: seconds a call.

    Raises an OrgUnavailable: GrantDead, SecretUnreadable, CopiedDatabase, NotConnected, AppRefused
    (leads are held for ``hold_reason``), StaleSession or TokenOutage (try later).
    """
    return _client(_session(org), deadline)


def renew(
    org: SalesforceOrg, client: SalesforceClient, *, deadline: float | None = None
) -> SalesforceClient:
    """A client with another session than ``client`` had, after SessionExpired. Raises the same."""
    session = _session(org, stale=client.access_token)
    return _client(session, deadline or client.deadline)


def refused(org: SalesforceOrg) -> SessionRefused:
    """For a session that was refused though it had just been renewed: back off and warn.

    Returns what to raise. The grant is not dead: that only ``invalid_grant`` says.
    """
    problem = SessionRefused()
    SalesforceGrant.objects.filter(org=org).update(
        retry_at=from_now(SESSION_REFUSED_PAUSE), failure_code=problem.code
    )
    marks.went_down(org, problem)
    return problem


def call(
    org: SalesforceOrg,
    function: Callable[[SalesforceClient], T],
    *,
    deadline: float | None = None,
) -> T:
    """``function`` with a client, once more with a new session if the first one has expired.

    Raises an OrgUnavailable, or what ``function`` raises.
    """
    client = open_client(org, deadline=deadline)
    try:
        return function(client)
    except SessionExpired:
        pass
    try:
        result = function(renew(org, client))
    except SessionExpired:
        pass
    else:
        marks.session_works(org)
        return result
    raise refused(org)


def keep_session(org: SalesforceOrg) -> None:
    """In a worker: sign in anew if the session has expired, for a request that must not do it."""
    call(org, SalesforceClient.probe)


def keep_alive(org: SalesforceOrg) -> None:
    """Refresh although nothing has expired: Salesforce ends grants that are idle for 30 days."""
    grant = grants.usable(org)
    if grant.refreshed_at and timezone.now() - grant.refreshed_at < KEEP_ALIVE:
        return
    _require_refreshable(org, grant)
    refresh.attempt(grant)


def try_now(org: SalesforceOrg) -> None:
    """A person does not want to wait until a failed refresh is tried again by itself."""
    SalesforceGrant.objects.filter(org=org).update(retry_at=None)


def _client(session: Session, deadline: float | None) -> SalesforceClient:
    return SalesforceClient(
        session.instance_url, session.access_token, deadline=deadline, budget=_budget.get()
    )


def _session(org: SalesforceOrg, stale: str = "") -> Session:
    """The stored session unless it is ``stale``, else a new one, whoever asks Salesforce for it."""
    ends, pause = time.monotonic() + settings.CALL_DEADLINE, POLL
    ask = _ask_aside if _budget.get() else refresh.attempt
    grant = first = grants.usable(org)
    while True:
        access_token = _opened(org, grant.access_token)
        # Salesforce may give the same token again, so a refresh counts as well.
        if access_token and (access_token != stale or grant.refreshed_at != first.refreshed_at):
            return Session(grant.org.instance_url, access_token)
        _require_refreshable(org, grant)
        if grant.is_leased or not ask(grant):
            _require_time(ends)
            time.sleep(pause)
            pause = min(pause * 2, POLL_MAX)
        grant = grants.usable(org)


def _opened(org: SalesforceOrg, stored: str) -> Secret:
    try:
        return decrypt(stored)
    except SecretUnreadable as problem:
        marks.went_down(org, problem)
        raise


def _require_refreshable(org: SalesforceOrg, grant: SalesforceGrant) -> None:
    if in_transaction(SalesforceGrant):
        session_wanted.send_robust(SalesforceOrg, org=org)
        raise StaleSession
    if grant.retry_at and grant.retry_at > timezone.now():
        raise TokenOutage(grant.failure_code)


def _require_time(ends: float) -> None:
    shared = _budget.get()
    if shared and shared.left() <= 0:
        raise BudgetSpent
    if time.monotonic() > ends:
        raise TokenOutage("refresh_busy")


def _ask_aside(grant: SalesforceGrant) -> bool:
    """Refresh in a thread: an editor's patience may end, a refresh that is under way must not.

    What comes of it is read from the grant.
    """
    Thread(target=_attempt_in_thread, args=(grant,), name="salesforce-refresh").start()
    return False


def _attempt_in_thread(grant: SalesforceGrant) -> None:
    try:
        refresh.attempt(grant)
    except OrgUnavailable:
        pass
    finally:
        connections.close_all()
