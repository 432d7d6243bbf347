"""Visitors in Chromium: with our script and without, by keyboard, back button, cached pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import PATIENCE
from tests.submitting import live
from wagtail_salesforce_leads.models import LeadForm, LeadSubmission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TWO = live.choices("One", "Two")
EVERY_TYPE = [
    live.field("name", required=True, help_text="As on your card", autocomplete="family-name"),
    live.field("note", "multi_line"),
    live.field("mail", "email", required=True, autocomplete="email"),
    live.field("tel", "phone", placeholder="03-1234-5678"),
    live.field("count", "number"),
    live.field("web", "url"),
    live.field("day", "date"),
    live.field("pick", "dropdown", choices=TWO),
    live.field("one", "radio", choices=TWO, required=True),
    live.field("some", "checkboxes", choices=TWO, required=True),
    live.field("many", "multi_select", choices=TWO),
    live.field("news", "checkbox"),
    live.field("terms", "consent", required=True),
    live.field("campaign", "hidden", default="spring"),
]


@pytest.fixture
def page(wagtail_site):
    return live.make_page()


@pytest.fixture
def version(page):
    return live.publish(page)


def fill(tab, name: str = "Lee", mail: str = "ann@example.com") -> None:
    tab.get_by_label("Name").fill(name)
    tab.get_by_label("Mail").fill(mail)


def send(tab) -> None:
    tab.get_by_role("button", name="Send it").click()


def thanks(tab):
    return tab.get_by_text("Thank you so much.")


def fill_every_type(tab) -> None:
    fill(tab, name="山田 花子")
    tab.get_by_label("Note").fill("一行目\n二行目")
    tab.get_by_label("Tel").fill("０３－１２３４")
    tab.get_by_label("Count").fill("１２.5")
    tab.get_by_label("Web").fill("example.com")
    tab.get_by_label("Day").fill("2027-02-28")
    tab.get_by_label("Pick").select_option("two")
    tab.get_by_role("radio", name="One").check()
    tab.get_by_role("checkbox", name="Two").check()
    tab.get_by_label("Many").select_option(["one", "two"])
    tab.get_by_label("Terms").check()


EVERY_ANSWER = {
    "name": "山田 花子",
    "note": "一行目\n二行目",
    "mail": "ann@example.com",
    "tel": "０３－１２３４",
    "count": "12.5",
    "web": "https://example.com",
    "day": "2027-02-28",
    "pick": "two",
    "one": "one",
    "some": ["two"],
    "many": ["one", "two"],
    "news": False,
    "terms": True,
    "campaign": "spring",
}


def test_visitor_submits_in_place_and_focus_goes_to_the_message(tab, version):
    tab.goto("/landing/")
    fill(tab)
    send(tab)
    expect(thanks(tab)).to_be_visible()
    expect(tab.locator(".lead-form__success")).to_be_focused()
    assert tab.url.endswith("/landing/")
    assert LeadSubmission.objects.get().answers == live.ANSWERS


def test_visitor_without_script_submits_and_reads_the_message(plain_tab, version):
    plain_tab.goto("/landing/")
    fill(plain_tab)
    send(plain_tab)
    expect(thanks(plain_tab)).to_be_visible()
    assert LeadSubmission.objects.get().context["page_url"].endswith("/landing/")


@pytest.mark.parametrize("with_script", [True, False])
def test_visitor_answers_every_field_type(tab, plain_tab, page, with_script):
    live.publish(page, fields=EVERY_TYPE, mapping=[])
    tab = tab if with_script else plain_tab
    tab.goto("/landing/")
    fill_every_type(tab)
    send(tab)
    expect(thanks(tab)).to_be_visible()
    assert LeadSubmission.objects.get().answers == EVERY_ANSWER


@pytest.mark.parametrize("with_script", [True, False])
def test_visitor_with_wrong_answers_keeps_them_and_is_led_to_the_first(
    tab, plain_tab, version, with_script
):
    tab = tab if with_script else plain_tab
    tab.goto("/landing/")
    fill(tab, name="x" * 90, mail="ann@docomo")
    send(tab)
    expect(tab.get_by_role("alert")).to_be_focused()
    tab.get_by_role("alert").get_by_role("link", name="Mail").click()
    mail = tab.get_by_label("Mail")
    expect(mail).to_be_focused()
    expect(mail).to_have_value("ann@docomo")
    expect(mail).to_have_attribute("aria-invalid", "true")
    expect(mail).to_have_accessible_description(re.compile("valid email address"))
    tab.get_by_label("Name").fill("Lee")
    mail.fill("ann@example.com")
    send(tab)
    expect(thanks(tab)).to_be_visible()
    assert LeadSubmission.objects.count() == 1


@pytest.mark.parametrize("with_script", [True, False])
def test_visitor_with_screen_reader_meets_no_barrier(tab, page, with_script):
    live.publish(page, fields=EVERY_TYPE, mapping=[])
    if not with_script:
        tab.route("**/form.js", lambda route: route.abort())
    tab.goto("/landing/")
    assert accessibility_faults(tab) == []
    tab.locator("form").evaluate("form => { form.noValidate = true }")
    send(tab)
    expect(tab.get_by_role("alert")).to_be_visible()
    assert accessibility_faults(tab) == []
    fill_every_type(tab)
    send(tab)
    expect(thanks(tab)).to_be_visible()
    assert accessibility_faults(tab) == []


def test_visitor_clicks_twice_and_makes_one_submission(tab, version):
    tab.goto("/landing/")
    fill(tab)
    tab.get_by_role("button", name="Send it").dblclick()
    expect(thanks(tab)).to_be_visible()
    assert LeadSubmission.objects.count() == 1


def test_visitor_tries_again_after_a_lost_answer_and_makes_one_submission(tab, version):
    """The first answer is lost after the server has stored it."""
    lost = []

    def lose_first(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    tab.route("**/salesforce/forms/**", lose_first)
    tab.goto("/landing/")
    fill(tab)
    send(tab)
    expect(tab.get_by_role("alert")).to_contain_text("could not be sent")
    expect(tab.get_by_label("Name")).to_have_value("Lee")
    send(tab)
    expect(thanks(tab)).to_be_visible()
    assert LeadSubmission.objects.count() == 1


def test_visitor_back_from_thank_you_page_may_submit_other_answers(tab, page):
    thank_you = live.make_page("thanks")
    live.publish(page, thank_you_page=thank_you.pk)
    tab.goto("/landing/")
    for name in ("Lee", "Kim"):
        fill(tab, name=name)
        send(tab)
        tab.wait_for_url("**/thanks/")
        tab.go_back()
    assert [s.answers["name"] for s in LeadSubmission.objects.order_by("pk")] == ["Lee", "Kim"]


@pytest.fixture
def remembering_tab(launch, live_server):
    """Of a browser that keeps pages as they are for the back button, as people's do."""
    browser = launch(ignore_default_args=["--disable-back-forward-cache"])
    tab = browser.new_page(base_url=live_server.url)
    tab.set_default_timeout(PATIENCE)
    yield tab
    browser.close()


