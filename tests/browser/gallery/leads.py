"""The lead list, one lead in each state, what is asked before an act, and the admin's home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page

from tests.browser.test_screens import orgs_of, submissions_of
from tests.orgs.screens import leads
from wagtail_salesforce_leads.models import Delivery

from .stage import Stage

Shown = Page | Locator
State = Delivery.State
REPORT = "reports:index"


def filled(stage: Stage) -> dict:
    return submissions_of(orgs_of(stage.site))


def listing(stage: Stage) -> Shown:
    filled(stage)
    return stage.go(REPORT)


def empty(stage: Stage) -> Shown:
    return stage.go(REPORT)


def grouped_by_cause(stage: Stage) -> Shown:
    """Of more than one cause, one of them many times."""
    submissions = filled(stage)
    Delivery.objects.filter(submission=submissions[State.UNKNOWN]).update(
        state=State.FAILED, cause="REQUIRED_FIELD_MISSING", cause_fields=["Company", "LastName"]
    )
    leads(Delivery.objects.first().org, State.FAILED, 1534, cause="UNABLE_TO_LOCK_ROW")
    tab = stage.go(REPORT)
    tab.locator(".wsl-summary__causes").evaluate("(element) => { element.open = true }")
    return tab


def nothing_found(stage: Stage) -> Shown:
    filled(stage)
    return stage.go(REPORT, query="?q=nobody")


def detail(stage: Stage, state: str) -> Shown:
    return stage.go("reports:detail", filled(stage)[state].pk)


def asked(stage: Stage, name: str) -> Shown:
    return stage.go(f"reports:{name}", filled(stage)[State.DONE].pk)


def bulk(stage: Stage, act: str) -> Shown:
    pks = [each.pk for each in filled(stage).values()]
    address = reverse(
        "wagtail_bulk_action", args=["wagtail_salesforce_leads", "leadsubmission", act]
    )
    stage.tab.goto(f"{address}?" + "&".join(f"id={pk}" for pk in pks))
    return stage.tab


def move(stage: Stage) -> Shown:
    orgs = orgs_of(stage.site)
    submissions_of(orgs)
    return stage.go("reports:move", orgs[0].pk)


def home(stage: Stage) -> Shown:
    filled(stage)
    Delivery.objects.update(due_at=timezone.now() - timedelta(minutes=6))
    stage.tab.goto("/admin/")
    return stage.tab


def without_permission(stage: Stage, name: str) -> Shown:
    """Somebody who may enter the admin and no more."""
    submissions = filled(stage)
    User.objects.update(is_superuser=False)
    User.objects.get().user_permissions.set(Permission.objects.filter(codename="access_admin"))
    args = [submissions[State.DONE].pk] if name == "detail" else []
    return stage.go(f"reports:{name}", *args)


SHOWN = (listing, grouped_by_cause, empty, nothing_found, move, home)

STATES: dict[str, Callable[[Stage], Shown]] = {
    **{f"leads-{each.__name__}": each for each in SHOWN},
    **{f"lead-{state or 'off'}": partial(detail, state=state) for state in ("", *State.values)},
    **{f"lead-{name}": partial(asked, name=name) for name in ("send_as_new", "delete")},
    **{f"leads-bulk_{act}": partial(bulk, act=act) for act in ("resend", "delete")},
    **{f"forbidden-{name}": partial(without_permission, name=name) for name in ("index", "detail")},
}
