from __future__ import annotations

import contextlib
import os
import socket
import ssl
import time

import pytest
import trustme

from wagtail_salesforce_leads.salesforce import transport
from wagtail_salesforce_leads.salesforce.errors import AnswerLost, CallRefused, NotSent
from wagtail_salesforce_leads.salesforce.transport import (
    SalesforceSession,
    kept_session,
    time_limit,
)

from .conftest import Wire, answer, client_of, sends

LIMITS = {"DailyApiRequests": {"Max": 100, "Remaining": 90}}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"


def drips(first: bytes):
    """Send a beginning, then a byte at a time: a timeout of one read never strikes."""

    def behave(connection: socket.socket) -> bool:
        connection.sendall(first)
        for _ in range(100):
            time.sleep(0.1)
            connection.sendall(b"x")
        return False

    return behave


def resets(connection: socket.socket) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    return False


def stays_silent(connection: socket.socket) -> bool:
    time.sleep(9)
    return False


@pytest.mark.parametrize(
    "behaviour",
    [drips(b"HTTP/1.1 200 OK\r\nX-Header: "), drips(HEAD + b"\r\n"), stays_silent],
    ids=["headers", "body", "nothing"],
)
def test_call_answered_too_slowly_ends_at_its_deadline(wire, behaviour):
    wire.will(behaviour)
    started = time.monotonic()
    with pytest.raises(AnswerLost) as caught:
        wire.client(deadline=0.6).post("composite", {})
    assert 0.5 < time.monotonic() - started < 5
    assert caught.value.may_have_run


@pytest.mark.parametrize(
    "behaviour",
    [
        resets,
        sends(b""),
        sends(b"HTTP/1.1 20"),
        sends(HEAD + b"\r\n{}"),
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}"),
        answer(b"<html>maintenance</html>"),
        answer(b""),
        answer(b"<html>down</html>", status="503 Service Unavailable"),
        answer([{"errorCode": "UNKNOWN_EXCEPTION"}], status="500 Internal Server Error"),
    ],
    ids=["reset", "closed", "half line", "short", "chunk cut", "html", "empty", "503", "500"],
)
def test_post_whose_answer_is_lost_may_have_run(wire, behaviour):
    wire.will(behaviour)
    with pytest.raises(AnswerLost) as caught:
        wire.client().composite({})
    assert caught.value.may_have_run
    assert len(wire.requests) == 1, "a POST is never repeated by the transport"


def test_post_without_a_listener_is_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotSent) as caught:
        client_of(f"http://127.0.0.1:{port}").post("composite", {})
    assert not caught.value.may_have_run


