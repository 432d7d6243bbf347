"""Independent calls in one; each counts as a call (contract 5.1)."""

from __future__ import annotations

from typing import Any

from ..errors import Refusal
from .calls import Answer, Call, bad_json
from .composite import part_call

MAX_PARTS = 25


def run(call: Call) -> Answer:
    body = call.record_body()
    parts = body.get("batchRequests")
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise bad_json("batchRequests must be a list of objects")
    if len(parts) > MAX_PARTS:
        raise Refusal("LIMIT_EXCEEDED", f"Limit exceeded: a batch takes {MAX_PARTS} subrequests")
    answers: list[Answer] = []
    for part in parts:
        has_failed = any(not answer.is_good for answer in answers)
        stop = body.get("haltOnError") is True and has_failed
        answers.append(halted() if stop else answer_part(call, part))
    results = [{"statusCode": answer.status, "result": answer.body} for answer in answers]
    has_errors = any(not answer.is_good for answer in answers)
    return Answer(
        200,
        {"hasErrors": has_errors, "results": results},
        records=sum(answer.records for answer in answers),
        calls=len(parts),
    )


def answer_part(call: Call, part: dict[str, Any]) -> Answer:
    """Addresses begin at the version, `v66.0/sobjects/…`."""
    url = str(part.get("url", "")).lstrip("/")
    url = url if url.startswith("services/data/") else f"services/data/{url}"
    try:
        sub = part_call(call, f"/{url}", str(part.get("method")), part.get("richInput"))
    except Refusal as refusal:
        return Answer.of(refusal)
    return call.dispatch(sub)


def halted() -> Answer:
    refusal = Refusal(
        "BATCH_PROCESSING_HALTED",
        "Batch processing halted per request based on previous subrequest error.",
        status=412,
    )
    return Answer.of(refusal)
