from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import traceback
from datetime import datetime, timezone
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import responses

from wagtail_salesforce_leads.salesforce import oauth
from wagtail_salesforce_leads.salesforce.errors import (
    AnswerLost,
    BadSignature,
    GrantCollision,
    GrantDead,
    OAuthOutage,
    OAuthRefused,
    SessionExpired,
)
from wagtail_salesforce_leads.salesforce.hosts import HostRefused
from wagtail_salesforce_leads.salesforce.secret import Secret

from .conftest import answer, recorded, sends

LOGIN = "https://login.salesforce.com"
INSTANCE = "https://acme.my.salesforce.com"
TOKEN_URL = f"{LOGIN}/services/oauth2/token"
CLIENT_ID, SECRET = "3MVG9.planted.key", "planted.secret"
CALLBACK = "https://site.example/admin/salesforce/callback/"
VERIFIER = "v" * 86
BODIES = {case["name"]: case for case in recorded("error_bodies")}


@pytest.fixture
def salesforce():
    with responses.RequestsMock() as mock:
        yield mock


def token_body(secret: str = SECRET, **changes) -> dict:
    body = {
        "access_token": "00Dx!planted.access",
        "refresh_token": "5Aep861.planted.refresh",
        "scope": "refresh_token api id",
        "instance_url": INSTANCE,
        "id": f"{LOGIN}/id/00Dx0000000BV7z/005x00000012Q9P",
        "token_type": "Bearer",
        "issued_at": "1278448832702",
        "api_instance_url": "https://api.salesforce.com",
        **changes,
    }
    signed = hmac.new(secret.encode(), (body["id"] + body["issued_at"]).encode(), hashlib.sha256)
    return {"signature": base64.b64encode(signed.digest()).decode(), **body}


def exchange() -> oauth.TokenAnswer:
    return oauth.exchange_code(LOGIN, CLIENT_ID, SECRET, CALLBACK, "aPrx.code==", VERIFIER)


def refresh() -> oauth.TokenAnswer:
    return oauth.refresh(LOGIN, CLIENT_ID, SECRET, "5Aep861.planted.old")


class TestAuthorizationUrl:
    def query(self, **options) -> dict[str, str]:
        scopes = ["api", "refresh_token", "id"]
        url = oauth.authorization_url(
            LOGIN, CLIENT_ID, CALLBACK, "the state", VERIFIER, scopes, **options
        )
        assert url.startswith(f"{LOGIN}/services/oauth2/authorize?")
        return dict(parse_qsl(urlsplit(url).query))

    def test_url_asks_for_code_and_scopes_with_a_challenge(self):
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
        assert self.query() == {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": CALLBACK,
            "scope": "api refresh_token id",
            "state": "the state",
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }

    def test_url_can_make_the_user_log_in_again(self):
        assert self.query(prompt="login")["prompt"] == "login"

    def test_foreign_login_host_is_refused(self):
        with pytest.raises(HostRefused):
            oauth.authorization_url("https://evil.example", "", "", "", VERIFIER, [])

    def test_named_http_origin_keeps_its_scheme(self, our_settings, monkeypatch):
        """Without OAUTHLIB_INSECURE_TRANSPORT, which would allow http everywhere."""
        monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
        our_settings(EXTRA_HOSTS=("http://127.0.0.1:8900",))
        url = oauth.authorization_url("http://127.0.0.1:8900", "id", CALLBACK, "s", VERIFIER, [])
        assert url.startswith("http://127.0.0.1:8900/services/oauth2/authorize?")

    def test_verifiers_are_long_and_never_the_same(self):
        assert 43 <= len(oauth.new_verifier()) <= 128
        assert oauth.new_verifier() != oauth.new_verifier()


