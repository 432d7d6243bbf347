"""An editor sets up a form in Wagtail's editor, with the simulator as Salesforce."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.salesforce.launch import Simulator
from tests.blocks.acme import connect
from tests.browser.accessibility import accessibility_faults
from tests.browser.policy import enforce, stopped
from tests.site.models import LandingPage, Notice
from wagtail_salesforce_leads.models import LeadFormVersion, LeadSubmission, SalesforceOrg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def field(key: str, label: str, kind: str = "single_line", **value) -> dict:
    return {"type": kind, "id": f"id-{key}", "value": {"key": key, "label": label, **value}}


def row(value: str, prop: str, source: str = "field", inverted: bool = False) -> dict:
    return {"source": source, "value": value, "property": prop, "inverted": inverted}


NAME = field("name", "姓", required=True)
MAIL = field("mail", "メール", "email", required=True)
FIRM = field("firm", "会社名", required=True)
MAPPING = [row("name", "LastName"), row("mail", "Email"), row("firm", "Company")]


def pick(tab: Page, kind: str) -> None:
    """In Wagtail's block picker."""
    tab.locator(".w-combobox__option", has=tab.get_by_text(kind, exact=True)).click()


class Form:
    """One form block on the screen."""

    def __init__(self, element: Locator):
        self.element = element
        self.tab = element.page
        self.labels = element.locator('[data-wsl-field="label"]:visible')
        self.rows = element.locator('[data-wsl-mapping-target="fields"] tr')
        self.others = element.locator('[data-wsl-mapping-target="others"] tr')
        self.needs = element.locator('[data-wsl-mapping-target="needs"]')
        self.note = element.locator('[data-wsl-mapping-target="asOf"]')
        self.campaign = element.get_by_role("combobox", name="Campaign")
        self.found = element.locator('[data-wsl-campaign-target="list"] li')
        self.account = element.locator('[data-wsl-integration-target="account"]')
        self.status = element.locator('[data-wsl-integration-target="status"]')
        self.source = element.locator('[data-wsl-integration-target="source"]')
        self.sync = element.get_by_label("Lead sync")
        self.toggle = element.locator('[data-contentpath="salesforce"] [data-panel-toggle]').first

    def add_field(self, kind: str, label: str) -> None:
        before = self.labels.count()
        stream = self.element.locator(
            '[data-contentpath="fields"] [data-streamfield-stream-container]'
        )
        stream.locator("> div > .c-sf-add-button").last.click()
        pick(self.tab, kind)
        expect(self.labels).to_have_count(before + 1)
        self.labels.last.fill(label)

    def act_on_field(self, index: int, action: str) -> None:
        child = self.labels.nth(index).locator("xpath=ancestor::*[@data-streamfield-child][1]")
        child.get_by_role("button", name=action, exact=True).click()

    def select(self, index: int) -> Locator:
        return self.rows.nth(index).locator("td select")

    @property
    def mapping(self) -> list[dict]:
        return json.loads(self.element.locator('[data-wsl-mapping-target="value"]').input_value())

    def keys(self) -> list[str]:
        inputs = self.element.locator(
            '[data-wsl-field-type]:visible [data-contentpath="key"] input'
        )
        return [each.input_value() for each in inputs.all()]


def forms(tab: Page) -> Locator:
    return tab.locator('[data-controller~="wsl-form"]:visible')


def form(tab: Page, index: int = 0) -> Form:
    return Form(forms(tab).nth(index))


def stored_form(org: SalesforceOrg | None = None, fields=(NAME, MAIL, FIRM), **chosen) -> dict:
    account = str(org.pk) if org else ""
    integration = {"sync": True, "account": account, "mapping": MAPPING, **chosen}
    return {"title": "Contact", "fields": list(fields), "salesforce": integration}


def page_with(home, *values: dict) -> LandingPage:
    stream = [
        {"type": "lead_form", "id": f"b{n}", "value": value} for n, value in enumerate(values)
    ]
    page = LandingPage(title="Spring LP", slug="lp", live=False, body=json.dumps(stream))
    return home.add_child(instance=page)


