"""People: what each user may do, and the grants and sessions they hold."""

from __future__ import annotations

from aiohttp import web

from ..org import Org
from .frame import Act, Form, listed, shown

OBJECTS = ("Lead", "Campaign", "CampaignMember", "CampaignMemberStatus")
#: Letters of create, read, update and delete, and their words.
LEVELS = {"crud": "everything", "cr": "read and create", "r": "read", "": "nothing"}


def change_user(org: Org, form: Form) -> None:
    user = org.users[form["username"]]
    for name in ("is_active", "api_enabled", "view_all", "view_encrypted"):
        setattr(user, name, name in form)
    for name in OBJECTS:
        if (letters := form.get(f"may-{name}")) is not None:
            user.objects[name] = letters
    for name, by_object in (("hidden", user.hidden), ("read_only", user.read_only)):
        if name in form:
            by_object["Lead"] = listed(form[name])
    user.token_error = listed(form.get("token_error", ""))
    org.store.update("User", user.id, {"IsActive": user.is_active})
    if org.switches.permissions_move_describe:
        org.touch_describe()


def end_tokens(org: Org, form: Form) -> None:
    """Of one user, or of all."""
    acts = {"kill_sessions": org.grants.kill_sessions, "revoke_grants": org.grants.revoke_all}
    acts[form["what"]](form.get("username", ""))


async def people(request: web.Request) -> web.Response:
    return shown(request, "people", subject="people", objects=OBJECTS, levels=LEVELS)


ACTS: dict[str, Act] = {"change-user": change_user, "end-tokens": end_tokens}


def routes() -> list[web.RouteDef]:
    return [web.get("/people", people)]
