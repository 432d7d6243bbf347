from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

import pytest
from django.utils import translation

from wagtail_salesforce_leads.publishing.checks import schema_problems, structure_problems
from wagtail_salesforce_leads.salesforce.describe import LeadProperty, PropertyType

from .contents import (
    COMPANY,
    FIELDS,
    INDUSTRY,
    PROPERTIES,
    ROWS,
    choices,
    content,
    field,
    row,
)

CAMPAIGN = {"name": "Spring fair", "is_active": True, "statuses": ["Sent", "Registered"]}


@dataclass(frozen=True)
class Schema:
    properties: dict = dataclass_field(default_factory=lambda: PROPERTIES)
    campaigns: dict = dataclass_field(default_factory=dict)
    is_known: bool = True


def found(problems) -> list[tuple]:
    return [(problem.code, problem.path) for problem in problems]


def against(spec: LeadProperty, **kwargs):
    """Problems of a form with one more row, for ``spec``."""
    schema = Schema({**PROPERTIES, spec.name: spec})
    return schema_problems(content(**kwargs), schema)


def test_structure_of_faultless_form_has_no_problem():
    assert structure_problems(content()) == []


@pytest.mark.parametrize(
    ("form", "code", "path"),
    [
        (content(account=""), "no_account", ("salesforce", "account")),
        (content(mapping=ROWS[:2]), "email_unmapped", ("salesforce", "mapping")),
        (
            content(mapping=[*ROWS, row("field", "gone", "Phone")]),
            "field_gone",
            ("salesforce", "mapping", 3),
        ),
        (
            content(mapping=[*ROWS, row("constant", "", "Phone")]),
            "value_missing",
            ("salesforce", "mapping", 3),
        ),
        (
            content(mapping=[*ROWS, row("constant", "Web", "")]),
            "property_missing",
            ("salesforce", "mapping", 3),
        ),
        (
            content(mapping=[*ROWS, row("context", "page_url", "")]),
            "property_missing",
            ("salesforce", "mapping", 3),
        ),
        (
            content(mapping=[*ROWS, row("", "", "Phone")]),
            "row_incomplete",
            ("salesforce", "mapping", 3),
        ),
        (
            content(mapping=[*ROWS, row("constant", "x", "Company")]),
            "property_repeated",
            ("salesforce", "mapping", 3),
        ),
        (
            content(mapping=[*ROWS, row("constant", "x", "LeadSource")], lead_source="Web"),
            "property_repeated",
            ("salesforce", "mapping", 3),
        ),
        (content([*FIELDS, field("", label="X")]), "key_missing", ("fields", 3, "key")),
        (content([*FIELDS, field("mail")]), "key_repeated", ("fields", 3, "key")),
        (content([*FIELDS, field("x", label="")]), "label_missing", ("fields", 3, "label")),
        (content([*FIELDS, field("x", "radio")]), "choices_missing", ("fields", 3, "choices")),
    ],
)
def test_structure_of_wrong_form_names_problem_and_place(form, code, path):
    assert found(structure_problems(form)) == [(code, path)]


def test_structure_without_fields_asks_for_one():
    problems = structure_problems(content([], [row("constant", "a@b.jp", "Email")]))
    assert found(problems) == [("no_fields", ("fields",))]


def test_structure_of_unmapped_field_has_no_problem():
    form = content([*FIELDS, field("notes")], [*ROWS, row("field", "notes", "")])
    assert structure_problems(form) == []


def test_structure_of_hidden_field_without_label_has_no_problem():
    assert structure_problems(content([*FIELDS, field("ref", "hidden", label="")])) == []


def test_structure_with_sync_off_checks_fields_only():
    form = content([*FIELDS, field("", label="X")], [row("", "", "")], sync=False, account="")
    assert found(structure_problems(form)) == [("key_missing", ("fields", 3, "key"))]


def test_schema_of_faultless_form_has_no_problem():
    assert schema_problems(content(), Schema()) == []


