"""A site that reaches the outside through a proxy only."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Iterator

import pytest
import trustme

from wagtail_salesforce_leads.salesforce import oauth
from wagtail_salesforce_leads.salesforce.errors import AnswerLost, NotSent, OAuthOutage
from wagtail_salesforce_leads.salesforce.transport import kept_session

from .conftest import Wire, answer, client_of, sends

LIMITS = {"DailyApiRequests": {"Max": 100, "Remaining": 90}}
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


def tunnels(connection: socket.socket, port: int) -> bool:
    """Hands bytes on in both directions until one side closes."""
    connection.sendall(TUNNEL)
    with socket.create_connection(("127.0.0.1", port)) as beyond:
        back = threading.Thread(target=_pump, args=(beyond, connection), daemon=True)
        back.start()
        _pump(connection, beyond)
        beyond.shutdown(socket.SHUT_RDWR)
        back.join()
    return False


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        return


@pytest.fixture
def secure_wire(monkeypatch) -> Iterator[Wire]:
    """Salesforce's side, over TLS that our transport trusts."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = Wire(lambda connection: context.wrap_socket(connection, server_side=True))
    with authority.cert_pem.tempfile() as bundle:
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", bundle)
        yield server
    server.close()


@pytest.fixture
def salesforce(secure_wire, wire, our_settings) -> Iterator[str]:
    """Its origin; ``wire`` is the proxy before it."""
    origin = f"https://127.0.0.1:{secure_wire.port}"
    our_settings(EXTRA_HOSTS=(origin,), PROXY=wire.origin, CONNECT_TIMEOUT=0.5)
    wire.will(*[lambda connection: tunnels(connection, secure_wire.port)] * 3)
    yield origin
    kept_session(origin, (origin,)).close()


def test_calls_go_through_the_tunnel_and_share_it(salesforce, wire, secure_wire):
    secure_wire.will(answer(LIMITS), answer(LIMITS))
    client = client_of(salesforce)
    assert (client.limits().used, client.limits().used) == (10, 10)
    assert len(wire.requests) == 1
    assert wire.requests[0].startswith(b"CONNECT 127.0.0.1:")
    assert b"00Dxx!token" not in wire.requests[0]
    assert b"Bearer 00Dxx!token" in secure_wire.requests[1]


def test_signing_in_goes_through_the_tunnel(salesforce, wire, secure_wire):
    secure_wire.will(
        answer({"error": "invalid_client"}, status="400 Bad Request"), answer({}), answer({})
    )
    with pytest.raises(oauth.OAuthProblem):
        oauth.refresh(salesforce, "key", "secret", "old")
    oauth.revoke(salesforce, "old")
    oauth.identity(salesforce, "token")
    assert [request[:8] for request in wire.requests] == [b"CONNECT "] * 3
    assert len(secure_wire.requests) == 3


def test_proxys_password_goes_to_the_proxy_only(salesforce, wire, secure_wire, our_settings):
    proxy = wire.origin.replace("http://", "http://site@")
    our_settings(EXTRA_HOSTS=(salesforce,), PROXY=proxy, PROXY_PASSWORD="p@ss/word")
    secure_wire.will(answer(LIMITS))
    client_of(salesforce).limits()
    assert b"Proxy-Authorization: Basic " + b64encode(b"site:p@ss/word") in wire.requests[0]
    assert b"Proxy-Authorization" not in secure_wire.requests[0]


def test_lost_answer_behind_the_tunnel_may_have_run(salesforce, secure_wire):
    secure_wire.will(sends(b""))
    with pytest.raises(AnswerLost):
        client_of(salesforce).post("composite", {})


def drips(connection: socket.socket) -> bool:
    connection.sendall(b"HTTP/1.1 200 ")
    for _ in range(50):
        time.sleep(0.1)
        connection.sendall(b"x")
    return False


@pytest.mark.parametrize(
    "behaviour",
    [
        sends(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
        sends(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"),
        sends(b""),
        sends(TUNNEL),
        lambda connection: time.sleep(3) or False,
        drips,
    ],
    ids=["407", "502", "closes", "closes the tunnel", "silent", "drips"],
)
def test_proxy_that_gives_no_tunnel_means_not_sent_in_time(
    salesforce, wire, secure_wire, behaviour
):
    wire.behaviours[:] = [behaviour]
    started = time.monotonic()
    with pytest.raises(NotSent):
        client_of(salesforce).post("composite", {})
    assert time.monotonic() - started < 2
    assert secure_wire.requests == []


def test_proxy_that_is_down_means_not_sent(salesforce, wire):
    wire.close()
    with pytest.raises(NotSent):
        client_of(salesforce).post("composite", {})
    with pytest.raises(OAuthOutage) as caught:
        oauth.refresh(salesforce, "key", "secret", "old")
    assert not caught.value.may_have_run


def test_simulator_over_plain_http_is_reached_without_the_proxy(wire, our_settings):
    our_settings(EXTRA_HOSTS=(wire.origin,), PROXY="http://127.0.0.1:9")
    wire.will(answer(LIMITS))
    assert client_of(wire.origin).limits().used == 10