def latest_form(page: LandingPage) -> dict:
    """The form in the page's latest draft, as stored."""
    page.refresh_from_db()
    stream = json.loads(page.latest_revision.content["body"])
    return stream[0]["value"]


def drafted(page: LandingPage) -> tuple[int, int]:
    """How many fields and mapping rows the form in the page's latest draft has."""
    page.refresh_from_db()
    if page.latest_revision is None:
        return 0, 0
    stored = latest_form(page)
    return len(stored["fields"]), len(stored["salesforce"]["mapping"])


@pytest.fixture
def home(wagtail_site):
    return wagtail_site.root_page


@pytest.fixture
def org(home, settings, salesforce: Simulator) -> SalesforceOrg:
    return connect(salesforce, settings)


COUNT_LOOKS = """
let due = 0;
const count = (step) => () => {
    due += step;
    document.documentElement.dataset.looksDue = due;
};
document.addEventListener("w-unsaved:ready", count(1));
document.addEventListener("w-unsaved:watch-edits", count(-1));
"""


def edit(tab: Page, page: LandingPage) -> Form:
    tab.add_init_script(COUNT_LOOKS)
    tab.goto(f"/admin/pages/{page.pk}/edit/")
    return form(tab)


def wait_until_watched(tab: Page) -> None:
    """Two seconds after its script starts, and again where it starts twice, Wagtail looks at the
    form: what differs by then is no change to it."""
    expect(tab.locator("html")).to_have_attribute("data-looks-due", "0")


def wait_for_autosave(tab: Page, is_stored: Callable[[], bool]) -> None:
    """Until a draft holds that, and Wagtail knows: what changes meanwhile it takes for saved."""
    for _ in range(40):
        if is_stored():
            break
        tab.wait_for_timeout(250)
    indicator = tab.locator("#w-autosave-indicator")
    expect(indicator).to_have_attribute("data-w-autosave-state-value", "saved")


def save_draft(tab: Page) -> None:
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.locator(".messages")).to_contain_text("has been updated")


def publish(tab: Page) -> None:
    tab.get_by_role("button", name=re.compile("More actions|Actions")).last.click()
    tab.get_by_role("button", name="Publish", exact=True).click()


def test_set_up_a_form_from_nothing_publishes_what_was_chosen(admin, org, home, salesforce):
    page = page_with(home)
    admin.goto(f"/admin/pages/{page.pk}/edit/")
    admin.locator('[data-contentpath="body"] .c-sf-add-button').last.click()
    pick(admin, "Lead form")
    contact = form(admin)
    contact.element.get_by_label("Title", exact=True).fill("資料請求")
    for kind, label in [("Single line", "会社名"), ("Single line", "姓"), ("E-mail", "メール")]:
        contact.add_field(kind, label)
        # By keyboard: a block that was just added still slides into place under a pointer.
        contact.element.get_by_label("Required").last.press("Space")
    contact.sync.check()
    expect(contact.account).to_have_value(str(org.pk))
    expect(contact.needs).to_contain_text("Company is required in Salesforce and nothing fills it.")

    contact.campaign.press_sequentially("spring")
    expect(contact.found).to_have_count(1)
    contact.campaign.press("ArrowDown")
    contact.campaign.press("Enter")
    expect(contact.campaign).to_have_value("Spring fair 2027")
    contact.status.select_option("Registered")
    contact.source.select_option("Web")
    contact.element.get_by_role("button", name="Suggest").click()
    expect(contact.needs).to_be_empty()
    publish(admin)
    expect(admin.locator(".messages")).to_contain_text("published")

    version = LeadFormVersion.objects.get()
    properties = {field["label"]: field["key"] for field in version.fields}
    assert version.campaign_id == salesforce.campaign("Spring fair 2027")
    assert (version.member_status, version.lead_source) == ("Registered", "Web")
    assert [(each["value"], each["property"]) for each in version.mapping] == [
        (properties["会社名"], "Company"),
        (properties["姓"], "LastName"),
        (properties["メール"], "Email"),
    ]


