"""Plants secrets, does everything that can be done with them, and looks for them everywhere."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.views.debug import ExceptionReporter
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from wagtail.models import ModelLogEntry, Revision

from wagtail_salesforce_leads.models import SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.orgs import access, grants, pending, tokens
from wagtail_salesforce_leads.orgs.signals import session_wanted
from wagtail_salesforce_leads.orgs.tokens import encrypt
from wagtail_salesforce_leads.salesforce.client import SalesforceClient

probe = SalesforceClient.probe
PLANTED = "planted"


@pytest.fixture
def org(org, host, settings):
    """With an app of its own; every secret of it and of the site says that it was planted."""
    host.client_secret = "planted-consumer-secret"
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "CLIENT_SECRET": "planted-default-secret",
        "PROXY_PASSWORD": "planted-proxy-password",
        "ENCRYPTION_KEYS": ("planted-key", "tests-only-key"),
    }
    tokens.rotate()
    org.consumer_key, org.consumer_secret = "key", encrypt(host.client_secret)
    org.save()
    return org


@pytest.fixture
def logged():
    """Everything that any logger says, at DEBUG."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    names = ["", *logging.Logger.manager.loggerDict]
    levels = {name: logging.getLogger(name).level for name in names}
    root = logging.getLogger()
    root.addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream.getvalue
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    root.removeHandler(handler)


FAILURES = {
    "dead": (400, {"error": "invalid_grant", "error_description": "inactive user"}),
    "collision": (
        400,
        {"error": "invalid_grant", "error_description": "expired authorization code"},
    ),
    "refused": (400, {"error": "invalid_client", "error_description": "invalid client"}),
    "outage": (503, "<html>Down for maintenance</html>"),
    "garbage": (200, "{"),
}


def test_nothing_secret_in_logs_at_debug(org, host, logged):
    access.call(org, probe)
    host.expire()
    access.call(org, probe)
    for answer in FAILURES.values():
        host.instead = answer
        host.expire()
        fail(org)
        access.try_now(org)
        SalesforceGrant.objects.update(dead_code="")
    assert "/services/oauth2/token" in logged()
    assert PLANTED not in logged()


@pytest.mark.parametrize("name", FAILURES)
def test_nothing_secret_in_exceptions_locals_and_error_mails(org, host, expired, name):
    host.instead = FAILURES[name]
    assert PLANTED not in everything_about(fail(org))


def test_nothing_secret_in_the_exception_of_a_refused_session(org, host):
    host.rest = lambda path, authorization: (401, [{"errorCode": "INVALID_SESSION_ID"}])
    assert PLANTED not in everything_about(fail(org))


@pytest.mark.parametrize("where", ["rest", "token"])
def test_nothing_secret_in_the_locals_of_a_call_that_is_ended(org, host, monkeypatch, where):
    """As django-q2 ends a task that takes too long, and an error reporter then prints it."""
    answer = getattr(host, where)

    def end_and_answer(*asked):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)
        return answer(*asked)

    def end(number, frame) -> None:
        raise SystemExit("took too long")

    before = signal.signal(signal.SIGALRM, end)
    host.expire()
    monkeypatch.setattr(host, where, end_and_answer)
    try:
        with pytest.raises(SystemExit) as raised:
            access.call(org, probe)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert PLANTED not in everything_about(raised.value)


def test_nothing_secret_in_the_exception_of_an_unreadable_secret(org, host, expired, settings):
    settings.WAGTAIL_SALESFORCE_LEADS = {
        **settings.WAGTAIL_SALESFORCE_LEADS,
        "ENCRYPTION_KEYS": ("planted-other-key",),
    }
    assert PLANTED not in everything_about(fail(org))


def test_nothing_secret_in_rows_dumps_and_reprs(org, host, expired):
    access.call(org, probe)
    dumped = StringIO()
    call_command("dumpdata", stdout=dumped, verbosity=0, exclude=["wagtailsearch"])
    client = access.open_client(org)
    shown = [org, grants.usable(org), client, pending.SignIn.of(org), access._session(org)]
    shown += [*OrmQ.objects.all(), *Task.objects.all(), *Revision.objects.all()]
    shown += ModelLogEntry.objects.values_list("data", flat=True)
    assert "wagtail_salesforce_leads.salesforcegrant" in dumped.getvalue()
    assert PLANTED not in dumped.getvalue() + repr(shown) + str(shown)


def test_nothing_secret_in_statements_sent_to_the_database(org, host, expired):
    with CaptureQueriesContext(connection) as queries:
        access.call(org, probe)
    assert any("refresh_token" in query["sql"] for query in queries)
    assert PLANTED not in str(queries.captured_queries)


@pytest.mark.skipif(not Conf.ORM, reason="the broker is not our database")
def test_nothing_secret_in_background_tasks(org):
    session_wanted.send_robust(SalesforceOrg, org=org)
    assert OrmQ.objects.exists()
    for queued in OrmQ.objects.all():
        assert PLANTED not in repr(queued.task)
        assert all(isinstance(argument, int) for argument in queued.task["args"])


def test_nothing_secret_in_admin_screens_and_mails(org, host):
    client = Client()
    client.force_login(User.objects.create_superuser("ada"))
    for url in admin_screens(org):
        response = client.get(url, follow=True)
        assert response.status_code == 200, url
        assert PLANTED not in response.content.decode(), url
    assert PLANTED not in str([message.body for message in mail.outbox])


def admin_screens(org: SalesforceOrg) -> Iterator[str]:
    setting = "wagtailsettings:edit"
    yield reverse(setting, args=["wagtail_salesforce_leads", "salesforcesettings", org.site_id])
    connect = reverse("wagtail_salesforce_leads_orgs:connect", args=[org.site_id])
    yield connect
    yield f"{connect}?org={org.pk}"
    for name in ("options", "forms", "disconnect", "confirm_copy"):
        yield reverse(f"wagtail_salesforce_leads_orgs:{name}", args=[org.pk])


def fail(org: SalesforceOrg) -> BaseException:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whichever it is
        access.call(org, probe)
    return raised.value


def everything_about(error: BaseException) -> str:
    """What error pages, mails and reporters show: text, traceback, and the locals of each frame."""
    try:
        raise error
    except type(error):
        reporter = ExceptionReporter(RequestFactory().get("/"), *sys.exc_info())
    shown = [reporter.get_traceback_html(), reporter.get_traceback_text()]
    shown += traceback.format_exception(error)
    for each in chained(error):
        shown.append(repr(each) + repr(vars(each)))
        for frame, _line in traceback.walk_tb(each.__traceback__):
            if "/tests/" not in frame.f_code.co_filename:
                shown.append(repr(frame.f_locals))
    return "\n".join(shown)


def chained(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
