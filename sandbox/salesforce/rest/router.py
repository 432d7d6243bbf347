"""Which function answers which path."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from urllib.parse import unquote

from ..errors import Refusal, not_found, server_error
from . import batch, collections, composite, graph, meta, query, sobjects, tree
from .calls import Answer, Call

logger = logging.getLogger(__name__)

Handler = Callable[..., Answer]
OBJECT, RECORD, FIELD = r"(?P<name>\w+)", r"(?P<record_id>\w{15,18})", r"(?P<field>\w+)"

ROUTES: list[tuple[re.Pattern[str], dict[str, Handler]]] = [
    (re.compile(pattern), handlers)
    for pattern, handlers in [
        ("/sobjects", {"GET": meta.describe_global}),
        (f"/sobjects/{OBJECT}", {"GET": meta.basic_information, "POST": sobjects.create}),
        (f"/sobjects/{OBJECT}/describe", {"GET": meta.describe}),
        (f"/sobjects/{OBJECT}/describe/layouts(?:/{RECORD})?", {"GET": meta.layouts}),
        (
            f"/sobjects/{OBJECT}/{RECORD}",
            {"GET": sobjects.read, "PATCH": sobjects.update, "DELETE": sobjects.delete},
        ),
        (
            f"/sobjects/{OBJECT}/{FIELD}/(?P<value>.+)",
            {
                "GET": sobjects.read_by_field,
                "PATCH": sobjects.upsert,
                "POST": sobjects.upsert,
                "DELETE": sobjects.delete_by_field,
            },
        ),
        ("/query", {"GET": query.run}),
        ("/queryAll", {"GET": query.run_all}),
        (r"/query(?:All)?/(?P<cursor>\w+)-(?P<offset>\d+)", {"GET": query.next_page}),
        ("/composite", {"POST": composite.run}),
        ("/composite/graph", {"POST": graph.run}),
        ("/composite/batch", {"POST": batch.run}),
        (f"/composite/tree/{OBJECT}", {"POST": tree.run}),
        (
            "/composite/sobjects",
            {
                "POST": collections.create,
                "PATCH": collections.update,
                "DELETE": collections.delete,
            },
        ),
        (
            f"/composite/sobjects/{OBJECT}",
            {"GET": collections.read, "POST": collections.read_posted},
        ),
        (f"/composite/sobjects/{OBJECT}/{FIELD}", {"PATCH": collections.upsert}),
        ("/limits", {"GET": meta.limits}),
        ("", {"GET": meta.resources}),
    ]
]


def answer(call: Call) -> Answer:
    """The answer to a call, errors included; for a mistake of the simulator's own a 500."""
    try:
        handler, arguments = resolve(call)
        return handler(call, **arguments)
    except Refusal as refusal:
        return Answer.of(refusal)
    except Exception:
        logger.exception("%s %s", call.method, call.path)
        return Answer.of(server_error())


def resolve(call: Call) -> tuple[Handler, dict[str, str]]:
    """Raises Refusal for an unknown path (404) or a method it does not take (405)."""
    path = call.path.rstrip("/")
    for pattern, handlers in ROUTES:
        if found := pattern.fullmatch(path):
            handler = handlers.get(call.method)
            if handler is None:
                raise method_not_allowed(call.method, handlers)
            return handler, {k: unquote(v) for k, v in found.groupdict().items() if v}
    raise not_found()


def method_not_allowed(method: str, handlers: dict[str, Handler]) -> Refusal:
    allowed = ",".join(handlers)
    return Refusal(
        "METHOD_NOT_ALLOWED",
        f"HTTP Method '{method}' not allowed. Allowed are {allowed}",
        status=405,
    )