def test_edit_fields_takes_the_mapping_along(admin, org, home):
    contact = edit(admin, page_with(home, stored_form(org)))
    expect(contact.rows).to_have_count(3)

    contact.labels.nth(0).fill("氏名")
    expect(contact.rows.nth(0)).to_contain_text("氏名")
    contact.act_on_field(0, "Move down")
    expect(contact.rows.nth(1)).to_contain_text("氏名")
    expect(contact.select(1)).to_have_value("LastName")
    assert contact.mapping == MAPPING

    contact.act_on_field(1, "Duplicate")
    expect(contact.rows).to_have_count(4)
    keys = contact.keys()
    assert len(set(keys)) == 4
    expect(contact.select(2)).to_have_value("")

    contact.act_on_field(1, "Delete")
    expect(contact.rows).to_have_count(3)
    assert contact.mapping == MAPPING[1:]
    expect(contact.needs).to_contain_text("Last Name is required in Salesforce")


def test_duplicate_a_form_keeps_its_mapping_and_not_its_key(admin, org, home):
    original = edit(admin, page_with(home, stored_form(org)))
    header = original.element.locator("xpath=ancestor::*[@data-streamfield-child][1]")
    header.get_by_role("button", name="Duplicate", exact=True).first.click()

    expect(forms(admin)).to_have_count(2)
    copy = form(admin, 1)
    expect(copy.select(0)).to_have_value("LastName")
    assert copy.keys() == original.keys()
    assert copy.mapping == MAPPING
    key = '[data-contentpath="form_key"] input'
    expect(original.element.locator(key)).not_to_have_value("")
    expect(copy.element.locator(key)).to_have_value("")


def test_open_a_form_changes_nothing_although_salesforce_lost_all_of_it(admin, org, home):
    gone = [
        row("name", "LastName"),
        row("mail", "Gone__c"),
        row("lost", "Company"),
        row("weather", "Description", "context"),
    ]
    campaign = json.dumps({"id": "7015g0000009999AAA", "name": "Summer fair"})
    chosen = {"campaign": campaign, "lead_status": "Came", "lead_source": "Pigeon"}
    page = page_with(home, stored_form(org, mapping=gone, **chosen))
    contact = edit(admin, page)

    expect(contact.select(1)).to_contain_text("Missing: Gone__c")
    expect(contact.rows.nth(1)).to_contain_text("Salesforce does not offer Gone__c")
    expect(contact.others.nth(0)).to_contain_text("Missing: a field that was removed")
    source = contact.others.nth(1).get_by_label("Constant or context")
    expect(source.locator("option:checked")).to_have_text("Missing: weather")
    expect(contact.campaign).to_have_value("Summer fair")
    expect(contact.element).to_contain_text("Salesforce no longer has the campaign “Summer fair”")
    expect(contact.status.locator("option:checked")).to_have_text("Missing: Came")
    expect(contact.source.locator("option:checked")).to_have_text("Missing: Pigeon")
    wait_until_watched(admin)
    # Twice a second from then on.
    admin.wait_for_timeout(1000)
    page.refresh_from_db()
    assert page.latest_revision is None

    save_draft(admin)
    stored = latest_form(page)["salesforce"]
    assert stored["mapping"] == gone
    assert json.loads(stored["campaign"]) == json.loads(campaign)
    assert (stored["lead_status"], stored["lead_source"]) == ("Came", "Pigeon")


def test_disconnect_the_account_keeps_what_was_chosen(admin, org, home):
    SalesforceOrg.objects.update(state=SalesforceOrg.State.DISCONNECTED)
    page = page_with(home, stored_form(org))
    contact = edit(admin, page)

    expect(contact.account.locator("option:checked")).to_contain_text("Acme KK (production)")
    expect(contact.account.locator("option:checked")).to_contain_text("disconnected")
    save_draft(admin)
    assert latest_form(page)["salesforce"]["account"] == str(org.pk)
    assert latest_form(page)["salesforce"]["mapping"] == MAPPING


def test_autosave_keeps_a_half_typed_form(admin, org, home):
    page = page_with(home, stored_form(org))
    contact = edit(admin, page)
    wait_until_watched(admin)
    contact.add_field("Phone", "")
    wait_for_autosave(admin, lambda: drafted(page) == (4, 3))
    contact.element.get_by_role("button", name="Add a constant or context").click()
    wait_for_autosave(admin, lambda: drafted(page) == (4, 4))
    admin.reload()
    again = form(admin)
    expect(again.labels).to_have_count(4)
    assert again.mapping == [*MAPPING, row("", "", "constant")]
    assert len(set(again.keys())) == 4