RESTORED = "addEventListener('pageshow', (event) => { window.isRestored = event.persisted })"


def test_visitor_back_on_a_page_kept_as_it_was_may_submit_other_answers(remembering_tab, page):
    tab = remembering_tab
    live.publish(page, thank_you_page=live.make_page("thanks").pk)
    tab.goto("/landing/")
    tab.evaluate(RESTORED)
    fill(tab)
    send(tab)
    tab.wait_for_url("**/thanks/")
    tab.go_back(wait_until="commit")
    tab.wait_for_function("window.isRestored")
    expect(tab.get_by_label("Name")).to_have_value("Lee")
    tab.get_by_label("Name").fill("Kim")
    send(tab)
    tab.wait_for_url("**/thanks/")
    assert [s.answers["name"] for s in LeadSubmission.objects.order_by("pk")] == ["Lee", "Kim"]


def test_visitor_meets_the_honeypot_neither_by_sight_nor_by_key(tab, version):
    tab.goto("/landing/")
    trap = tab.locator("[name=wsl-website]")
    expect(trap).not_to_be_in_viewport()
    tab.get_by_label("Name").focus()
    reached = []
    for _ in range(4):
        reached.append(tab.evaluate("document.activeElement.name"))
        tab.keyboard.press("Tab")
    assert "mail" in reached
    assert "wsl-website" not in reached
    fill(tab)
    trap.evaluate("(input) => { input.value = 'https://spam.example' }")
    send(tab)
    expect(thanks(tab)).to_be_visible()
    assert LeadSubmission.objects.get().spam == LeadSubmission.Spam.SUSPECTED


