"""Contract 1.1-1.5: the authorize endpoint and its pages."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from sandbox.salesforce.browser import Browser
from sandbox.salesforce.launch import Simulator

CALLBACK = "http://127.0.0.1:9/callback?site=1"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
ADMIN = "admin@acme.example"


def authorize_url(salesforce: Simulator, host: str = "", **more: Any) -> str:
    query = {
        "response_type": "code",
        "client_id": salesforce.client_id,
        "redirect_uri": CALLBACK,
        "scope": "api refresh_token id",
        "state": "st&te",
        "code_challenge": CHALLENGE.decode(),
        "code_challenge_method": "S256",
        **more,
    }
    sent = {name: value for name, value in query.items() if value is not None}
    return f"{host or salesforce.login_url}/services/oauth2/authorize?{urlencode(sent)}"


def answer_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def exchange(salesforce: Simulator, code: str, **more: Any) -> requests.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": salesforce.client_id,
        "client_secret": salesforce.client_secret,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **more,
    }
    return post_token(salesforce, {k: v for k, v in form.items() if v is not None})


def post_token(salesforce: Simulator, form: dict[str, str], host: str = "") -> requests.Response:
    url = f"{host or salesforce.login_url}/services/oauth2/token"
    return requests.post(url, data=form, timeout=10)


def new_code(salesforce: Simulator, username: str = ADMIN, **more: Any) -> str:
    return answer_of(salesforce.authorize(authorize_url(salesforce, **more), username))["code"]


def test_authorize_allowed_returns_code_and_state(salesforce: Simulator) -> None:
    address = salesforce.authorize(authorize_url(salesforce))
    assert address.startswith(CALLBACK + "&")
    assert answer_of(address)["state"] == "st&te"
    assert exchange(salesforce, answer_of(address)["code"]).status_code == 200


def test_authorize_denied_returns_access_denied(salesforce: Simulator) -> None:
    address = salesforce.authorize(authorize_url(salesforce), decision="deny")
    assert answer_of(address)["error"] == "access_denied"
    assert answer_of(address)["state"] == "st&te"


def test_login_pages_show_app_scopes_and_escape_what_was_typed(salesforce: Simulator) -> None:
    session = requests.Session()
    page = session.get(authorize_url(salesforce, login_hint='"><b>x'), timeout=10)
    assert "&#34;&gt;&lt;b&gt;x" in page.text
    assert "<b>x" not in page.text


def test_authorize_with_wrong_password_shows_the_login_again(salesforce: Simulator) -> None:
    with pytest.raises(ValueError, match="did not accept"):
        salesforce.authorize(authorize_url(salesforce), password="wrong")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example/callback"}, "redirect_uri_mismatch"),
    ],
)
def test_authorize_with_unknown_app_or_callback_stays_at_salesforce(
    salesforce: Simulator, change: dict[str, str], error: str
) -> None:
    answer = requests.get(authorize_url(salesforce, **change), allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/setup/secur/RemoteAccessErrorPage?")
    assert answer_of(answer.headers["Location"])["error"] == error


def test_authorize_with_registered_callbacks_takes_only_the_exact_one(
    salesforce: Simulator,
) -> None:
    app = {"client_id": "exact", "client_secret": "s", "name": "Exact", "redirect_uris": [CALLBACK]}
    salesforce.control("POST", "apps", app)
    good = salesforce.authorize(authorize_url(salesforce, client_id="exact"))
    bad = requests.get(
        authorize_url(salesforce, client_id="exact", redirect_uri=CALLBACK + "2"),
        allow_redirects=False,
        timeout=10,
    )
    assert "code" in answer_of(good)
    assert "redirect_uri_mismatch" in bad.headers["Location"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "too-short"}, "invalid_request"),
    ],
)
def test_authorize_with_bad_parameters_tells_the_callback(
    salesforce: Simulator, change: dict[str, Any], error: str
) -> None:
    answer = requests.get(authorize_url(salesforce, **change), allow_redirects=False, timeout=10)
    assert answer.headers["Location"].startswith(CALLBACK)
    assert answer_of(answer.headers["Location"])["error"] == error


def test_authorize_without_challenge_is_refused_where_pkce_is_required(
    salesforce: Simulator,
) -> None:
    url = authorize_url(salesforce, code_challenge=None, code_challenge_method=None)
    assert answer_of(salesforce.authorize(url))["error"] == "invalid_request"
    salesforce.switch(require_pkce=False)
    code = answer_of(salesforce.authorize(url))["code"]
    assert exchange(salesforce, code, code_verifier=None).status_code == 200


def test_authorize_asking_for_a_scope_not_ticked_fails_after_login(salesforce: Simulator) -> None:
    address = salesforce.authorize(authorize_url(salesforce, scope="api full"))
    assert answer_of(address)["error"] == "OAUTH_APPROVAL_ERROR_GENERIC"


def test_authorize_as_integration_user_cannot_finish(salesforce: Simulator) -> None:
    address = salesforce.authorize(authorize_url(salesforce), "integration@acme.example")
    assert answer_of(address)["error"] == "OAUTH_APPROVAL_ERROR_GENERIC"


def test_authorize_local_app_in_another_org_is_not_installed(salesforce: Simulator) -> None:
    url = authorize_url(salesforce, client_id="3MVG9.simulator.org2")
    assert answer_of(salesforce.authorize(url))["error"] == "OAUTH_EC_APP_NOT_FOUND"


def test_authorize_for_an_app_that_admins_approve_refuses_others(salesforce: Simulator) -> None:
    salesforce.control("PATCH", f"apps/{salesforce.client_id}", {"approved": []})
    address = salesforce.authorize(authorize_url(salesforce))
    assert answer_of(address)["error"] == "OAUTH_APPROVAL_ERROR_GENERIC"


def test_login_at_general_host_lets_the_user_decide_the_org(salesforce: Simulator) -> None:
    code = new_code(salesforce, "admin@acme.example.uat")
    assert exchange(salesforce, code).json()["instance_url"] == salesforce.instance_url(2)


def test_login_at_my_domain_knows_only_its_own_users(salesforce: Simulator) -> None:
    url = authorize_url(salesforce, salesforce.instance_url(2))
    assert "code" in answer_of(salesforce.authorize(url, "admin@acme.example.uat"))
    with pytest.raises(ValueError, match="did not accept"):
        salesforce.authorize(url, ADMIN)


def test_login_at_general_host_is_refused_where_the_org_wants_my_domain(
    salesforce: Simulator,
) -> None:
    salesforce.switch(2, my_domain_only=True)
    with pytest.raises(ValueError, match="did not accept"):
        salesforce.authorize(authorize_url(salesforce), "admin@acme.example.uat")


def test_authorize_while_signed_in_goes_straight_back_unless_prompted(
    salesforce: Simulator,
) -> None:
    browser = Browser()
    first = browser.authorize(authorize_url(salesforce), ADMIN)
    assert exchange(salesforce, answer_of(first)["code"]).status_code == 200
    straight = browser.authorize(authorize_url(salesforce), "nobody", "wrong")
    assert "code" in answer_of(straight)
    with pytest.raises(ValueError, match="did not accept"):
        browser.authorize(authorize_url(salesforce, prompt="login consent"), "nobody", "wrong")
    denied = browser.authorize(authorize_url(salesforce, prompt="consent"), ADMIN, decision="deny")
    assert answer_of(denied)["error"] == "access_denied"


def test_discovery_names_the_endpoints(salesforce: Simulator) -> None:
    url = f"{salesforce.login_url}/.well-known/openid-configuration"
    found = requests.get(url, timeout=10).json()
    oauth = f"{salesforce.login_url}/services/oauth2"
    assert found["authorization_endpoint"] == f"{oauth}/authorize"
    assert found["revocation_endpoint"] == f"{oauth}/revoke"
    assert {"api", "refresh_token", "id", "openid"} <= set(found["scopes_supported"])