def test_publish_a_wrong_row_says_so_at_the_row(admin, org, home):
    wrong = [*MAPPING, row("", "Gone__c", "constant")]
    contact = edit(admin, page_with(home, stored_form(org, mapping=wrong)))
    publish(admin)

    contact = form(admin)
    expect(contact.others.locator(".wsl-mapping__note--error").first).to_be_visible()
    expect(contact.rows.locator(".wsl-mapping__note--error")).to_have_count(0)
    assert contact.mapping == wrong


def test_publish_with_nothing_mapped_names_each_need_once_and_until_it_is_filled(admin, org, home):
    edit(admin, page_with(home, stored_form(org, mapping=[])))
    publish(admin)

    contact = form(admin)
    said = contact.element.locator('[data-contentpath="mapping"] .error-message')
    expect(said).to_contain_text("Company is required in Salesforce and nothing fills it.")
    expect(said).to_contain_text("Map a form field to Salesforce's e-mail property, Email.")
    assert said.inner_text().count("\n") == 2
    expect(contact.needs).to_be_empty()

    contact.select(0).select_option("LastName")
    expect(said).to_have_count(0)
    expect(contact.needs.locator("li")).to_have_count(2)
    contact.element.get_by_role("button", name="Suggest").click()
    expect(contact.needs).to_be_empty()


def test_publish_without_an_account_says_so_at_the_account(admin, home):
    edit(admin, page_with(home, stored_form()))
    publish(admin)

    part = form(admin).element.locator('[data-contentpath="account"]')
    expect(part.locator(".error-message")).to_be_visible()


def with_choices(org, prop: str, kind: str, *values: str) -> dict:
    choices = [{"value": value, "label": value} for value in values]
    fields = [NAME, MAIL, FIRM, field("pick", "選択", kind, choices=choices)]
    return stored_form(org, fields, mapping=[*MAPPING, row("pick", prop)])


@pytest.mark.parametrize(
    ("prop", "kind", "values", "said", "is_error"),
    [
        (
            "Industry",
            "dropdown",
            ("IT", "その他", "Banking"),
            "Not in Salesforce's Industry: “IT”, “その他” (2). Not in the form: 31.",
            False,
        ),
        (
            "Interests__c",
            "checkboxes",
            ("product", "pricing", "support", "採用", "legacy"),
            "Not in Salesforce's Interests: “legacy” (1).",
            True,
        ),
        (
            "Rating",
            "radio",
            ("Hot", "Warm"),
            "Choices of Salesforce's Rating that are not in the form: 1.",
            False,
        ),
        ("Rating", "radio", ("Cold", "Hot", "Warm"), "", False),
    ],
)
def test_differing_choices_are_counted_on_each_side(
    admin, org, home, prop, kind, values, said, is_error
):
    contact = edit(admin, page_with(home, with_choices(org, prop, kind, *values)))
    expect(contact.select(3)).to_have_value(prop)
    expect(contact.note).to_contain_text("as of")

    notes = contact.rows.nth(3).locator(".wsl-mapping__note")
    expect(notes).to_have_text([said] if said else [])
    expect(contact.rows.nth(3).locator(".wsl-mapping__note--error")).to_have_count(int(is_error))
    expect(contact.rows.nth(3).locator("td button:visible")).to_have_count(1 if said else 0)


def test_dependent_picklist_that_is_mapped_says_so_at_its_row(admin, org, home):
    contact = edit(admin, page_with(home, with_choices(org, "Office__c", "dropdown", "Elsewhere")))
    words = "The choices of Office depend on another property (Region__c)"
    expect(contact.rows.nth(3).locator(".wsl-mapping__note")).to_have_text(
        re.compile(re.escape(words))
    )


def test_site_without_an_account_says_where_to_connect_one(admin, home):
    contact = edit(admin, page_with(home, stored_form()))
    expect(contact.element).to_contain_text("No account is connected to this site yet")
    expect(contact.element.locator(".wsl-summary")).to_have_text("On (no account chosen)")