def test_visitor_on_page_cached_too_long_gets_todays_form_filled(tab, page, version):
    tab.goto("/landing/")
    fill(tab)
    live.publish(page, fields=[*live.FIELDS, live.field("firm", required=True)])
    version.form.versions.filter(pk=version.pk).update(superseded_at="2020-01-01T00:00Z")
    send(tab)
    expect(tab.get_by_role("alert")).to_contain_text("This form has changed")
    expect(tab.get_by_label("Name")).to_have_value("Lee")
    tab.get_by_label("Firm").fill("Acme")
    send(tab)
    expect(thanks(tab)).to_be_visible()
    assert LeadSubmission.objects.get().answers["firm"] == "Acme"


def test_visitor_of_one_form_leaves_the_other_as_it_is(tab, wagtail_site):
    page = live.make_page(count=2)
    first, second = live.publish(page, 0), live.publish(page, 1)
    tab.goto("/landing/")
    forms = tab.locator("[data-lead-form-place]")
    forms.nth(0).get_by_label("Name").fill("Only typed")
    fill(forms.nth(1))
    send(forms.nth(1))
    expect(thanks(tab)).to_have_count(1)
    expect(forms.nth(0).get_by_label("Name")).to_have_value("Only typed")
    assert LeadSubmission.objects.get().form == second.form != first.form


def test_visitor_of_closed_form_reads_so_and_keeps_what_was_typed(tab, version):
    tab.goto("/landing/")
    LeadForm.objects.update(is_open=False)
    fill(tab)
    send(tab)
    expect(tab.get_by_role("alert")).to_contain_text("This form is closed.")
    expect(tab.get_by_label("Name")).to_have_value("Lee")


def test_visitor_of_a_site_with_a_strict_policy_submits_in_place(tab, version):
    policy = "default-src 'self'; script-src 'self'; style-src 'self'"

    def with_policy(route):
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy": policy}
        route.fulfill(response=answer, headers=headers)

    refused = []
    tab.on("console", lambda message: refused.append(message.text))
    tab.route("**/landing/", with_policy)
    tab.goto("/landing/")
    fill(tab)
    send(tab)
    expect(tab.locator(".lead-form__success")).to_be_focused()
    assert not [text for text in refused if "Content Security Policy" in text]


CAMPAIGN = "/landing/?utm_source=mail&utm_campaign=spring"


def test_visitor_campaign_is_remembered_only_with_consent(tab, version):
    tab.goto(CAMPAIGN)
    tab.goto("/landing/")
    fill(tab)
    send(tab)
    expect(thanks(tab)).to_be_visible()
    assert "utm_source" not in LeadSubmission.objects.get().context


def test_visitor_with_consent_brings_first_and_last_touch(tab, version):
    consent = "document.documentElement.dataset.leadConsent = 'yes'"
    tab.goto(CAMPAIGN)
    tab.evaluate(consent)
    tab.goto("/landing/?utm_source=fair")
    tab.evaluate(consent)
    fill(tab)
    send(tab)
    expect(thanks(tab)).to_be_visible()
    context = LeadSubmission.objects.get().context
    assert (context["first_utm_source"], context["utm_source"]) == ("mail", "fair")
    assert context["first_utm_campaign"] == "spring"
    tab.evaluate("document.documentElement.dataset.leadConsent = 'no'")
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0
