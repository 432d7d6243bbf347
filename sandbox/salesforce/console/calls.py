"""The call log, decoded: what each call asks for, and what was refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from ..call_log import LoggedCall
from ..faults import words_of
from .arrived import clock
from .frame import org_of, shown

SHOWN = 200
#: As many readings are remembered: a page is read again every other second.
REMEMBERED = 2000
VERSIONED = re.compile(r"/services/(?:data/v[0-9.]+|oauth2)(?=/)")
#: Keys whose value is an error's code, in REST, composite, collections and OAuth answers.
CODE_KEYS = ("errorCode", "statusCode", "error")


def place(path: str) -> str:
    """The path without what all calls have in common, and without its query."""
    plain = urlsplit(path).path
    return VERSIONED.sub("", plain) or plain


def parameters(path: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(path).query, keep_blank_values=True)


@lru_cache(maxsize=REMEMBERED)
def asks(path: str, body: bytes) -> tuple[str, ...]:
    """One line for each thing that a call asks for: SOQL, or the parts of a composite call."""
    if soql := dict(parameters(path)).get("q"):
        return (soql,)
    data = parsed(body)
    parts = [line_of(part) for part in subrequests(data)]
    types = Counter(typed(record) for record in entries(data, "records"))
    return (*parts, *(f"{count} × {name}" for name, count in types.items()))


def line_of(part: dict[str, Any]) -> str:
    path = str(part.get("url", ""))
    soql = dict(parameters(path)).get("q")
    return soql or f"{part.get('method', '')} {place(path)}"


def subrequests(data: Any) -> Iterator[dict[str, Any]]:
    yield from entries(data, "compositeRequest")
    yield from entries(data, "batchRequests")
    for graph in entries(data, "graphs"):
        yield from entries(graph, "compositeRequest")


def subanswers(data: Any) -> Iterator[dict[str, Any]]:
    yield from entries(data, "compositeResponse")
    yield from entries(data, "results")
    for graph in entries(data, "graphs"):
        yield from entries(graph.get("graphResponse"), "compositeResponse")


def entries(data: Any, name: str) -> list[dict[str, Any]]:
    """The objects of a list in an object; none where a caller sent something else."""
    found = data.get(name) if isinstance(data, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def typed(record: dict[str, Any]) -> str:
    attributes = record.get("attributes")
    return str(attributes.get("type", "record")) if isinstance(attributes, dict) else "record"


def parsed(body: bytes | str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


@lru_cache(maxsize=REMEMBERED)
def refusals(answer: bytes) -> tuple[str, ...]:
    """The error codes in an answer, each with how often it is there."""
    found = Counter(codes(parsed(answer)))
    return tuple(code if count == 1 else f"{count} × {code}" for code, count in found.items())


def codes(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for each in data:
            yield from codes(each)
    elif isinstance(data, dict):
        yield from (data[key] for key in CODE_KEYS if isinstance(data.get(key), str))
        for value in data.values():
            yield from codes(value)


def exchanges(call: LoggedCall) -> list[tuple[str, str, Any, tuple[str, ...]]]:
    """Reference, wish, status and codes of each part of a composite, batch or graph call."""
    answers = list(subanswers(parsed(call.answer)))
    return [
        (
            part.get("referenceId", ""),
            line_of(part),
            answer.get("httpStatusCode") or answer.get("statusCode"),
            tuple(codes(answer.get("body") or answer.get("result"))),
        )
        for part, answer in zip(subrequests(parsed(call.request)), answers, strict=False)
    ]


def readable(text: str, content_type: str = "") -> str:
    """A body to look at: indented JSON, a form's fields on lines, or as it is."""
    if "form-urlencoded" in content_type:
        fields = parse_qsl(text, keep_blank_values=True)
        return "\n".join(f"{name} = {value}" for name, value in fields)
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


READINGS = {"asks": asks, "place": place, "refusals": refusals, "clock": clock}


async def calls(request: web.Request) -> web.Response:
    newest = list(org_of(request).log.calls)[-SHOWN:]
    return shown(request, "calls", subject="calls", calls=newest[::-1], **READINGS)


async def call(request: web.Request) -> web.Response:
    org = org_of(request)
    found = org.log.get(int(request.match_info["number"]))
    if found is None:
        return shown(request, "missing", status=404, what="call")
    masked = found.as_json()
    return shown(
        request,
        "call",
        subject="calls",
        call=found,
        query=parameters(masked["path"]),
        request_text=readable(masked["request"], found.headers.get("Content-Type", "")),
        answer_text=readable(masked["answer"]),
        exchanges=exchanges(found),
        made=[key for key, number in org.origins.items() if number == found.number],
        fault_words=words_of(found.fault) if found.fault else "",
        **READINGS,
    )


def routes() -> list[web.RouteDef]:
    return [web.get("/calls", calls), web.get("/calls/{number:[0-9]+}", call)]