def test_publish_with_foreign_choices_says_at_the_row_what_the_panel_says(admin, org, home):
    edit(admin, page_with(home, with_choices(org, "Region__c", "dropdown", "Elsewhere")))
    publish(admin)

    contact = form(admin)
    said = contact.rows.nth(3).locator(".wsl-mapping__note")
    expect(said).to_have_text(
        "Not in Salesforce's Region: “Elsewhere” (1). Not in the form: 3. Use Salesforce's choices."
    )
    contact.rows.nth(3).get_by_role("button", name="Use Salesforce's choices").click()
    expect(said).to_have_count(0)


def test_take_salesforces_choices_ends_the_difference(admin, org, home):
    contact = edit(admin, page_with(home, with_choices(org, "Industry", "dropdown", "IT")))
    contact.rows.nth(3).get_by_role("button", name="Use Salesforce's choices").click()
    expect(contact.rows.nth(3).locator(".wsl-mapping__note")).to_have_count(0)
    choices = contact.element.locator('[data-wsl-field="choices"]').input_value()
    assert "Agriculture" in choices.splitlines()
    assert "IT" not in choices.splitlines()


def test_heading_says_whether_and_where_to_while_open_and_collapsed(admin, org, home):
    second = SalesforceOrg.objects.create(site=org.site, org_id="00D000000000009EAA", name="UAT")
    contact = edit(admin, page_with(home, stored_form(org)))
    heading, toggle = contact.element.locator(".wsl-summary"), contact.toggle
    expect(heading).to_have_text("On (Acme KK (production))")
    contact.account.select_option(str(second.pk))
    expect(heading).to_have_text("On (UAT (production))")
    contact.sync.uncheck()
    expect(heading).to_have_text("Off")
    assert heading.bounding_box()["width"] > 10

    toggle.click()
    expect(contact.sync).to_be_hidden()
    expect(heading).to_have_text("Off")
    toggle.click()
    contact.sync.check()
    expect(heading).to_have_text("On (UAT (production))")
    toggle.click()
    expect(heading).to_have_text("On (UAT (production))")
    save_draft(admin)
    expect(form(admin).element.locator(".wsl-summary")).to_have_text("On (UAT (production))")


def test_remove_a_constant_with_its_button(admin, org, home):
    mapping = [*MAPPING, row("Japan", "Country", "constant")]
    contact = edit(admin, page_with(home, stored_form(org, mapping=mapping)))
    contact.others.get_by_role("button", name="Remove", exact=True).click()
    expect(contact.others).to_have_count(0)
    assert contact.mapping == MAPPING


def test_suggest_before_the_properties_are_here_fills_as_soon_as_they_are(admin, org, home):
    held = []
    admin.route("**/properties/**", lambda route: held.append(route))
    contact = edit(admin, page_with(home, stored_form(org, mapping=[])))
    suggest = contact.element.get_by_role("button", name="Suggest")
    suggest.click()
    expect(contact.note).to_have_text("Suggestions follow as soon as the properties are here.")
    assert contact.mapping == []

    for route in held:
        route.continue_()
    expect(contact.note).to_have_text("Suggestions filled in: 3")
    assert {each["property"] for each in contact.mapping} == {"LastName", "Email", "Company"}


def test_suggest_without_an_account_asks_for_one(admin, home):
    contact = edit(admin, page_with(home, stored_form(mapping=[])))
    contact.element.get_by_role("button", name="Suggest").click()
    expect(contact.note).to_have_text("Choose an account first.")
    assert contact.mapping == []


def test_suggest_in_two_languages_touches_nothing_that_is_set(admin, org, home):
    labels = [
        "ＣＯＭＰＡＮＹ",
        "お名前",
        "名",
        "電話番号",
        "都道府県",
        "郵便番号",
        "Message",
        "E-Mail",
    ]
    kinds = ["single_line"] * 3 + ["phone"] + ["single_line"] * 2 + ["multi_line", "email"]
    fields = [
        {"type": kind, "id": f"i{n}", "value": {"key": f"k{n}", "label": label}}
        for n, (kind, label) in enumerate(zip(kinds, labels, strict=True))
    ]
    mapping = [row("k4", "City")]
    contact = edit(admin, page_with(home, stored_form(org, fields, mapping=mapping)))
    contact.element.get_by_role("button", name="Suggest").click()

    expect(contact.note).to_have_text("Suggestions filled in: 7")
    assert {each["value"]: each["property"] for each in contact.mapping} == {
        "k0": "Company",
        "k1": "LastName",
        "k2": "FirstName",
        "k3": "Phone",
        "k4": "City",
        "k5": "PostalCode",
        "k6": "Description",
        "k7": "Email",
    }


