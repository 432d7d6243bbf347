"""How bytes reach Salesforce: what requests and urllib3 do not promise by themselves.

* A call ends at its total deadline, also when the other side drips its answer byte by byte;
  a read timeout alone starts anew with every byte.
* What fails before a connection stands is told apart from what fails after it: only the first
  proves that nothing can have happened.
* A pooled connection that was idle for seconds is not used again: the other side may be closing
  it, and a POST into a closing connection may or may not have run.
* No redirect is followed, no proxy, netrc or cookie taken from outside. The setting PROXY names one
  that is asked for a tunnel: what goes through it is encrypted for Salesforce.
"""

from __future__ import annotations

import io
import os
import socket
import threading
import time
from collections.abc import Collection
from functools import partial
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidHeader, InvalidProxyURL, InvalidSchema, InvalidURL
from urllib3 import Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

from wagtail_salesforce_leads.conf import settings

from .errors import AnswerLost, NotSent

#: Seconds after which a kept connection is not trusted with a call any more.
IDLE_SECONDS = 4.0
#: What one send hands to the socket between two looks at the clock.
SEND_BYTES = 64 * 1024
#: A socket timeout of 0 would mean "do not block".
AT_LEAST = 0.001
#: Seconds for a call whose caller names no deadline.
DEFAULT_DEADLINE = 15.0
#: What requests does not even try to send.
NEVER_SENT = (InvalidHeader, InvalidProxyURL, InvalidSchema, InvalidURL)
#: Failures before the way to Salesforce stood; a tunnel that fails is urllib3's ProxyError.
NOT_CONNECTED = (ConnectTimeoutError, ProxyError)


class DeadlineReader(io.RawIOBase):
    """A socket's file whose every read may only take what is left until the deadline."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_left(self._ends))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class DeadlineResponse(HTTPResponse):
    """Status line, headers and body under one deadline."""

    def __init__(self, sock: socket.socket, *args: Any, ends: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(DeadlineReader(sock, ends))


class DeadlineConnection(HTTPConnection):
    """Shares one deadline among addresses, handshake, sending and reading."""

    #: On the monotonic clock; the pool sets it before each request.
    ends: float

    def connect(self) -> None:
        self._connect_by = min(self.ends, time.monotonic() + self.timeout)
        # For a proxy's answer, which is read before ours.
        self.response_class = partial(DeadlineResponse, ends=self._connect_by)
        try:
            super().connect()
            _left(self.ends)
        except Exception as error:
            self.close()
            if isinstance(error, ConnectTimeoutError):
                raise
            raise NewConnectionError(self, type(error).__name__) from error

    def _new_conn(self) -> socket.socket:
        """One timeout for all of a host's addresses; urllib3 grants it to each of them."""
        ends = self._connect_by
        addresses = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        for untried in range(len(addresses), 0, -1):
            try:
                sock = self._dial(addresses[-untried], _left(ends) / untried)
            except OSError:
                if untried == 1:
                    raise
            else:
                sock.settimeout(max(ends - time.monotonic(), AT_LEAST))
                return sock
        raise OSError("The host has no address.")

    def _dial(self, found: tuple[Any, ...], timeout: float) -> socket.socket:
        family, kind, protocol, _name, address = found
        sock = socket.socket(family, kind, protocol)
        try:
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(timeout)
            sock.connect(address)
        except OSError:
            sock.close()
            raise
        return sock

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        for start in range(0, len(data), SEND_BYTES):
            self.sock.settimeout(_left(self.ends))
            super().send(data[start : start + SEND_BYTES])

    def getresponse(self) -> Any:
        self.response_class = partial(DeadlineResponse, ends=self.ends)
        return super().getresponse()


class DeadlineHTTPSConnection(DeadlineConnection, HTTPSConnection):
    pass


class DeadlinePool(HTTPConnectionPool):
    """A pool for one thread, as each thread has sessions of its own."""

    ConnectionCls = DeadlineConnection

    def urlopen(self, *args: Any, **kwargs: Any) -> Any:
        self._ends = time.monotonic() + kwargs["timeout"].total
        return super().urlopen(*args, **kwargs)

    def _get_conn(self, *args: Any, **kwargs: Any) -> Any:
        conn = super()._get_conn(*args, **kwargs)
        conn.ends = self._ends
        return conn


class DeadlineHTTPSPool(DeadlinePool, HTTPSConnectionPool):
    ConnectionCls = DeadlineHTTPSConnection


POOLS = {"http": DeadlinePool, "https": DeadlineHTTPSPool}


class SalesforceAdapter(HTTPAdapter):
    """Sends over the connections above; ``plain`` turns the https that it is given into http.

    simple-salesforce and oauthlib speak https only, so this is how they reach a simulator.
    """

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain
        self.used_at = time.monotonic()
        super().__init__(pool_connections=1, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = kwargs.get("timeout") or time_limit(DEFAULT_DEADLINE)
        if time.monotonic() - self.used_at > IDLE_SECONDS:
            self.close()
        if self.plain:
            request = request.copy()
            request.url = request.url.replace("https://", "http://", 1)
        try:
            return super().send(request, **kwargs)
        finally:
            self.used_at = time.monotonic()


class SalesforceSession(requests.Session):
    """A session that goes where it is sent and nowhere else. ``extra_hosts``: see hosts.py."""

    def __init__(self, *args: Any, extra_hosts: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trust_env = False
        self.proxies = {"https": _proxy()} if settings.PROXY else {}
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.adapters.clear()
        self.mount("https://", SalesforceAdapter())
        for origin in extra_hosts:
            if origin.startswith("http://"):
                self.mount(over_https(origin) + "/", SalesforceAdapter(plain=True))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Redirects are answers like any other: a token must not travel on."""


def over_https(origin: str) -> str:
    """The origin as simple-salesforce and oauthlib have to be told it."""
    return origin.replace("http://", "https://", 1)


def time_limit(deadline: float) -> Timeout:
    """The limits of one call; ``deadline`` is seconds for all of it."""
    return Timeout(connect=settings.CONNECT_TIMEOUT, total=deadline)


def unanswered(error: requests.RequestException) -> NotSent | AnswerLost:
    """The problem of a call without an answer: it failed before its connection stood, or after."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, NOT_CONNECTED) or isinstance(error, NEVER_SENT):
        return NotSent("No connection to Salesforce.")
    return AnswerLost(type(error).__name__)


_kept = threading.local()


def kept_session(origin: str, extra_hosts: Collection[str]) -> SalesforceSession:
    """The session of this thread and org, so that calls in a row share one connection.

    After a fork the child starts afresh: two processes must not talk on one socket.
    """
    if getattr(_kept, "pid", None) != os.getpid():
        _kept.pid, _kept.sessions = os.getpid(), {}
    key = (origin, tuple(extra_hosts), settings.PROXY, settings.PROXY_PASSWORD)
    if key not in _kept.sessions:
        _kept.sessions[key] = SalesforceSession(extra_hosts=extra_hosts)
    return _kept.sessions[key]


def _proxy() -> str:
    """The proxy's address with its password, which a setting of its own keeps from error mails."""
    password = quote(settings.PROXY_PASSWORD, safe="")
    return settings.PROXY.replace("@", f":{password}@", 1) if password else settings.PROXY


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("The deadline has passed.")
    return left
