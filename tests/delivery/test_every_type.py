"""All fourteen property types and dates, from what a visitor types to the Lead in Salesforce."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Site

from tests.publishing.conftest import body, form_of, landing, raw_field, raw_form
from tests.submitting.live import BROWSER
from wagtail_salesforce_leads.delivery.tasks import deliver
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.orgs import schema

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

NEEDED = {"name": ("single_line", "LastName"), "mail": ("email", "Email")}
FIELDS = {
    **NEEDED,
    "firm": ("single_line", "Company"),
    "site": ("url", "Landing_Page__c"),
    "news": ("checkbox", "Newsletter__c"),
    "code": ("single_line", "Campaign_Code__c"),
    "member": ("single_line", "Member_Number__c"),
    "note": ("multi_line", "Short_Note__c"),
    "story": ("multi_line", "Story__c"),
    "inquiry": ("multi_line", "Inquiry__c"),
    "discount": ("number", "Discount__c"),
    "seats": ("number", "Seats__c"),
    "region": ("dropdown", "Region__c"),
    "interests": ("checkboxes", "Interests__c"),
    "budget": ("number", "Budget__c"),
    "tel": ("phone", "Second_Phone__c"),
    "day": ("date", "Visit_Date__c"),
}
CHOICES = {
    "region": ["Japan", "EMEA", "Americas"],
    "interests": ["product", "pricing", "support", "採用"],
}
ORDINARY = {
    "name": "Lee",
    "mail": "ann@example.com",
    "firm": "Acme",
    "site": "https://example.com/",
    "news": "on",
    "code": "SPRING",
    "member": "12345678",
    "note": "one\r\ntwo",
    "story": "Hello",
    "inquiry": "A question",
    "discount": "12.5",
    "seats": "40",
    "region": "EMEA",
    "interests": ["product", "support"],
    "budget": "1980.10",
    "tel": "03-1234-5678",
    "day": "2027-02-28",
}
ORDINARY_LEAD = {
    "LastName": "Lee",
    "Email": "ann@example.com",
    "Company": "Acme",
    "Landing_Page__c": "https://example.com/",
    "Newsletter__c": True,
    "Campaign_Code__c": "SPRING",
    "Member_Number__c": "12345678",
    "Short_Note__c": "one\ntwo",
    "Story__c": "Hello",
    "Inquiry__c": "A question",
    "Discount__c": 12.5,
    "Seats__c": 40,
    "Region__c": "EMEA",
    "Interests__c": "product;support",
    "Budget__c": 1980.1,
    "Second_Phone__c": "03-1234-5678",
    "Visit_Date__c": "2027-02-28",
}
JAPANESE = {
    "name": "山田 花子",
    "mail": "hanako.yamada+web@example.co.jp",
    "firm": "株式会社アクメ",
    "site": "https://例え.jp/資料?q=請求",
    "code": "春の展示会２０２７",
    "member": "会員番号１２３",
    "note": "一行目\r\n二行目",
    "story": "「太字」<b>です</b>",
    "inquiry": "質問です。𠮷野家のような字も。",
    "discount": "１２.５",
    "seats": "４０",
    "region": "Japan",
    "interests": ["採用"],
    "budget": "１０００",
    "tel": "０３－１２３４－５６７８",
    "day": "2027-12-31",
}
JAPANESE_LEAD = {
    "LastName": "山田 花子",
    "Company": "株式会社アクメ",
    "Newsletter__c": False,
    "Campaign_Code__c": "春の展示会２０２７",
    "Member_Number__c": "会員番号１２３",
    "Short_Note__c": "一行目\n二行目",
    "Story__c": "「太字」&lt;b&gt;です&lt;/b&gt;",
    "Inquiry__c": "質問です。𠮷野家のような字も。",
    "Discount__c": 12.5,
    "Seats__c": 40,
    "Interests__c": "採用",
    "Budget__c": 1000,
    "Second_Phone__c": "０３－１２３４－５６７８",
    "Visit_Date__c": "2027-12-31",
}
EXTREME = {
    **ORDINARY,
    "name": "長" * 80,
    "firm": "&" * 255,
    "note": "あ" * 255,
    "inquiry": "い" * 32_000,
    "discount": "-999.99",
    "seats": "999999",
    "interests": CHOICES["interests"],
    "budget": "0.01",
    "day": "4000-12-31",
}
EXTREME_LEAD = {
    "LastName": "長" * 80,
    "Company": "&" * 255,
    "Short_Note__c": "あ" * 255,
    "Inquiry__c": "い" * 32_000,
    "Discount__c": -999.99,
    "Seats__c": 999999,
    "Interests__c": "product;pricing;support;採用",
    "Budget__c": 0.01,
    "Visit_Date__c": "4000-12-31",
}


def publish(org, fields: dict, **more):
    """A live page whose form fills each property with its field."""
    raw = raw_form("Every type")
    raw["fields"] = [
        raw_field(key, type_, choices=as_choices(CHOICES.get(key, ())))
        for key, (type_, _) in fields.items()
    ]
    mapping = [row("field", key, name) for key, (_, name) in fields.items()]
    raw["salesforce"] |= {"sync": True, "account": str(org.pk), "mapping": mapping, **more}
    schema.refresh(org)
    return landing(Site.objects.get().root_page, body(raw))


def row(source: str, value: str, name: str, *, inverted: bool = False) -> dict:
    return {"source": source, "value": value, "property": name, "inverted": inverted}


def as_choices(values) -> list[dict]:
    return [{"value": value, "label": value} for value in values]


def lead_of(salesforce, org, page, answers: dict) -> dict:
    """What is in Salesforce after a visitor submitted these."""
    form = form_of(page)
    data = {**answers, "wsl-version": form.current_version.number}
    response = Client().post(f"/salesforce/forms/{form.key}/", data, **BROWSER)
    assert response.status_code == 303, response.content.decode()
    deliver(org.pk)
    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.DONE, (delivery.cause, delivery.cause_fields)
    (lead,) = salesforce.leads(1)
    return lead


@pytest.mark.parametrize(
    ("answers", "expected"),
    [(ORDINARY, ORDINARY_LEAD), (JAPANESE, JAPANESE_LEAD), (EXTREME, EXTREME_LEAD)],
    ids=["ordinary", "japanese", "extreme"],
)
def test_answers_of_every_type_arrive_as_they_were_meant(salesforce, org, answers, expected):
    lead = lead_of(salesforce, org, publish(org, FIELDS), answers)
    assert {name: lead[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("label", "ticked", "sent"),
    [
        ("true", True, True),
        ("true", False, False),
        ("false", True, False),
        ("false", False, True),
        ("TRUE", True, True),
        ("TRUE", False, False),
        ("True", True, True),
        ("True", False, False),
    ],
)
@pytest.mark.parametrize("inverted", [False, True])
def test_group_of_one_choice_fills_a_checkbox(salesforce, org, label, ticked, sent, inverted):
    page = with_checkbox(org, "checkboxes", inverted, choices=as_choices([label]))
    answers = {"name": "Lee", "mail": "ann@example.com", **({"box": label} if ticked else {})}
    assert lead_of(salesforce, org, page, answers)["Newsletter__c"] is (sent is not inverted)


@pytest.mark.parametrize("ticked", [True, False])
@pytest.mark.parametrize("inverted", [False, True])
def test_plain_checkbox_fills_a_checkbox(salesforce, org, ticked, inverted):
    page = with_checkbox(org, "checkbox", inverted)
    answers = {"name": "Lee", "mail": "ann@example.com", **({"box": "on"} if ticked else {})}
    assert lead_of(salesforce, org, page, answers)["Newsletter__c"] is (ticked is not inverted)


def with_checkbox(org, type_: str, inverted: bool, **values):
    page = publish(org, NEEDED)
    raw = page.body.raw_data[0]["value"]
    raw["fields"] = [*raw["fields"], raw_field("box", type_, **values)]
    raw["salesforce"]["mapping"] = [
        *raw["salesforce"]["mapping"],
        row("constant", "Acme", "Company"),
        row("field", "box", "Newsletter__c", inverted=inverted),
    ]
    page.body = body(raw)
    page.save_revision().publish()
    return page
