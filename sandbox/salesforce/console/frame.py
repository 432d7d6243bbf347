"""What is around every page: the org and its numbers, the way to others, and what forms send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from ..exchange import WORLD
from ..exchange import org_of as org_of_request
from ..faults import words_of
from ..org import Org
from ..pages import page
from .aims import aim, is_armed

#: Path and title of each page in the navigation.
SUBJECTS = (
    ("", "What arrived"),
    ("calls", "Calls"),
    ("faults", "Faults"),
    ("switches", "Switches"),
    ("rules", "Rules and flows"),
    ("people", "People"),
    ("fields", "Lead fields"),
    ("campaigns", "Campaigns"),
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}

#: What a form sends, and an act: it changes the org as the form says, or raises what is wrong.
Form = dict[str, str]
Act = Callable[[Org, Form], None]


def org_of(request: web.Request) -> Org:
    """By `?org=`, else the one whose port the browser came to."""
    orgs = request.app[WORLD].orgs
    number = request.query.get("org", "")
    is_known = number in map(str, range(1, len(orgs) + 1))
    return orgs[int(number) - 1] if is_known else org_of_request(request)


def shown(
    request: web.Request,
    template: str,
    *,
    subject: str | None = None,
    org: Org | None = None,
    status: int = 200,
    **context: Any,
) -> web.Response:
    """The page `console/<template>.html` in its frame, with `subject` marked as the current one."""
    org = org or org_of(request)
    text = page(
        f"console/{template}.html",
        world=request.app[WORLD],
        org=org,
        subject=subject,
        subjects=SUBJECTS,
        counts={name: living(org, name) for name in ("Lead", "CampaignMember")},
        connections=[f"{app_name(request, g.client_id)} as {g.username}" for g in grants(org)],
        armed=[fault for fault in org.faults.faults if is_armed(fault)],
        aim=aim,
        is_armed=is_armed,
        words_of=words_of,
        **context,
    )
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)


def living(org: Org, object_name: str) -> int:
    return sum(not row.get("IsDeleted") for row in org.store.rows(object_name).values())


def grants(org: Org) -> list:
    return list(org.grants.grants.values())


def app_name(request: web.Request, client_id: str) -> str:
    app = request.app[WORLD].apps.get(client_id)
    return app.name if app else client_id


def listed(text: str) -> list[str]:
    """The entries of a text field that takes several, with commas or on lines of their own."""
    return [each.strip() for each in text.replace("\n", ",").split(",") if each.strip()]