def test_post_to_an_unknown_host_is_not_sent(monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(transport.socket, "getaddrinfo", fail)
    with pytest.raises(NotSent):
        client_of("http://nowhere.invalid").post("composite", {})


@pytest.fixture
def silent_address():
    """A listener whose queue is full: a connection to it is neither made nor refused."""
    with contextlib.ExitStack() as sockets:
        listener = sockets.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()


def resolve_to(monkeypatch, *addresses):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
    monkeypatch.setattr(transport.socket, "getaddrinfo", lambda *args, **kwargs: found)


def test_connecting_to_silent_addresses_shares_one_timeout(
    monkeypatch, our_settings, silent_address
):
    our_settings(CONNECT_TIMEOUT=0.8)
    resolve_to(monkeypatch, silent_address, silent_address, silent_address)
    started = time.monotonic()
    with pytest.raises(NotSent):
        client_of("http://nowhere.invalid").post("composite", {})
    assert time.monotonic() - started < 2.3, "each alone would make it 2.4"


def test_address_after_a_silent_one_gets_its_share(wire, monkeypatch, our_settings, silent_address):
    our_settings(CONNECT_TIMEOUT=1.2)
    resolve_to(monkeypatch, silent_address, ("127.0.0.1", wire.port))
    wire.will(answer(LIMITS))
    assert wire.client().limits().used == 10


def test_second_address_is_tried_when_the_first_refuses(wire, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()
    resolve_to(monkeypatch, closed, ("127.0.0.1", wire.port))
    wire.will(answer(LIMITS))
    assert wire.client().limits().used == 10


def test_body_that_nobody_reads_is_cut_at_the_deadline(silent_listener):
    started = time.monotonic()
    with pytest.raises(AnswerLost):
        client_of(silent_listener, deadline=0.6).post("composite", {"text": "x" * 20_000_000})
    assert time.monotonic() - started < 5


def test_body_that_is_read_late_is_not_cut_by_the_connect_timeout(our_settings):
    def read_late(connection: socket.socket) -> socket.socket:
        time.sleep(0.5)
        return connection

    our_settings(CONNECT_TIMEOUT=0.2)
    server = Wire(read_late)
    server.will(answer({"compositeResponse": []}))
    server.client().composite({"text": "x" * 20_000_000})
    server.close()


@pytest.fixture
def silent_listener():
    """Connections to it stand, and that is all."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_calls_in_a_row_share_a_connection(wire):
    wire.will(answer(LIMITS), answer({"compositeResponse": []}), answer(LIMITS))
    wire.client().limits()
    wire.client().composite({})
    wire.client().limits()
    assert wire.connections == [1, 1, 1]


def test_connection_idle_for_seconds_is_not_used_again(wire, monkeypatch):
    monkeypatch.setattr(transport, "IDLE_SECONDS", 0.1)
    wire.will(answer(LIMITS), answer({"compositeResponse": []}))
    wire.client().limits()
    time.sleep(0.2)
    wire.client().composite({})
    assert wire.connections == [1, 2]


def test_connection_that_the_server_closed_costs_no_post(wire):
    """The close has arrived by the time of the next call, so that call starts a new connection."""
    wire.will(
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), answer({"compositeResponse": []})
    )
    wire.client().get("limits")
    time.sleep(0.05)
    wire.client().composite({})
    assert wire.connections == [1, 2]


def test_connection_cut_by_a_deadline_is_not_used_again(wire):
    wire.will(drips(HEAD + b"\r\n"), answer(LIMITS))
    with pytest.raises(AnswerLost):
        wire.client(deadline=0.3).limits()
    assert wire.client().limits().used == 10
    assert wire.connections == [1, 2]


def test_answer_ended_by_closing_is_read_whole(wire):
    body = b'{"DailyApiRequests": {"Max": 5, "Remaining": 4}}'
    wire.will(sends(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body))
    assert wire.client().limits().used == 1


def test_body_of_megabytes_arrives_whole(wire):
    wire.will(answer({"compositeResponse": []}))
    wire.client().composite({"text": "日本語" * 500_000})
    assert len(wire.requests[0]) > 4_500_000


def test_redirect_is_not_followed(wire):
    wire.will(answer(b"", status="302 Found", headers={"Location": f"{wire.origin}/elsewhere"}))
    with pytest.raises(AnswerLost):
        wire.client().limits()
    assert len(wire.requests) == 1


def test_environment_has_no_say(wire, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    wire.will(answer(LIMITS))
    wire.client().limits()
    assert b"Authorization: Bearer 00Dxx!token\r\n" in wire.requests[0]


def test_cookies_are_not_kept(wire):
    wire.will(answer(LIMITS, headers={"Set-Cookie": "sid=1; Path=/"}), answer(LIMITS))
    wire.client().limits()
    wire.client().limits()
    assert b"cookie" not in wire.requests[1].lower()


def test_plain_http_goes_nowhere_but_to_the_named_origins(wire):
    session = SalesforceSession(extra_hosts=["http://127.0.0.1:1"])
    with pytest.raises(transport.requests.exceptions.InvalidSchema):
        session.get(wire.origin, timeout=time_limit(1))
    assert wire.requests == []


def test_threads_and_forked_children_do_not_share_a_session(monkeypatch):
    mine = kept_session("https://acme.my.salesforce.com", ())
    assert kept_session("https://acme.my.salesforce.com", ()) is mine
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert kept_session("https://acme.my.salesforce.com", ()) is not mine


class TestOverTLS:
    @pytest.fixture
    def authority(self):
        return trustme.CA()

    @pytest.fixture
    def secure_wire(self, authority):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        server = Wire(lambda connection: context.wrap_socket(connection, server_side=True))
        yield server
        server.close()

    @pytest.fixture
    def client(self, secure_wire, authority):
        origin = secure_wire.origin.replace("http", "https")
        session = kept_session(origin, (origin,))
        with authority.cert_pem.tempfile() as bundle:
            session.verify = bundle
            yield client_of(origin)
        session.close()

    def test_call_is_answered(self, secure_wire, client):
        secure_wire.will(answer(LIMITS), answer(LIMITS))
        assert client.limits().used == 10
        assert client.limits().used == 10
        assert secure_wire.connections == [1, 1]

    def test_dripping_answer_ends_at_the_deadline(self, secure_wire, client):
        secure_wire.will(drips(HEAD + b"\r\n"))
        client.deadline = 0.6
        started = time.monotonic()
        with pytest.raises(AnswerLost):
            client.post("composite", {})
        assert time.monotonic() - started < 5

    def test_untrusted_certificate_means_not_sent(self, secure_wire):
        origin = secure_wire.origin.replace("http", "https")
        kept_session(origin, (origin,)).verify = True
        with pytest.raises(NotSent):
            client_of(origin).post("composite", {})
        assert secure_wire.requests == []

    def test_silent_handshake_means_not_sent(self, our_settings):
        our_settings(CONNECT_TIMEOUT=0.3)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            origin = f"https://127.0.0.1:{silent.getsockname()[1]}"
            with pytest.raises(NotSent):
                client_of(origin).post("composite", {})


def test_refusal_before_work_did_not_run(wire):
    wire.will(answer([{"errorCode": "NOT_FOUND"}], status="404 Not Found"))
    with pytest.raises(CallRefused) as caught:
        wire.client().post("composite", {})
    assert not caught.value.may_have_run
