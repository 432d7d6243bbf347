"""Lead fields: what an administrator does to the schema while a site is using it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from ..org import Org
from ..schema import edits
from ..schema.fields import Field
from .frame import Act, Form, listed, org_of, shown

#: Attributes of a new field of each type, with the lengths and digits that Salesforce gives.
SHAPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "length": 255},
    "text area": {"type": "textarea", "length": 255, "extra_type": "plaintextarea"},
    "long text area": {"type": "textarea", "length": 32768, "extra_type": "plaintextarea"},
    "rich text area": {
        "type": "textarea",
        "length": 32768,
        "extra_type": "richtextarea",
        "html": True,
    },
    "encrypted text": {"type": "encryptedstring", "length": 175},
    "email": {"type": "email", "length": 80},
    "phone": {"type": "phone", "length": 40},
    "url": {"type": "url", "length": 255},
    "checkbox": {"type": "boolean"},
    "number": {"type": "double", "precision": 18},
    "currency": {"type": "currency", "precision": 18, "scale": 2},
    "percent": {"type": "percent", "precision": 5, "scale": 2},
    "picklist": {"type": "picklist", "length": 255, "restricted": True},
    "multi-select picklist": {
        "type": "multipicklist",
        "length": 4099,
        "precision": 4,
        "restricted": True,
    },
    "date": {"type": "date"},
}
#: These stay required, whatever an administrator wishes.
ALWAYS_REQUIRED = ("LastName", "Company")


def add_field(org: Org, form: Form) -> None:
    name = form.get("name") or form["label"].strip().replace(" ", "_") + "__c"
    field = {
        "name": name,
        "label": form["label"],
        **SHAPES[form["type"]],
        "nillable": "required" not in form,
        "choices": listed(form.get("choices", "")),
    }
    edits.apply(org, {"act": "add", "field": field})


def change_field(org: Org, form: Form) -> None:
    """Its attributes first, and its API name last."""
    field = org.schemas["Lead"].fields[form["field"]]
    changes: dict[str, Any] = {
        "label": form["label"],
        "nillable": "required" not in form,
        "unique": "unique" in form,
    }
    if field.length:
        changes["length"] = int(form["length"])
    if field.choices:
        changes["restricted"] = "restricted" in form
        changes["choices"] = choices(field, listed(form["choices"]))
    edits.apply(org, {"act": "change", "field": field.name, "set": changes})
    if (name := form.get("name", field.name)) != field.name:
        edits.apply(org, {"act": "rename", "field": field.name, "to": name})


def choices(field: Field, values: list[str]) -> list[Any]:
    """Entries that stay keep what they are; new ones are plain."""
    known = {choice.value: choice for choice in field.choices}
    return [vars(known[value]) if value in known else value for value in values]


def remove_field(org: Org, form: Form) -> None:
    edits.apply(org, {"act": "remove", "field": form["field"]})


async def fields(request: web.Request) -> web.Response:
    writable = [f for f in org_of(request).schemas["Lead"].fields.values() if f.createable]
    writable.sort(key=lambda field: not field.custom)
    return shown(request, "fields", subject="fields", fields=writable, shapes=SHAPES)


async def field(request: web.Request) -> web.Response:
    found = org_of(request).schemas["Lead"].fields.get(request.match_info["name"])
    if found is None:
        return shown(request, "missing", status=404, what="field")
    is_fixed = found.name in ALWAYS_REQUIRED
    return shown(request, "field", subject="fields", field=found, is_fixed=is_fixed)


ACTS: dict[str, Act] = {
    "add-field": add_field,
    "change-field": change_field,
    "remove-field": remove_field,
}


def routes() -> list[web.RouteDef]:
    return [web.get("/fields", fields), web.get("/fields/{name}", field)]