class TestExchange:
    def test_code_of_another_process_is_exchanged_with_its_verifier(self, salesforce):
        salesforce.post(TOKEN_URL, json=token_body())
        answered = exchange()
        request = salesforce.calls[0].request
        assert parse_qs(request.body) == {
            "grant_type": ["authorization_code"],
            "client_id": [CLIENT_ID],
            "client_secret": [SECRET],
            "redirect_uri": [CALLBACK],
            "code": ["aPrx.code=="],
            "code_verifier": [VERIFIER],
        }
        assert "Authorization" not in request.headers, "the key goes in the body, not as Basic"
        assert answered == oauth.TokenAnswer(
            access_token="00Dx!planted.access",
            refresh_token="5Aep861.planted.refresh",
            instance_url=INSTANCE,
            org_id="00Dx0000000BV7zEAG",
            user_id="005x00000012Q9PAAU",
            scopes=frozenset({"refresh_token", "api", "id"}),
            issued_at=datetime(2010, 7, 6, 20, 40, 32, 702000, tzinfo=timezone.utc),
        )

    @pytest.mark.parametrize("scope", ["api", "full", "refresh_token web api id openid", ""])
    def test_other_scopes_than_asked_for_do_not_burn_the_code(self, salesforce, scope):
        salesforce.post(TOKEN_URL, json=token_body(scope=scope))
        assert exchange().scopes == frozenset(scope.split())

    def test_no_secret_is_shown(self, salesforce):
        salesforce.post(TOKEN_URL, json=token_body())
        answered = exchange()
        assert "planted" not in f"{answered!r} {vars(answered)!r}"

    @pytest.mark.parametrize(
        "body",
        [
            token_body("another secret"),
            {**token_body(), "signature": ""},
            {**token_body(), "issued_at": "1278448832703"},
            {**token_body(), "id": f"{LOGIN}/id/00Dx0000000EVIL/005x00000012Q9P"},
            {key: value for key, value in token_body().items() if key != "signature"},
        ],
    )
    def test_answer_that_is_not_signed_is_not_believed(self, salesforce, body):
        salesforce.post(TOKEN_URL, json=body)
        with pytest.raises(BadSignature):
            exchange()

    @pytest.mark.parametrize(
        "instance", ["https://evil.example", LOGIN, "", "http://acme.my.salesforce.com"]
    )
    def test_foreign_instance_is_refused(self, salesforce, instance):
        salesforce.post(TOKEN_URL, json=token_body(instance_url=instance))
        with pytest.raises(HostRefused):
            exchange()

    def test_foreign_login_host_gets_nothing(self, salesforce):
        with pytest.raises(HostRefused):
            oauth.exchange_code("https://evil.example", CLIENT_ID, SECRET, CALLBACK, "c", VERIFIER)

    @pytest.mark.parametrize(
        "name",
        [
            "token_concurrent_refresh_or_code_reused",
            "token_not_admin_approved",
            "token_eca_not_installed",
            "token_bad_secret",
        ],
    )
    def test_refused_exchange_is_never_a_dead_grant(self, salesforce, name):
        body = BODIES[name]["body"]
        salesforce.post(TOKEN_URL, json=body, status=400)
        with pytest.raises(OAuthRefused) as caught:
            exchange()
        assert (caught.value.code, caught.value.detail) == tuple(body.values())


class TestRefresh:
    def test_rotated_token_is_handed_over(self, salesforce):
        salesforce.post(TOKEN_URL, json=token_body(refresh_token="5Aep.new"))
        assert refresh().refresh_token == "5Aep.new"
        assert parse_qs(salesforce.calls[0].request.body) == {
            "grant_type": ["refresh_token"],
            "refresh_token": ["5Aep861.planted.old"],
            "client_id": [CLIENT_ID],
            "client_secret": [SECRET],
        }

    def test_without_rotation_there_is_no_new_refresh_token(self, salesforce):
        body = token_body()
        del body["refresh_token"]
        salesforce.post(TOKEN_URL, json=body)
        assert refresh().refresh_token is None

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("token_refresh_dead", GrantDead),
            ("token_inactive_user", GrantDead),
            ("token_concurrent_refresh_or_code_reused", GrantCollision),
            ("token_not_admin_approved", OAuthRefused),
            ("token_eca_not_installed", OAuthRefused),
            ("token_bad_secret", OAuthRefused),
        ],
    )
    def test_recorded_refusal_is_its_kind(self, salesforce, name, kind):
        salesforce.post(TOKEN_URL, json=BODIES[name]["body"], status=400)
        with pytest.raises(kind) as caught:
            refresh()
        assert type(caught.value) is kind
        assert not caught.value.may_have_run

    @pytest.mark.parametrize("code", ["rate_limit_exceeded", "unknown_error", "server_error"])
    def test_passing_refusal_is_an_outage_in_which_nothing_ran(self, salesforce, code):
        salesforce.post(TOKEN_URL, json={"error": code, "error_description": "retry"}, status=400)
        with pytest.raises(OAuthOutage) as caught:
            refresh()
        assert not caught.value.may_have_run

    @pytest.mark.parametrize(
        "behaviour",
        [
            answer(b"<html>maintenance</html>", status="503 Service Unavailable"),
            answer({"error": "invalid_grant"}, status="500 Internal Server Error"),
            answer(b"<html>not JSON</html>"),
            answer({"token": "missing"}),
            answer([1]),
            answer(b"", status="302 Found", headers={"Location": "https://evil.example/"}),
            answer(b"<html>blocked</html>", status="403 Forbidden"),
            sends(b""),
            sends(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"),
        ],
        ids=["503", "500", "html", "no token", "list", "redirect", "403", "closed", "short"],
    )
    def test_outage_is_no_dead_grant_and_may_have_rotated(self, wire, our_settings, behaviour):
        our_settings(EXTRA_HOSTS=(wire.origin,))
        wire.will(behaviour)
        with pytest.raises(OAuthOutage) as caught:
            oauth.refresh(wire.origin, CLIENT_ID, SECRET, "5Aep861.planted.old")
        assert caught.value.may_have_run
        assert len(wire.requests) == 1

    def test_unreachable_login_cannot_have_rotated(self, wire, our_settings):
        our_settings(EXTRA_HOSTS=(wire.origin,))
        wire.close()
        with pytest.raises(OAuthOutage) as caught:
            oauth.refresh(wire.origin, CLIENT_ID, SECRET, "5Aep861.planted.old")
        assert not caught.value.may_have_run

    def test_silent_login_is_cut_at_the_deadline(self, wire, our_settings):
        our_settings(EXTRA_HOSTS=(wire.origin,))
        wire.will(lambda connection: bool(connection.recv(1)))
        with pytest.raises(OAuthOutage):
            oauth.refresh(wire.origin, CLIENT_ID, SECRET, "old", deadline=0.3)

    def test_plain_http_is_spoken_to_the_simulator_only(self, wire, our_settings):
        our_settings(EXTRA_HOSTS=(wire.origin,))
        wire.will(answer(token_body(instance_url=wire.origin)))
        answered = oauth.refresh(wire.origin, CLIENT_ID, SECRET, "old")
        assert answered.instance_url == wire.origin
        our_settings(EXTRA_HOSTS=())
        with pytest.raises(HostRefused):
            oauth.refresh(wire.origin, CLIENT_ID, SECRET, "old")


def test_debug_logs_hold_no_secret(wire, our_settings, caplog):
    our_settings(EXTRA_HOSTS=(wire.origin,))
    caplog.set_level(logging.DEBUG)
    logging.getLogger("requests_oauthlib").setLevel(logging.DEBUG)
    logging.getLogger("requests_oauthlib.oauth2_session").setLevel(logging.DEBUG)
    answered = answer(token_body(instance_url=wire.origin))
    wire.will(answered, answered)
    oauth.exchange_code(wire.origin, CLIENT_ID, SECRET, CALLBACK, "planted.code", VERIFIER)
    oauth.refresh(wire.origin, CLIENT_ID, SECRET, "planted.old")
    assert "POST /services/oauth2/token" in caplog.text
    assert "planted" not in caplog.text
    assert VERIFIER not in caplog.text


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (BODIES["token_refresh_dead"]["body"], 400, GrantDead),
        (token_body("another secret"), 200, BadSignature),
        (token_body(instance_url="https://evil.example"), 200, HostRefused),
    ],
)
def test_no_frame_of_an_error_shows_a_secret(salesforce, body, status, kind):
    """As an error page or report would that prints the locals."""
    salesforce.post(TOKEN_URL, json=body, status=status)
    with pytest.raises(kind) as caught:
        oauth.refresh(LOGIN, "key", Secret(SECRET), Secret("5Aep861.planted.old"))
    frames = [frame for frame, _line in traceback.walk_tb(caught.value.__traceback__)][1:]
    assert frames
    assert not any("planted" in repr(frame.f_locals) for frame in frames)
    assert caught.value.__context__ is None
    assert "planted" not in f"{caught.value} {caught.value!r}"


