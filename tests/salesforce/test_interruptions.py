"""A call ended from outside: django-q2's time limit, Ctrl-C, a fault in a library.

What leaves our folder is what error reporters print, each frame with its locals, and those of
requests, urllib3 and http.client hold headers and bodies as they go out.
"""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Iterator

import pytest

from wagtail_salesforce_leads.salesforce import oauth
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.secret import Secret

TOKEN, SECRET = Secret("planted-token"), Secret("planted-secret")
CODE, VERIFIER = Secret("planted-code"), Secret("planted-verifier")
BACK = "https://cms.example/callback/"

CALLS: dict[str, Callable[[str], object]] = {
    "get": lambda origin: SalesforceClient(origin, TOKEN).limits(),
    "post": lambda origin: SalesforceClient(origin, TOKEN).post("composite", {}),
    "query": lambda origin: SalesforceClient(origin, TOKEN).query("SELECT Id FROM Lead"),
    "exchange": lambda origin: oauth.exchange_code(origin, "key", SECRET, BACK, CODE, VERIFIER),
    "refresh": lambda origin: oauth.refresh(origin, "key", SECRET, TOKEN),
    "revoke": lambda origin: oauth.revoke(origin, TOKEN),
    "identity": lambda origin: oauth.identity(origin, TOKEN),
}


@pytest.fixture
def ended_by(wire, our_settings) -> Iterator[Callable[[BaseException], None]]:
    """A server that lets the call's own process end it while it waits for the answer."""
    our_settings(EXTRA_HOSTS=(wire.origin,))
    before = signal.getsignal(signal.SIGALRM)

    def arm(error: BaseException) -> None:
        def end(number, frame) -> None:
            raise error

        def interrupt(connection) -> bool:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)
            return True

        signal.signal(signal.SIGALRM, end)
        wire.will(interrupt)

    yield arm
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, MemoryError])
def test_call_that_is_ended_shows_no_secret_in_any_frame(wire, ended_by, name, kind):
    ended_by(kind("ended"))
    with pytest.raises(kind) as caught:
        CALLS[name](wire.origin)
    frames = [frame for frame, _line in traceback.walk_tb(caught.value.__traceback__)]
    ours = [frame for frame in frames if "/tests/" not in frame.f_code.co_filename]
    assert b"planted" in wire.requests[0]
    assert ours
    assert "planted" not in "".join(repr(frame.f_locals) for frame in ours)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
