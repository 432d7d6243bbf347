"""Every error body that was recorded from real orgs, provoked here and compared whole.

`recorded/errors.json` has them in the shape and with the codes of the recordings (contract 7.1),
told about this org's own fields; `<id>` stands for a record id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from .conftest import Rest, part
from .test_oauth import authorize_url, exchange, new_code
from .test_tokens import refresh

RECORDED = json.loads((Path(__file__).parent / "recorded/errors.json").read_text())
ID = re.compile(r"\b00[0-9A-Za-z][0-9A-Za-z]{12}(?:[A-Z0-5]{3})?\b")
LEAD = {"LastName": "Yamada", "Company": "Acme"}
TWIN = {**LEAD, "Email": "a@b.co"}

Act = Callable[[Rest], requests.Response]


def killed(rest: Rest) -> requests.Response:
    rest.salesforce.control("POST", "orgs/1/tokens", {"act": "kill_sessions"})
    return rest("GET", "/limits")


def refreshed_after(path: str, data: dict[str, Any]) -> Act:
    def act(rest: Rest) -> requests.Response:
        rest.salesforce.control("PATCH", path, data)
        return refresh(rest.salesforce, rest.token["refresh_token"])

    return act


def refreshed_by_another(rest: Rest) -> requests.Response:
    return refresh(rest.salesforce, "never-issued")


def code_twice(rest: Rest) -> requests.Response:
    code = new_code(rest.salesforce)
    exchange(rest.salesforce, code)
    return exchange(rest.salesforce, code)


def wrong_secret(rest: Rest) -> requests.Response:
    return refresh(rest.salesforce, rest.token["refresh_token"], client_secret="wrong")


def authorized(**change: str) -> Act:
    def act(rest: Rest) -> requests.Response:
        url = authorize_url(rest.salesforce, **change)
        return requests.get(url, allow_redirects=False, timeout=10)

    return act


def struck(fault: str) -> Act:
    def act(rest: Rest) -> requests.Response:
        rest.salesforce.fault(fault)
        return rest.create(LEAD)

    return act


def created(data: dict[str, Any], user: str = "admin") -> Act:
    return lambda rest: Rest(rest.salesforce, user).create(data)


def member_of(rest: Rest, lead_id: str, user: Rest | None = None) -> requests.Response:
    campaign = rest.salesforce.campaign("Spring fair 2027")
    return (user or rest).create({"LeadId": lead_id, "CampaignId": campaign}, "CampaignMember")


def member_twice(rest: Rest) -> requests.Response:
    lead_id = rest.lead()
    member_of(rest, lead_id)
    return member_of(rest, lead_id)


def member_out_of_sight(rest: Rest) -> requests.Response:
    rest.salesforce.switch(private_sharing=True)
    return member_of(rest, rest.lead(), Rest(rest.salesforce, "marketing"))


def member_deleted(rest: Rest) -> requests.Response:
    lead_id = rest.lead()
    rest("DELETE", f"/sobjects/Lead/{lead_id}")
    return member_of(rest, lead_id)


def many_matches(rest: Rest) -> requests.Response:
    rest.lead(Email="a@b.co")
    rest.lead(Email="a@b.co")
    return rest("PATCH", "/sobjects/Lead/Email/a@b.co", LEAD)


def twin(version: str) -> Act:
    def act(rest: Rest) -> requests.Response:
        rest.create(TWIN)
        return rest("POST", "/sobjects/Lead", TWIN, version=version)

    return act


def twin_in_collection(rest: Rest) -> requests.Response:
    rest.create(TWIN)
    return rest.collection([TWIN])


def rolled_back_composite(rest: Rest) -> requests.Response:
    good, bad = part("POST", "/sobjects/Lead", "a", LEAD), part("POST", "/sobjects/Lead", "b", {})
    return rest.composite(good, bad, allOrNone=True)


ACTS: dict[str, Act] = {
    "session_expired": killed,
    "token_refresh_dead": refreshed_by_another,
    "token_code_reused": code_twice,
    "token_inactive_user": refreshed_after("orgs/1/users/admin", {"is_active": False}),
    "token_not_admin_approved": refreshed_after(
        "apps/3MVG9.simulator.everywhere", {"approved": []}
    ),
    "token_app_not_installed": refreshed_after("apps/3MVG9.simulator.everywhere", {"orgs": []}),
    "token_bad_secret": wrong_secret,
    "callback_redirect_uri": authorized(redirect_uri="https://evil.example/"),
    "callback_bad_client": authorized(client_id="nobody"),
    "daily_limit": struck("daily_limit"),
    "concurrent_limit": struck("concurrent_limit"),
    "required_field": created({"LastName": "x"}),
    "restricted_picklist": created({**LEAD, "Region__c": "Mars, north"}),
    "string_too_long": created({**LEAD, "FirstName": "abcdefghij" * 4 + "X"}),
    "field_security": created({**LEAD, "LeadSource": "Web"}, "fields"),
    "unknown_field": created({**LEAD, "foo": 1}),
    "no_access_to_reference": member_out_of_sight,
    "bad_reference": lambda rest: member_of(rest, "00Q5g00000ZZZZZAAA"),
    "entity_deleted": member_deleted,
    "row_lock": struck("row_lock"),
    "json_parser": created({**LEAD, "Visit_Date__c": "2013-08-12T15:20"}),
    "id_in_body": created({**LEAD, "Id": "00Q5g00000ZZZZZAAA"}),
    "external_id_unknown": lambda rest: rest("PATCH", "/sobjects/Lead/Namez/x", LEAD),
    "external_id_matches_many": many_matches,
    "not_found": lambda rest: rest("GET", "/nonsense"),
    "malformed_id": lambda rest: rest("GET", "/sobjects/Lead/001900K0001pPuOAAU"),
    "already_member": member_twice,
    "duplicates_new_spelling": twin("60.0"),
    "duplicates_old_spelling": twin("50.0"),
    "collections_item_duplicate": twin_in_collection,
    "collections_rolled_back": lambda rest: rest.collection([LEAD, {}], allOrNone=True),
    "composite_rolled_back": rolled_back_composite,
}


def told(answer: requests.Response) -> Any:
    """The body, with ids and places masked; of a redirect the query."""
    if answer.status_code == 302:
        return answer.headers["Location"].partition("?")[2]
    text = re.sub(r"column:\d+", "column:<n>", ID.sub("<id>", answer.text))
    body = json.loads(text)
    for error in body if isinstance(body, list) else []:
        for key in {"duplicateResult", "duplicateResut"} & set(error):
            error[key] = "<result>"
    return body


@pytest.mark.parametrize("name", ACTS)
def test_recorded_body_is_reproduced(rest: Rest, name: str) -> None:
    answer = ACTS[name](rest)
    assert {"http": answer.status_code, "body": told(answer)} == RECORDED[name]


def test_match_block_of_a_duplicate_is_reproduced(rest: Rest) -> None:
    answer = twin("66.0")(rest)
    block = json.loads(ID.sub("<id>", answer.text))[0]["duplicateResult"]
    assert block == RECORDED["duplicate_result"]["body"]


def test_every_recorded_body_is_provoked() -> None:
    assert set(ACTS) | {"duplicate_result"} == set(RECORDED)
