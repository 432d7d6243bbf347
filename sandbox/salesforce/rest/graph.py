"""Composite graphs: each is atomic, and none has a place for headers (contract 5.4)."""

from __future__ import annotations

import re
from typing import Any

from ..errors import Refusal, not_found
from .calls import Answer, Call, bad_json
from .composite import METHODS, ROLLED_BACK, entry, part_call
from .references import LEGAL_ID, REFERENCE, Answers, halted, illegal_id

MAX_GRAPHS = 75
MAX_NODES = 500
MAX_KINDS = 15
MAX_DEPTH = 15
MAX_FAILURES = 14
SUPPORTED = re.compile(r"/sobjects/\w+(?:/[^/]+){0,2}", re.ASCII)
FIRST_VERSION = 50
PROPERTIES = {"body", "method", "referenceId", "url"}

Node = dict[str, Any]


def run(call: Call) -> Answer:
    if float(call.version) < FIRST_VERSION:
        raise not_found()
    graphs = call.record_body().get("graphs")
    check(graphs)
    results, failures, records = [], 0, 0
    for graph in graphs:
        answers = halt_all(graph) if failures > MAX_FAILURES else run_one(call, graph)
        is_successful = all(answer.is_good for answer in answers)
        failures += not is_successful
        records += len(answers) if is_successful else 0
        results.append(result(graph, answers, is_successful))
    return Answer(200, {"graphs": results}, records=records)


def run_one(call: Call, graph: dict[str, Any]) -> list[Answer]:
    """The nodes' answers: all good, or the culprit's own error and a halt for all others."""
    done = Answers()
    with call.org.store.transaction() as transaction:
        for place, node in enumerate(graph["compositeRequest"]):
            answer = run_node(call, node, done)
            done.answers[node["referenceId"]] = answer
            if not answer.is_good:
                transaction.rollback()
                answers = halt_all(graph)
                answers[place] = answer
                return answers
    return list(done.answers.values())


def run_node(call: Call, node: Node, done: Answers) -> Answer:
    try:
        sub = part_call(call, done.fill(node["url"]), node["method"], done.fill(node.get("body")))
        if not SUPPORTED.fullmatch(sub.path):
            raise Refusal("INVALID_INPUT", f"Unsupported url in a graph: {node['url']}")
    except Refusal as refusal:
        return Answer.of(refusal)
    if call.org.switches.graph_takes_headers:
        sub.headers = call.headers
    return call.dispatch(sub)


def halt_all(graph: dict[str, Any]) -> list[Answer]:
    return [Answer.of(halted(ROLLED_BACK)) for _ in graph["compositeRequest"]]


def result(graph: dict[str, Any], answers: list[Answer], is_successful: bool) -> dict[str, Any]:
    nodes = graph["compositeRequest"]
    entries = [
        entry(answer, node["referenceId"]) for answer, node in zip(answers, nodes, strict=True)
    ]
    return {
        "graphId": graph["graphId"],
        "graphResponse": {"compositeResponse": entries},
        "isSuccessful": is_successful,
    }


def check(graphs: Any) -> None:
    """Raises Refusal for what makes the whole request fail."""
    if not isinstance(graphs, list) or not graphs:
        raise bad_json("graphs must be a list")
    if len(graphs) > MAX_GRAPHS:
        raise limit(f"{MAX_GRAPHS} graphs")
    nodes: list[Node] = []
    for graph in graphs:
        check_graph(graph)
        nodes.extend(graph["compositeRequest"])
    if len(nodes) > MAX_NODES:
        raise limit(f"{MAX_NODES} nodes")
    if len({kind(node) for node in nodes}) > MAX_KINDS:
        raise limit(f"{MAX_KINDS} different nodes")


def check_graph(graph: Any) -> None:
    parts = graph.get("compositeRequest") if isinstance(graph, dict) else None
    if not isinstance(parts, list) or not parts or not graph.get("graphId"):
        raise bad_json("A graph needs graphId and compositeRequest")
    depths: dict[str, int] = {}
    for node in parts:
        if not isinstance(node, dict) or set(node) - PROPERTIES:
            raise bad_json(f"Unrecognized field, a node takes only {', '.join(sorted(PROPERTIES))}")
        if not isinstance(node.get("url"), str) or node.get("method") not in METHODS:
            raise bad_json("A node needs method, url and referenceId")
        reference = str(node.get("referenceId"))
        if not LEGAL_ID.fullmatch(reference) or reference in depths:
            raise Refusal("INVALID_INPUT", illegal_id(reference))
        depths[reference] = 1 + max((depths.get(name, 0) for name in parents(node)), default=0)
    if max(depths.values()) > MAX_DEPTH:
        raise limit(f"a depth of {MAX_DEPTH}")


def parents(node: Node) -> list[str]:
    return [found.partition(".")[0] for found in REFERENCE.findall(str(node))]


def kind(node: Node) -> tuple[str, ...]:
    """Version, method and object: what counts as a different node."""
    parts = str(node.get("url")).split("/")
    return (str(node.get("method")), *parts[3:4], *parts[5:6])


def limit(what: str) -> Refusal:
    return Refusal("LIMIT_EXCEEDED", f"Limit exceeded: a graph request takes {what}")