def test_search_campaigns_by_keyboard_and_leave_without_choosing(admin, org, home):
    contact = edit(admin, page_with(home, stored_form(org)))
    contact.campaign.focus()
    expect(contact.found.first).to_be_visible()
    contact.campaign.fill("展示会")
    expect(contact.found).to_have_count(1)
    contact.campaign.press("ArrowDown")
    active = contact.campaign.get_attribute("aria-activedescendant")
    expect(contact.element.locator(f'[id="{active}"]')).to_have_text("春の展示会 2027")
    contact.campaign.press("Escape")
    expect(contact.campaign).to_have_value("")
    expect(contact.found.first).to_be_hidden()
    expect(contact.element.locator('[data-contentpath="lead_status"]')).to_be_hidden()


TYPE_FASTER_THAN_THE_SEARCH = """(input) => {
    input.value = "展示会";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    for (const key of ["ArrowDown", "Enter"])
        input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}"""


def test_search_campaigns_faster_than_the_server_chooses_none_of_the_old_list(admin, org, home):
    contact = edit(admin, page_with(home, stored_form(org)))
    contact.campaign.focus()
    expect(contact.found.nth(1)).to_be_visible()
    contact.campaign.evaluate(TYPE_FASTER_THAN_THE_SEARCH)
    expect(contact.found).to_have_text(["春の展示会 2027"])
    contact.campaign.press("ArrowDown")
    contact.campaign.press("Enter")
    expect(contact.campaign).to_have_value("春の展示会 2027")


def test_show_an_inactive_campaign_as_such(admin, org, home, salesforce):
    closed = json.dumps({"id": salesforce.campaign("Closed fair 2019"), "name": "Closed fair 2019"})
    contact = edit(admin, page_with(home, stored_form(org, campaign=closed)))

    expect(contact.element).to_contain_text("This campaign is not active any more.")
    contact.element.get_by_role("button", name="Remove the campaign").click()
    expect(contact.campaign).to_have_value("")


def test_map_context_and_constants_by_keyboard(admin, org, home):
    page = page_with(home, stored_form(org))
    contact = edit(admin, page)
    contact.element.get_by_role("button", name="Add a constant or context").press("Enter")
    expect(contact.others.get_by_label("Constant or context")).to_be_focused()
    contact.others.get_by_label("Constant or context").select_option("Page URL")
    contact.others.locator("td select").select_option("Landing_Page__c")
    save_draft(admin)

    stored = latest_form(page)["salesforce"]["mapping"]
    assert stored == [*MAPPING, row("page_url", "Landing_Page__c", "context")]


def test_edit_forms_nested_in_a_section_and_in_a_list(admin, org, home):
    section = {
        "heading": "",
        "content": [{"type": "lead_form", "id": "x", "value": stored_form(org)}],
    }
    listed = [{"type": "item", "id": "y", "value": stored_form(org)}]
    stream = [
        {"type": "section", "id": "s", "value": section},
        {"type": "forms", "id": "l", "value": listed},
    ]
    page = LandingPage(title="Nested", slug="nested", live=False, body=json.dumps(stream))
    edit(admin, home.add_child(instance=page))

    expect(forms(admin)).to_have_count(2)
    for index in (0, 1):
        nested = form(admin, index)
        expect(nested.select(0)).to_have_value("LastName")
        # A subclassed StructBlock definition would give the panel a second heading.
        part = nested.element.locator(':scope > [data-contentpath="salesforce"] > label')
        expect(part).to_have_count(0)


