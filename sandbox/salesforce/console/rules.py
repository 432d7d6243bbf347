"""Rules and flows: what administrators let happen around a save."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from ..org import Org
from ..rules.validation import ValidationRule
from .frame import Act, Form, listed, org_of, shown
from .records import typed

DUPLICATE_ACTIONS = {
    "alert": "refuse, unless the call says allowSave",
    "block": "refuse, whatever the call says",
    "allow": "save without a word",
}


def set_duplicate_rule(org: Org, form: Form) -> None:
    place = int(form["place"])
    org.duplicate_rules[place] = replace(
        org.duplicate_rules[place],
        action=form["action"],
        fields=tuple(listed(form["fields"])),
        message=form["message"],
        is_active="is_active" in form,
    )


def set_assignment_rule(org: Org, form: Form) -> None:
    place = int(form["place"])
    org.assignment_rules[place] = replace(
        org.assignment_rules[place], owner=form["owner"], is_active="is_active" in form
    )


def add_validation_rule(org: Org, form: Form) -> None:
    rule = ValidationRule(
        name=form["name"],
        field=org.schemas["Lead"].fields[form["field"]].name,
        message=form["message"],
        required="required" in form,
        pattern=form.get("pattern", ""),
        at_field="at_field" in form,
    )
    org.validation_rules.append(rule)


def remove_validation_rule(org: Org, form: Form) -> None:
    del org.validation_rules[int(form["place"])]


def add_flow_value(org: Org, form: Form) -> None:
    field = org.schemas["Lead"].fields[form["field"]]
    org.flow_writes[field.name] = typed(field, form["value"])


def remove_flow_value(org: Org, form: Form) -> None:
    del org.flow_writes[form["field"]]


def owners(org: Org) -> dict[str, str]:
    """Ids and names of those who may own a lead: queues and users."""
    return {
        row["Id"]: row["Name"]
        for name in ("Group", "User")
        for row in org.store.rows(name).values()
    }


async def rules(request: web.Request) -> web.Response:
    org = org_of(request)
    return shown(
        request,
        "rules",
        subject="rules",
        duplicate_actions=DUPLICATE_ACTIONS,
        owners=owners(org),
        fields=[field for field in org.schemas["Lead"].fields.values() if field.createable],
    )


ACTS: dict[str, Act] = {
    "set-duplicate-rule": set_duplicate_rule,
    "set-assignment-rule": set_assignment_rule,
    "add-validation-rule": add_validation_rule,
    "remove-validation-rule": remove_validation_rule,
    "add-flow-value": add_flow_value,
    "remove-flow-value": remove_flow_value,
}


def routes() -> list[web.RouteDef]:
    return [web.get("/rules", rules)]
