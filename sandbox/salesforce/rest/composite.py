"""Several calls in one, with references between them (contract 5.3)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..errors import Refusal
from .calls import Answer, Call, bad_json
from .references import LEGAL_ID, Answers, halted, illegal_id

MAX_PARTS = 25
MAX_QUERIES = 5
FORBIDDEN_HEADERS = {"accept", "authorization", "content-type"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
ADDRESS = re.compile(r"/services/data/v(\d+\.\d)(/.*)", re.ASCII)
SUPPORTED = re.compile(r"/(?:sobjects|query|queryAll)(?:/.*)?|/composite/sobjects(?:/.*)?")
COUNTED = re.compile(r"/(?:query|queryAll|composite/sobjects)(?:/.*)?")
ROLLED_BACK = (
    "The transaction was rolled back since another operation in the same transaction failed."
)


def run(call: Call) -> Answer:
    body = call.record_body()
    parts = body.get("compositeRequest")
    check(parts)
    all_or_none = body.get("allOrNone") is True
    with call.org.store.transaction() as transaction:
        answers = answer_all(call, parts, all_or_none)
        if all_or_none and any(failed(answer) for answer in answers):
            transaction.rollback()
            answers = [answer if failed(answer) else rolled_back(answer) for answer in answers]
    together = [
        entry(answer, part["referenceId"]) for answer, part in zip(answers, parts, strict=True)
    ]
    records = sum(answer.records for answer in answers)
    return Answer(200, {"compositeResponse": together}, records=records)


def answer_all(call: Call, parts: list[dict[str, Any]], all_or_none: bool) -> list[Answer]:
    """An answer a part, in order; after a failure with allOrNone nothing more is run."""
    done = Answers()
    answers = []
    stopped = False
    for part in parts:
        answer = Answer.of(halted(ROLLED_BACK)) if stopped else answer_part(call, part, done)
        answers.append(answer)
        done.answers[part["referenceId"]] = answer
        stopped = stopped or (all_or_none and failed(answer))
    return answers


def answer_part(call: Call, part: dict[str, Any], done: Answers) -> Answer:
    try:
        sub = part_call(call, done.fill(part["url"]), part["method"], done.fill(part.get("body")))
        sub.headers = part_headers(call, part)
        if not SUPPORTED.fullmatch(sub.path):
            raise Refusal("INVALID_INPUT", f"Unsupported subrequest url: {part['url']}")
    except Refusal as refusal:
        return Answer.of(refusal)
    return call.dispatch(sub)


def part_call(call: Call, url: str, method: str, body: Any) -> Call:
    """Raises Refusal unless the address is a versioned path."""
    address = urlsplit(url)
    found = ADDRESS.fullmatch(address.path)
    if found is None:
        raise Refusal("NOT_FOUND", "The requested resource does not exist", status=404)
    query = dict(parse_qsl(address.query, keep_blank_values=True))
    return replace(
        call, method=method, version=found[1], path=found[2], query=query, headers={}, body=body
    )


def part_headers(call: Call, part: dict[str, Any]) -> dict[str, str]:
    """A part's own headers; those on top are not known to trickle down (contract 6)."""
    inherited = call.headers if call.org.switches.composite_takes_top_headers else {}
    own = part.get("httpHeaders") or {}
    return {**inherited, **{name.lower(): str(value) for name, value in own.items()}}


def check(parts: Any) -> None:
    """Raises Refusal for what makes the whole request fail."""
    if not isinstance(parts, list) or not parts:
        raise bad_json("compositeRequest must be a list of subrequests")
    if len(parts) > MAX_PARTS:
        raise Refusal(
            "LIMIT_EXCEEDED", f"Limit exceeded: a composite request takes {MAX_PARTS} subrequests"
        )
    seen: set[str] = set()
    for part in parts:
        check_part(part, seen)
    counted = sum(1 for part in parts if COUNTED.fullmatch(after_version(part["url"])))
    if counted > MAX_QUERIES:
        raise Refusal(
            "LIMIT_EXCEEDED",
            f"Limit exceeded: {MAX_QUERIES} subrequests may be queries or sObject collections",
        )


def check_part(part: Any, seen: set[str]) -> None:
    if not isinstance(part, dict) or not isinstance(part.get("url"), str):
        raise bad_json("A subrequest needs method, url and referenceId")
    reference = part.get("referenceId")
    if not isinstance(reference, str) or not LEGAL_ID.fullmatch(reference):
        raise Refusal("INVALID_INPUT", illegal_id(str(reference)))
    if reference in seen:
        raise Refusal("INVALID_INPUT", f"Duplicate referenceId provided: {reference}")
    seen.add(reference)
    if part.get("method") not in METHODS:
        raise Refusal("INVALID_INPUT", f"Unsupported HTTP method: {part.get('method')}")
    headers = part.get("httpHeaders") or {}
    if not isinstance(headers, dict):
        raise bad_json("httpHeaders must be an object")
    for name in headers:
        if name.lower() in FORBIDDEN_HEADERS:
            raise Refusal("INVALID_INPUT", f"Header {name} is not allowed in a subrequest")


def after_version(url: str) -> str:
    found = ADDRESS.fullmatch(urlsplit(url).path)
    return found[2] if found else ""


def failed(answer: Answer) -> bool:
    """Whether the part, or one record of its collection, was refused."""
    if not answer.is_good:
        return True
    return isinstance(answer.body, list) and any(
        isinstance(item, dict) and item.get("success") is False for item in answer.body
    )


def rolled_back(answer: Answer) -> Answer:
    """A collection keeps saying success, though nothing was saved (contract 5.3)."""
    if isinstance(answer.body, list) and answer.is_good:
        return answer
    return Answer.of(halted(ROLLED_BACK))


def entry(answer: Answer, reference: str) -> dict[str, Any]:
    return {
        "body": answer.body,
        "httpHeaders": answer.headers,
        "httpStatusCode": answer.status,
        "referenceId": reference,
    }