class TestRevoke:
    URL = f"{INSTANCE}/services/oauth2/revoke"

    @pytest.mark.parametrize(("status", "body"), [(200, ""), (400, '{"error": "invalid_token"}')])
    def test_ended_or_already_ended_grant_is_fine(self, salesforce, status, body):
        salesforce.post(self.URL, body=body, status=status)
        oauth.revoke(INSTANCE, "5Aep861.planted")
        assert parse_qs(salesforce.calls[0].request.body) == {"token": ["5Aep861.planted"]}

    @pytest.mark.parametrize("status", [302, 500, 503])
    def test_anything_else_is_an_outage(self, salesforce, status):
        salesforce.post(self.URL, status=status)
        with pytest.raises(OAuthOutage):
            oauth.revoke(INSTANCE, "5Aep861.planted")

    def test_lost_connection_is_an_outage(self, wire, our_settings):
        our_settings(EXTRA_HOSTS=(wire.origin,))
        wire.will(sends(b""))
        with pytest.raises(OAuthOutage) as caught:
            oauth.revoke(wire.origin, "5Aep861.planted")
        assert caught.value.may_have_run


class TestIdentity:
    URL = f"{INSTANCE}/services/oauth2/userinfo"

    def test_user_is_named(self, salesforce):
        body = {
            "user_id": "005x00000012Q9PAAU",
            "organization_id": "00Dx0000000BV7zEAG",
            "preferred_username": "admin@acme.example",
            "name": "Ada Admin",
            "email": "ada@acme.example",
        }
        salesforce.get(self.URL, json=body)
        assert oauth.identity(INSTANCE, "token") == oauth.Identity(
            "00Dx0000000BV7zEAG", "005x00000012Q9PAAU", "admin@acme.example", "Ada Admin"
        )
        assert salesforce.calls[0].request.headers["Authorization"] == "Bearer token"

    @pytest.mark.parametrize(("status", "text"), [(401, "[]"), (403, "Bad_OAuth_Token")])
    def test_token_that_is_no_longer_good_is_an_expired_session(self, salesforce, status, text):
        salesforce.get(self.URL, body=text, status=status)
        with pytest.raises(SessionExpired):
            oauth.identity(INSTANCE, "token")

    def test_html_is_a_lost_answer(self, salesforce):
        salesforce.get(self.URL, body="<html>")
        with pytest.raises(AnswerLost):
            oauth.identity(INSTANCE, "token")
