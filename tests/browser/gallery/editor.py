"""The integration's panel in the editor: of a form block, and of a classic form page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, expect

from tests.blocks.acme import connect
from tests.browser.test_editor import MAPPING, Form, edit, field, page_with, row, stored_form
from tests.panels.conftest import contact, integration
from wagtail_salesforce_leads.models import OrgSchema, SalesforceGrant

from .stage import Stage

NAME = field("name", "姓", required=True)
MAIL = field("mail", "メール", "email", required=True)
FIRM = field("firm", "会社名", required=True)
NEWS = field("news", "Newsletter", "checkbox")
QUESTION = field("question", "ご質問", "multi_line")
ALL = [*MAPPING, row("question", "Description"), row("news", "Newsletter__c")]
ADDED = [
    row("page_title", "Campaign_Code__c", "context"),
    row("Japan", "Country", "constant"),
    row("", "", "constant"),
]


def choice(key: str, label: str, kind: str, *values: str) -> dict:
    return field(key, label, kind, choices=[{"value": each, "label": each} for each in values])


def campaign(stage: Stage, name: str) -> str:
    return json.dumps({"id": stage.salesforce.campaign(name), "name": name})


def panel_of(form: Form) -> Locator:
    inner = form.element.locator('[data-controller~="wsl-integration"]')
    return inner.locator("xpath=ancestor::*[@data-panel][1]")


def opened(stage: Stage, org=None, fields=(NAME, MAIL, FIRM, QUESTION, NEWS), **chosen) -> Form:
    form = edit(stage.tab, page_with(stage.site.root_page, stored_form(org, fields, **chosen)))
    stage.tab.wait_for_load_state("networkidle")
    return form


def connected(stage: Stage, *fields: dict, mapping: list[dict] = ALL, **chosen) -> Form:
    """Of an org whose schema was just read."""
    fields = fields or (NAME, MAIL, FIRM, QUESTION, NEWS)
    org = connect(stage.salesforce, stage.settings, stage.site)
    return opened(stage, org, fields, mapping=mapping, **chosen)


def press(form: Form, action: str) -> Form:
    form.element.locator(f'[data-action="{action}"]').click()
    form.tab.wait_for_load_state("networkidle")
    return form


def reloaded(form: Form) -> Form:
    form.tab.reload()
    form.tab.wait_for_load_state("networkidle")
    return form


def publish(stage: Stage) -> None:
    stage.tab.locator("footer [data-w-dropdown-target=toggle]").click()
    stage.tab.locator('[name="action-publish"]').click()
    stage.tab.wait_for_load_state("networkidle")


def off(stage: Stage) -> Locator:
    return panel_of(connected(stage, sync=False))


def healthy(stage: Stage, **more) -> Form:
    chosen = {"campaign": campaign(stage, "Spring fair 2027"), "lead_status": "Registered"}
    return connected(stage, lead_source="Web", **chosen, **more)


def on(stage: Stage) -> Locator:
    return panel_of(healthy(stage))


def collapsed(stage: Stage) -> Locator:
    panel = on(stage)
    panel.locator("[data-panel-toggle]").first.click()
    return panel


def campaign_search(stage: Stage) -> Locator:
    form = connected(stage)
    form.element.locator("[role=combobox]").focus()
    expect(form.found.first).to_be_visible()
    return panel_of(form)


def inactive_campaign(stage: Stage) -> Locator:
    return panel_of(connected(stage, campaign=campaign(stage, "Closed fair 2019")))


def missing(stage: Stage) -> Locator:
    gone = json.dumps({"id": "7015g0000009999AAA", "name": "Summer fair"})
    lost = [*MAPPING[:1], row("mail", "Gone__c"), row("gone", "Company")]
    chosen = {"campaign": gone, "lead_status": "Came", "lead_source": "Pigeon"}
    return panel_of(connected(stage, mapping=lost, **chosen))


def required_unfilled(stage: Stage) -> Locator:
    return panel_of(connected(stage, mapping=MAPPING[:1]))


def required_optional(stage: Stage) -> Locator:
    firm = field("firm", "会社名")
    return panel_of(connected(stage, NAME, MAIL, firm, mapping=MAPPING))


def suggested(stage: Stage) -> Locator:
    return panel_of(press(connected(stage, mapping=[]), "wsl-mapping#suggest"))


def suggest_awaits(stage: Stage) -> Locator:
    """Pressed while Salesforce is still asked for its properties."""
    form = connected(stage, mapping=[])
    stage.tab.route("**/properties/**", lambda route: None)
    form.tab.reload()
    form.element.locator('[data-action="wsl-mapping#suggest"]').click()
    return panel_of(form)


def suggest_without_account(stage: Stage) -> Locator:
    return panel_of(press(opened(stage), "wsl-mapping#suggest"))


def constants_and_contexts(stage: Stage) -> Locator:
    return panel_of(connected(stage, mapping=[*ALL, *ADDED]))


def choices_differ(stage: Stage) -> Locator:
    offered = {
        "Industry": ("業種", "dropdown", "IT", "その他", "Banking"),
        "Region__c": ("地域", "dropdown", "関西", "Elsewhere"),
        "Rating": ("Rating", "radio", "Hot", "Warm"),
        "Interests__c": ("興味", "checkboxes", "product", "pricing", "support", "採用"),
    }
    fields = [choice(name, *field) for name, field in offered.items()]
    rows = [row(name, name) for name in offered]
    return panel_of(connected(stage, NAME, MAIL, FIRM, *fields, mapping=[*MAPPING, *rows]))


def dependent_picklist(stage: Stage) -> Locator:
    office = choice("office", "支店", "dropdown", "Tokyo")
    rows = [*MAPPING, row("office", "Office__c")]
    return panel_of(connected(stage, NAME, MAIL, FIRM, office, mapping=rows))


def as_of_yesterday(stage: Stage) -> Locator:
    form = healthy(stage)
    OrgSchema.objects.update(read_at=timezone.now() - timedelta(days=1))
    stage.configure(EDITOR_BUDGET=1.0)
    stage.salesforce.fault("html_503", times=0)
    return panel_of(reloaded(form))


def needs_reconnecting(stage: Stage) -> Locator:
    form = healthy(stage)
    SalesforceGrant.objects.update(dead_code="expired", dead_at=timezone.now())
    OrgSchema.objects.update(read_at=timezone.now() - timedelta(days=1))
    return panel_of(reloaded(form))


def no_org(stage: Stage) -> Locator:
    return panel_of(opened(stage))


def publish_refused(stage: Stage) -> Locator:
    region = choice("region", "地域", "dropdown", "Elsewhere")
    rows = [*MAPPING[:1], row("region", "Region__c"), row("", "Gone__c", "constant")]
    form = connected(stage, NAME, MAIL, FIRM, region, mapping=rows)
    publish(stage)
    return panel_of(form)


def dry_run(stage: Stage) -> Locator:
    return panel_of(press(healthy(stage), "wsl-trial#show"))


def dry_run_with_problems(stage: Stage) -> Locator:
    wrong = [*MAPPING, row("a lot", "NumberOfEmployees", "constant")]
    return panel_of(press(connected(stage, mapping=wrong), "wsl-trial#show"))


def test_lead_sent(stage: Stage) -> Locator:
    form = healthy(stage)
    publish(stage)
    stage.tab.go_back()
    return panel_of(press(reloaded(form), "wsl-trial#send"))


def test_lead_refused(stage: Stage) -> Locator:
    return panel_of(press(healthy(stage), "wsl-trial#send"))


def classic_form(stage: Stage) -> Locator:
    org = connect(stage.salesforce, stage.settings, stage.site)
    page = contact(stage.site.root_page, integration(org))
    stage.tab.goto(f"/admin/pages/{page.pk}/edit/")
    stage.tab.wait_for_load_state("networkidle")
    found = stage.tab.locator("[data-wsl-form-relation-value]")
    return found.locator("xpath=ancestor::*[@data-panel][1]")


SHOWN = (
    *(off, on, collapsed, campaign_search, inactive_campaign, missing, required_unfilled),
    *(required_optional, suggested, suggest_awaits, suggest_without_account),
    *(constants_and_contexts, choices_differ, dependent_picklist),
    *(as_of_yesterday, needs_reconnecting, no_org, publish_refused, dry_run),
    *(dry_run_with_problems, test_lead_sent, test_lead_refused, classic_form),
)
STATES: dict[str, Callable[[Stage], Locator]] = {f"panel-{each.__name__}": each for each in SHOWN}