@pytest.mark.parametrize("schema", [Schema(is_known=False)])
def test_schema_unknown_finds_nothing(schema):
    assert schema_problems(content(mapping=[]), schema) == []


def test_schema_with_sync_off_finds_nothing():
    assert schema_problems(content(mapping=[], sync=False), Schema()) == []


def test_required_property_unfilled_is_error_naming_repair():
    (problem,) = schema_problems(content(mapping=[ROWS[0], ROWS[2]]), Schema())
    assert (problem.code, problem.path) == ("required_unfilled", ("salesforce", "mapping"))
    assert problem.is_error
    assert problem.message == (
        "Company is required in Salesforce and nothing fills it. "
        "Map a required field or add a constant."
    )


def test_required_property_of_optional_field_is_warning_at_row():
    fields = [FIELDS[0], field("company", required=False), FIELDS[2]]
    (problem,) = schema_problems(content(fields), Schema())
    assert (problem.code, problem.path) == ("required_optional", ("salesforce", "mapping", 1))
    assert not problem.is_error


@pytest.mark.parametrize(
    ("filler", "codes"),
    [
        (row("constant", "Acme", "Company"), []),
        (row("context", "page_title", "Company"), []),
        (row("context", "utm_source", "Company"), ["required_optional"]),
        (row("field", "ref", "Company"), []),
        (row("field", "blank", "Company"), ["required_optional"]),
    ],
)
def test_required_property_counts_as_filled_by_what_is_never_blank(filler, codes):
    fields = [
        FIELDS[0],
        FIELDS[2],
        field("ref", "hidden", required=False, default="Acme"),
        field("blank", "hidden", required=False),
    ]
    problems = schema_problems(content(fields, [ROWS[0], ROWS[2], filler]), Schema())
    assert [problem.code for problem in problems] == codes


def test_required_lead_source_is_filled_by_its_setting():
    required = replace(PROPERTIES["LeadSource"], required=True)
    assert against(required, lead_source="Web") == []
    assert [p.code for p in against(required)] == ["required_unfilled"]


def test_property_that_is_gone_is_named_at_its_row():
    (problem,) = schema_problems(content(mapping=[*ROWS, row("constant", "x", "Old__c")]), Schema())
    assert (problem.code, problem.path) == ("property_gone", ("salesforce", "mapping", 3))
    assert "Old__c" in problem.message


def test_dependent_picklist_is_refused_with_words():
    spec = replace(INDUSTRY, controller="Country__c")
    (problem,) = against(
        spec,
        fields=[*FIELDS, field("branch", "radio", choices=choices("IT"))],
        mapping=[*ROWS, row("field", "branch", "Industry")],
    )
    assert problem.code == "property_dependent"
    assert "Country__c" in problem.message


@pytest.mark.parametrize(
    ("field_type", "property_type", "codes"),
    [
        ("multi_line", PropertyType.NUMBER, ["type_misfit"]),
        ("number", PropertyType.NUMBER, []),
        ("date", PropertyType.CHECKBOX, ["type_misfit"]),
        ("date", PropertyType.DATE, []),
        ("consent", PropertyType.CHECKBOX, []),
    ],
)
def test_field_must_fit_type_of_property(field_type, property_type, codes):
    problems = against(
        LeadProperty("X__c", "X", property_type),
        fields=[*FIELDS, field("x", field_type)],
        mapping=[*ROWS, row("field", "x", "X__c")],
    )
    assert [problem.code for problem in problems] == codes


def test_context_must_fit_type_of_property():
    problems = against(
        LeadProperty("X__c", "X", PropertyType.CHECKBOX),
        mapping=[*ROWS, row("context", "page_title", "X__c")],
    )
    assert found(problems) == [("type_misfit", ("salesforce", "mapping", 3))]


def test_constant_too_long_is_refused_with_cause():
    mapping = [ROWS[0], ROWS[2], row("constant", "x" * 256, "Company")]
    (problem,) = schema_problems(content(mapping=mapping), Schema())
    assert problem.code == "constant_refused"
    assert "255" in problem.message