def test_edit_a_form_in_a_snippet(admin, org, home):
    stream = json.dumps([{"type": "lead_form", "id": "b", "value": stored_form(org)}])
    notice = Notice.objects.create(name="Footer", body=stream)
    admin.goto(f"/admin/snippets/test_site/notice/edit/{notice.pk}/")

    expect(form(admin).account.locator("option:checked")).to_have_text("Acme KK (production)")
    expect(form(admin).select(0)).to_have_value("LastName")


def test_lose_salesforce_keeps_the_form_editable(admin, org, home, salesforce):
    campaign = json.dumps({"id": salesforce.campaign("Spring fair 2027"), "name": "Spring fair"})
    chosen = {"campaign": campaign, "lead_status": "Registered", "lead_source": "Web"}
    page = page_with(home, stored_form(org, **chosen))
    salesforce.fault("html_503", times=0)
    contact = edit(admin, page)

    expect(contact.note).to_contain_text("Salesforce does not answer just now", timeout=20_000)
    expect(contact.select(0)).to_have_value("LastName")
    expect(contact.element).not_to_contain_text("Missing")
    save_draft(admin)
    stored = latest_form(page)["salesforce"]
    assert stored["mapping"] == MAPPING
    assert (stored["lead_status"], stored["lead_source"]) == ("Registered", "Web")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_is_accessible(admin, org, home, scheme):
    admin.emulate_media(color_scheme=scheme)
    stored = with_choices(org, "Region__c", "dropdown", "Elsewhere")
    stored["salesforce"]["mapping"].append(row("Japan", "Country", "constant"))
    stored["salesforce"]["campaign"] = json.dumps({"id": "7015g0000009999AAA", "name": "Fair"})
    contact = edit(admin, page_with(home, stored))
    expect(contact.select(0)).to_have_value("LastName")
    expect(contact.rows.nth(3)).to_contain_text("Not in Salesforce's Region")
    part = '[data-contentpath="salesforce"]'
    assert accessibility_faults(admin, within=part) == []


def test_the_panel_works_under_a_strict_policy(admin, org, home):
    enforce(admin)
    contact = edit(admin, page_with(home, stored_form(org, mapping=[])))
    expect(contact.note).to_contain_text("as of")
    contact.element.get_by_role("button", name="Suggest").click()
    expect(contact.select(0)).to_have_value("LastName")
    contact.campaign.fill("spring")
    expect(contact.found).to_have_text(["Spring fair 2027"])
    contact.element.get_by_role("button", name="Show what would be sent").click()
    expect(contact.element.locator(".wsl-trial")).to_contain_text("Test company")
    assert stopped(admin) == []


def test_switch_the_sync_off_and_on_hides_and_shows_the_rest(admin, org, home):
    contact = edit(admin, page_with(home, stored_form(org)))
    expect(contact.select(0)).to_have_value("LastName")
    contact.sync.uncheck()
    expect(contact.account).to_be_hidden()
    expect(contact.select(0)).to_be_hidden()
    contact.sync.check()
    expect(contact.account).to_be_visible()
    expect(contact.status).to_be_hidden()
    assert contact.mapping == MAPPING


def test_show_what_would_be_sent_and_send_a_test_lead(admin, org, home):
    page = page_with(home, stored_form(org))
    contact = edit(admin, page)
    trial = contact.element.locator(".wsl-trial")
    expect(contact.note).to_contain_text("as of")
    trial.get_by_role("button", name="Show what would be sent").click()
    expect(trial).to_contain_text("Test company")
    expect(trial).to_contain_text("test@example.com")

    expect(trial).to_contain_text("The test lead is sent as the form was last published.")
    trial.get_by_role("button", name="Send a test lead").click()
    expect(trial).to_contain_text("Publish the form with Lead sync on first")
    publish(admin)
    expect(admin.locator(".messages")).to_contain_text("published")
    edit(admin, page)
    trial.get_by_role("button", name="Send a test lead").click()
    trial.get_by_role("link", name="See how it fares").click()
    submission = LeadSubmission.objects.get()
    expect(admin.get_by_text("Test", exact=True).first).to_be_visible()
    assert admin.url.endswith(f"/lead-submissions/{submission.pk}/")
    assert submission.is_test
    assert submission.deliveries.get().lead["Company"] == "Test company"
