"""Faults: what can go wrong, at which calls, and what is set now."""

from __future__ import annotations

from aiohttp import web

from ..faults import ON_THE_WIRE, REFUSALS, Fault
from ..org import Org
from .aims import TARGETS
from .frame import Act, Form, shown

#: Those whose status, code and message a person chooses.
NAMED = ("error", "token_error")
KINDS = {
    "Salesforce refuses: nothing is saved": tuple(name for name in REFUSALS if name not in NAMED),
    "The call fails before the work: nothing is saved": tuple(
        name for name, (saves_first, _) in ON_THE_WIRE.items() if not saves_first
    ),
    "The work is done, but the answer suffers": tuple(
        name for name, (saves_first, _) in ON_THE_WIRE.items() if saves_first
    ),
    "An error in your own words: nothing is saved": NAMED,
}


def add_fault(org: Org, form: Form) -> None:
    """Aim and words are those of the form; a path of one's own goes before the listed target."""
    name = form["fault"]
    target = TARGETS[int(form.get("target") or 0)]
    default_path = "/oauth2/token" if name == "token_error" else target.path
    fault = Fault(
        name,
        path=form.get("path") or default_path,
        method=form.get("method") or target.method,
        object=target.object,
        times=int(form.get("times") or 1),
        skip=int(form.get("skip") or 0),
        seconds=float(form.get("seconds") or 30),
        probability=float(form.get("percent") or 100) / 100,
        status=int(form.get("status") or 400),
        code=form.get("code") or Fault.code,
        message=form.get("message") or Fault.message,
    )
    org.faults.add(fault)


def remove_fault(org: Org, form: Form) -> None:
    org.faults.remove(int(form["id"]))


def clear_faults(org: Org, form: Form) -> None:
    org.faults.clear()


async def faults(request: web.Request) -> web.Response:
    return shown(request, "faults", subject="faults", kinds=KINDS, targets=TARGETS)


ACTS: dict[str, Act] = {
    "add-fault": add_fault,
    "remove-fault": remove_fault,
    "clear-faults": clear_faults,
}


def routes() -> list[web.RouteDef]:
    return [web.get("/faults", faults)]