@pytest.mark.parametrize(
    ("offered", "code", "is_error"),
    [
        (("IT", "Other"), None, None),
        (("IT", "Ｏther"), "choices_unknown", True),
        (("it", "Other"), "choices_unknown", True),
        (("IT",), "choices_fewer", False),
    ],
)
def test_choices_of_restricted_picklist_are_compared_exactly(offered, code, is_error):
    problems = against(
        INDUSTRY,
        fields=[*FIELDS, field("branch", "dropdown", choices=choices(*offered))],
        mapping=[*ROWS, row("field", "branch", "Industry")],
    )
    assert [(p.code, p.is_error) for p in problems] == ([(code, is_error)] if code else [])


def test_differing_choices_are_counted_and_cut_short():
    offered = [f"Choice {number}" for number in range(9)]
    (problem,) = against(
        INDUSTRY,
        fields=[*FIELDS, field("branch", "dropdown", choices=choices(*offered))],
        mapping=[*ROWS, row("field", "branch", "Industry")],
    )
    assert "“Choice 4”… (9). Not in the form: 2." in problem.message
    with translation.override("ja"):
        assert "「Choice 0」、「Choice 1」" in problem.message


@pytest.mark.parametrize(
    ("offered", "codes"),
    [(("true",), []), (("TRUE",), []), (("Yes",), ["choice_refused"])],
)
def test_one_choice_group_for_checkbox_must_say_true_or_false(offered, codes):
    problems = against(
        LeadProperty("Opt__c", "Opt", PropertyType.CHECKBOX),
        fields=[*FIELDS, field("opt", "checkboxes", choices=choices(*offered))],
        mapping=[*ROWS, row("field", "opt", "Opt__c")],
    )
    assert [problem.code for problem in problems] == codes


def test_choice_longer_than_property_is_refused():
    problems = against(
        replace(COMPANY, max_length=5),
        fields=[FIELDS[0], FIELDS[2], field("company", "radio", choices=choices("Acme", "A" * 6))],
    )
    assert [problem.code for problem in problems] == ["choice_refused"]


def test_choices_too_long_together_are_a_warning():
    (problem,) = against(
        LeadProperty("Topics__c", "Topics", PropertyType.TEXT, max_length=10),
        fields=[*FIELDS, field("t", "checkboxes", choices=choices("aaaaa", "bbbbb"))],
        mapping=[*ROWS, row("field", "t", "Topics__c")],
    )
    assert (problem.code, problem.is_error) == ("choices_too_long", False)


@pytest.mark.parametrize(
    ("chosen", "codes"), [("Web", []), ("Fax", ["lead_source_gone"]), ("", [])]
)
def test_lead_source_must_be_one_of_the_orgs(chosen, codes):
    problems = schema_problems(content(lead_source=chosen), Schema())
    assert [problem.code for problem in problems] == codes


@pytest.mark.parametrize(
    ("campaigns", "status", "codes"),
    [
        ({"701A": CAMPAIGN}, "Registered", []),
        ({"701A": CAMPAIGN}, "", []),
        ({"701A": CAMPAIGN}, "Attended", ["status_gone"]),
        ({"701A": {**CAMPAIGN, "is_active": False}}, "", ["campaign_inactive"]),
        ({"701A": None}, "Registered", ["campaign_gone"]),
        ({}, "Registered", []),
    ],
)
def test_campaign_must_be_active_and_status_its_own(campaigns, status, codes):
    form = content(campaign_id="701A", campaign_name="Spring fair", lead_status=status)
    problems = schema_problems(form, Schema(campaigns=campaigns))
    assert [problem.code for problem in problems] == codes


def test_message_speaks_reader_language_at_reading():
    (problem,) = structure_problems(content(account=""))
    with translation.override("en"):
        assert problem.message.startswith("Choose the account")
