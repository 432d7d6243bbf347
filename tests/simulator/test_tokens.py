"""Contract 1.3, 1.6-1.9 and 2: tokens, and how they end."""

from __future__ import annotations

import base64
import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from sandbox.salesforce.launch import Simulator

from .conftest import Rest
from .test_oauth import exchange, new_code, post_token

DEAD = {"error": "invalid_grant", "error_description": "expired access/refresh token"}
COLLISION = {"error": "invalid_grant", "error_description": "expired authorization code"}


def refresh(salesforce: Simulator, token: str, **more: str) -> requests.Response:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": salesforce.client_id,
        "client_secret": salesforce.client_secret,
        **more,
    }
    return post_token(salesforce, form)


def works(token: dict[str, Any]) -> bool:
    answer = requests.get(
        f"{token['instance_url']}/services/data/v66.0/limits",
        headers={"Authorization": f"Bearer {token['access_token']}"},
        timeout=10,
    )
    return answer.status_code == 200


def test_exchange_answers_signed_and_without_expires_in(salesforce: Simulator) -> None:
    answer = exchange(salesforce, new_code(salesforce))
    body = answer.json()
    assert set(body) == {
        "access_token", "refresh_token", "signature", "scope", "instance_url", "id",
        "token_type", "issued_at", "api_instance_url",
    }  # fmt: skip
    signed = hmac.new(
        salesforce.client_secret.encode(),
        (body["id"] + body["issued_at"]).encode(),
        hashlib.sha256,
    )
    assert body["signature"] == base64.b64encode(signed.digest()).decode()
    assert len(body["issued_at"]) == 13
    assert body["api_instance_url"] == "https://api.salesforce.com"
    assert answer.headers["Cache-Control"] == "no-store"


def test_exchange_grants_id_unasked_and_keeps_the_refresh_token_for_those_who_ask(
    salesforce: Simulator,
) -> None:
    body = exchange(salesforce, new_code(salesforce, scope="api")).json()
    assert set(body["scope"].split()) == {"api", "id"}
    assert "refresh_token" not in body


def test_exchange_with_openid_brings_an_id_token_for_the_app(salesforce: Simulator) -> None:
    body = exchange(salesforce, new_code(salesforce, scope="api openid")).json()
    claims = base64.urlsafe_b64decode(body["id_token"].split(".")[1] + "==")
    assert salesforce.client_id in claims.decode()
    assert requests.get(f"{salesforce.login_url}/id/keys", timeout=10).json()["keys"]


@pytest.mark.parametrize(
    ("change", "error", "description"),
    [
        ({"code": "made-up"}, "invalid_grant", "expired authorization code"),
        ({"client_secret": "no"}, "invalid_client", "invalid client credentials"),
        ({"client_id": "no"}, "invalid_client_id", "client identifier invalid"),
        ({"redirect_uri": "http://127.0.0.1:9/"}, "redirect_uri_mismatch", "must match"),
        ({"code_verifier": "w" * 64}, "invalid_request", "invalid code verifier"),
        ({"code_verifier": None}, "invalid_grant", "missing required code verifier"),
        ({"grant_type": "password"}, "unsupported_grant_type", "not supported"),
    ],
)
def test_exchange_with_one_thing_wrong_is_400_with_an_object(
    salesforce: Simulator, change: dict[str, Any], error: str, description: str
) -> None:
    answer = exchange(salesforce, **{"code": new_code(salesforce), **change})
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert description in answer.json()["error_description"]


def test_code_used_twice_is_refused(salesforce: Simulator) -> None:
    code = new_code(salesforce)
    assert exchange(salesforce, code).status_code == 200
    assert exchange(salesforce, code).json() == COLLISION


def test_exchange_takes_credentials_by_http_basic(salesforce: Simulator) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": salesforce.grant()["refresh_token"]}
    answer = requests.post(
        f"{salesforce.login_url}/services/oauth2/token",
        data=form,
        auth=(salesforce.client_id, salesforce.client_secret),
        timeout=10,
    )
    assert answer.status_code == 200


