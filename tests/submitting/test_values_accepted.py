"""Whatever is sent, Salesforce accepts and keeps; else the problem was found before sending."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.salesforce.launch import Simulator
from tests.simulator.conftest import Rest
from wagtail_salesforce_leads.salesforce.describe import PropertyType, lead_properties
from wagtail_salesforce_leads.submitting.problems import ValueProblem
from wagtail_salesforce_leads.submitting.values import LEFT_OUT, convert

TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(categories=["L", "Nd", "Zs"]), min_size=30, max_size=120),
    st.sampled_from(["山田 花子", "&" * 60, "<b>太字</b>", "😀" * 45, "@{lead.id}", "長" * 255]),
)
NUMBERS = st.one_of(
    st.integers().map(str),
    st.decimals(-(10**9), 10**9, places=4).map(str),
    st.sampled_from(["1e17", "999999.995", "０．５", "-0", "123456789012345678", "999.994"]),
)
ADDRESSES = st.one_of(
    st.emails(), st.sampled_from(["a.@b.example", "a@b", "ann@例え.jp", "a" * 64 + "@b.example"])
)
CHOICES = st.sampled_from(["Kanto", "Kansai", "kanto", "Products", "Events", "A;B", "その他"])
ANSWERS = {
    PropertyType.EMAIL: ADDRESSES,
    PropertyType.NUMBER: NUMBERS,
    PropertyType.CURRENCY: NUMBERS,
    PropertyType.PERCENT: NUMBERS,
    PropertyType.PICKLIST: st.one_of(CHOICES, TEXTS),
    PropertyType.MULTI_PICKLIST: st.lists(CHOICES, max_size=4),
    PropertyType.CHECKBOX: st.booleans(),
    PropertyType.DATE: st.one_of(st.dates().map(str), TEXTS),
}


@pytest.fixture(scope="module")
def org():
    """A simulated org's address and its Lead properties."""
    with Simulator() as simulator:
        rest = Rest(simulator)
        properties = lead_properties(rest("GET", "/sobjects/Lead/describe").json())
        yield rest, [p for p in properties if not p.controller and not p.unique]


def value_of(lead_property, answer):
    """What would be sent, or None."""
    try:
        value = convert(answer, {}, lead_property.as_json())
    except ValueProblem:
        return None
    return None if value is LEFT_OUT else value


def kept(rest: Rest, name: str, values: list) -> list:
    """The values as the org has them after creating a Lead with each."""
    needed = {"LastName": "Lee", "Company": "Acme"}
    allow = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    typed = [{"attributes": {"type": "Lead"}, **needed, name: value} for value in values]
    answer = rest("POST", "/composite/sobjects", {"records": typed}, headers=allow).json()
    assert [result["errors"] for result in answer] == [[] for _ in values]
    ids = [result["id"] for result in answer]
    names = ", ".join(f"'{record_id}'" for record_id in ids)
    records = rest.query(f"SELECT Id, {name} FROM Lead WHERE Id IN ({names})")
    values = {record["Id"]: record[name] for record in records}
    return [values[record_id] for record_id in ids]


@pytest.mark.parametrize("property_type", sorted(PropertyType))
def test_convert_any_answer_is_kept_by_salesforce_as_it_was_sent(org, property_type):
    rest, properties = org
    mine = [lead_property for lead_property in properties if lead_property.type is property_type]
    assert mine

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(mine), st.lists(ANSWERS.get(property_type, TEXTS), max_size=12))
    def check(lead_property, answers):
        sent = [value_of(lead_property, answer) for answer in answers]
        sent = [value for value in sent if value is not None]
        if sent:
            arrived = kept(rest, lead_property.name, sent)
            # Encrypted text reads back masked, if at all.
            is_masked = property_type is PropertyType.ENCRYPTED_TEXT
            assert all(arrived) if is_masked else arrived == sent

    check()
