"""Fifty fields and long texts, for the editor and for the visitor."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_editor import (  # noqa: F401
    edit,
    field,
    home,
    org,
    page_with,
    row,
    stored_form,
)
from tests.submitting import live
from wagtail_salesforce_leads.models import LeadSubmission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIFTY = [field(f"k{n}", f"質問 {n}") for n in range(50)]

#: Milliseconds from a letter in a field's label until its row says so.
TYPE = """([label, row]) => {
    const start = performance.now();
    label.value += "字";
    label.dispatchEvent(new Event("input", { bubbles: true }));
    const isShown = row.textContent.includes(label.value);
    return isShown ? performance.now() - start : Infinity;
}"""
#: A person does not notice less.
UNNOTICED = 100


def test_editor_of_fifty_fields_notices_no_delay(admin: Page, org, home):  # noqa: F811
    mapping = [row("k0", "LastName"), row("k1", "Company")]
    contact = edit(admin, page_with(home, stored_form(org, FIFTY, mapping=mapping)))
    expect(contact.select(0)).to_have_value("LastName")
    expect(contact.rows).to_have_count(50)
    last = [contact.labels.last.element_handle(), contact.rows.last.element_handle()]
    typed = sorted(admin.evaluate(TYPE, last) for _ in range(9))
    contact.add_field("Single line", "追加")
    expect(contact.rows).to_have_count(51)
    expect(contact.rows.last).to_contain_text("追加")
    assert typed[len(typed) // 2] < UNNOTICED


#: As long as a text may be: 32,000 characters.
LONG = "御社の製品について、展示会で詳しく伺いたいです。\n" * 1280
PUBLIC_FIFTY = [live.field(f"f{n}", label=f"質問{n}番") for n in range(49)]


@pytest.fixture
def fifty(wagtail_site):
    """A public form of fifty fields, the last of them for a long text."""
    fields = [*PUBLIC_FIFTY, live.field("long", "multi_line")]
    return live.publish(live.make_page(), fields=fields, mapping=[])


@pytest.mark.parametrize("with_script", [True, False])
def test_visitor_sends_fifty_answers_and_a_long_text(tab, plain_tab, fifty, with_script):
    assert len(LONG.encode()) > 90_000
    tab = tab if with_script else plain_tab
    tab.goto("/landing/")
    for n in range(49):
        tab.get_by_label(f"質問{n}番", exact=True).fill(f"回答{n}")
    tab.get_by_label("Long").fill(LONG)
    tab.get_by_role("button", name="Send it").click()
    expect(tab.get_by_text("Thank you so much.")).to_be_visible()
    answers = {f"f{n}": f"回答{n}" for n in range(49)}
    assert LeadSubmission.objects.get().answers == {**answers, "long": LONG.strip()}


def test_visitor_cannot_type_a_longer_text_than_may_be_sent(plain_tab, fifty):
    plain_tab.goto("/landing/")
    plain_tab.get_by_label("Long").fill(LONG * 2)
    plain_tab.get_by_role("button", name="Send it").click()
    expect(plain_tab.get_by_text("Thank you so much.")).to_be_visible()
    assert LeadSubmission.objects.get().answers["long"] == LONG.strip()