def test_refresh_without_rotation_brings_no_refresh_token(salesforce: Simulator) -> None:
    token = salesforce.grant()
    answer = refresh(salesforce, token["refresh_token"]).json()
    assert "refresh_token" not in answer
    assert answer["id"] == token["id"]
    assert works(answer)
    assert refresh(salesforce, token["refresh_token"]).status_code == 200


def test_refresh_with_rotation_spends_the_token(salesforce: Simulator) -> None:
    salesforce.switch(rotation=True)
    first = salesforce.grant()
    second = refresh(salesforce, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert refresh(salesforce, second["refresh_token"]).status_code == 200


def test_reuse_of_a_spent_refresh_token_revokes_everything(salesforce: Simulator) -> None:
    salesforce.switch(rotation=True)
    first = salesforce.grant()
    second = refresh(salesforce, first["refresh_token"]).json()
    reused = refresh(salesforce, first["refresh_token"])
    assert (reused.status_code, reused.json()) == (400, DEAD)
    assert refresh(salesforce, second["refresh_token"]).json() == DEAD
    assert not works(second)


def test_rotation_whose_answer_is_lost_kills_the_old_token(salesforce: Simulator) -> None:
    salesforce.switch(rotation=True)
    token = salesforce.grant()["refresh_token"]
    salesforce.fault("commit_then_503", path="/token")
    assert refresh(salesforce, token).status_code == 503
    assert refresh(salesforce, token).json() == DEAD


@pytest.mark.parametrize("rotation", [False, True])
def test_two_refreshes_at_once_collide(salesforce: Simulator, rotation: bool) -> None:
    salesforce.switch(refresh_ms=300, rotation=rotation)
    token = salesforce.grant()["refresh_token"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: refresh(salesforce, token), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert COLLISION in [answer.json() for answer in answers]


def test_refresh_of_another_app_or_org_host_is_dead(salesforce: Simulator) -> None:
    token = salesforce.grant()["refresh_token"]
    local = {
        "client_id": "3MVG9.simulator.org1",
        "client_secret": "simulator-secret-org1",
    }
    assert refresh(salesforce, token, **local).json() == DEAD
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": salesforce.client_id,
        "client_secret": salesforce.client_secret,
    }
    assert post_token(salesforce, form, salesforce.instance_url(2)).json() == DEAD


def test_sixth_grant_of_a_user_and_app_revokes_the_oldest(salesforce: Simulator) -> None:
    tokens = [salesforce.grant() for _ in range(6)]
    assert refresh(salesforce, tokens[0]["refresh_token"]).json() == DEAD
    assert not works(tokens[0])
    assert refresh(salesforce, tokens[1]["refresh_token"]).status_code == 200


def test_session_dies_unused_and_slides_while_used(salesforce: Simulator) -> None:
    token = salesforce.grant()
    assert works(token)
    salesforce.switch(access_token_seconds=0)
    assert not works(token)
    salesforce.switch(access_token_seconds=7200)
    assert not works(token)
    assert works(refresh(salesforce, token["refresh_token"]).json())


def test_killed_session_leaves_the_refresh_token(salesforce: Simulator) -> None:
    token = salesforce.grant()
    salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    assert not works(token)
    assert refresh(salesforce, token["refresh_token"]).status_code == 200


def test_revoking_grants_by_an_administrator_kills_the_refresh_token(
    salesforce: Simulator,
) -> None:
    token = salesforce.grant()
    salesforce.control("POST", "orgs/1/tokens", {"act": "revoke_grants", "user": ""})
    assert refresh(salesforce, token["refresh_token"]).json() == DEAD


def test_frozen_user_is_inactive_for_refresh_and_rest(salesforce: Simulator) -> None:
    token = salesforce.grant()
    salesforce.control("PATCH", "orgs/1/users/admin", {"is_active": False})
    answer = refresh(salesforce, token["refresh_token"])
    assert answer.json() == {"error": "invalid_grant", "error_description": "inactive user"}
    assert not works(token)


def test_refresh_after_the_app_was_removed_or_unapproved(salesforce: Simulator) -> None:
    token = salesforce.grant()["refresh_token"]
    app = f"apps/{salesforce.client_id}"
    salesforce.control("PATCH", app, {"approved": []})
    assert refresh(salesforce, token).json() == {
        "error": "invalid_app_access",
        "error_description": "user is not admin approved to access this app",
    }
    salesforce.control("PATCH", app, {"approved": None, "orgs": []})
    assert refresh(salesforce, token).json() == {
        "error": "app_not_found",
        "error_description": "External client app is not installed in this org",
    }


def test_refresh_with_a_scripted_login_policy_answers_its_words(salesforce: Simulator) -> None:
    token = salesforce.grant()["refresh_token"]
    policy = {"token_error": ["invalid_grant", "ip restricted"]}
    salesforce.control("PATCH", "orgs/1/users/admin", policy)
    assert refresh(salesforce, token).json() == {
        "error": "invalid_grant",
        "error_description": "ip restricted",
    }
    salesforce.fault(
        "token_error", path="/token", code="rate_limit_exceeded", message="login rate exceeded"
    )
    assert refresh(salesforce, token).json()["error"] == "rate_limit_exceeded"


def revoke(salesforce: Simulator, token: str) -> requests.Response:
    url = f"{salesforce.login_url}/services/oauth2/revoke"
    return requests.post(url, data={"token": token}, timeout=10)


def test_revoking_the_refresh_token_ends_its_sessions(salesforce: Simulator) -> None:
    token = salesforce.grant()
    assert revoke(salesforce, token["refresh_token"]).status_code == 200
    assert not works(token)
    assert refresh(salesforce, token["refresh_token"]).json() == DEAD
    again = revoke(salesforce, token["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_revoking_an_access_token_ends_only_that_session(salesforce: Simulator) -> None:
    token = salesforce.grant()
    assert revoke(salesforce, token["access_token"]).status_code == 200
    assert not works(token)
    assert refresh(salesforce, token["refresh_token"]).status_code == 200
    assert revoke(salesforce, "").json()["error"] == "unsupported_token_type"


def test_identity_and_userinfo_tell_the_user_and_the_org(rest: Rest) -> None:
    known = rest.session.get(rest.token["id"], timeout=10).json()
    assert f"/id/{known['organization_id']}/{known['user_id']}" in rest.token["id"]
    assert known["urls"]["rest"].endswith("/services/data/v{version}/")
    url = f"{rest.instance_url}/services/oauth2/userinfo?version=latest"
    found = rest.session.get(url, timeout=10).json()
    assert found["preferred_username"] == "admin@acme.example"
    assert found["urls"]["rest"].endswith("/services/data/v67.0/")


def test_identity_with_a_wrong_token_is_403_in_text(salesforce: Simulator) -> None:
    url = f"{salesforce.login_url}/services/oauth2/userinfo"
    answer = requests.get(url, headers={"Authorization": "Bearer no"}, timeout=10)
    assert (answer.status_code, answer.text) == (403, "Bad_OAuth_Token")


def test_introspect_tells_until_when_a_token_lives(salesforce: Simulator) -> None:
    url = f"{salesforce.login_url}/services/oauth2/introspect"
    token = salesforce.grant()["access_token"]
    app = {"client_id": salesforce.client_id, "client_secret": salesforce.client_secret}
    alive = requests.post(url, data={**app, "token": token}, timeout=10).json()
    assert alive["active"]
    assert alive["exp"] - alive["iat"] >= 7199
    dead = requests.post(url, data={**app, "token": "no"}, timeout=10).json()
    assert dead == {"active": False}


def test_call_log_shows_no_token_or_secret(salesforce: Simulator) -> None:
    code = new_code(salesforce)
    token = exchange(salesforce, code).json()
    refresh(salesforce, token["refresh_token"])
    shown = str(salesforce.calls())
    for secret in (
        code,
        token["access_token"],
        token["refresh_token"],
        salesforce.client_secret,
        "password=lightning",
    ):
        assert secret not in shown


def test_session_of_one_org_is_nothing_to_another(salesforce: Simulator) -> None:
    token = salesforce.grant(1)
    assert works(token)
    assert not works({**token, "instance_url": salesforce.instance_url(2)})
