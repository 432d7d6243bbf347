from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from wagtail import blocks
from wagtail.blocks.definition_lookup import BlockDefinitionLookup, BlockDefinitionLookupBuilder

from tests.site.models import LandingPage
from wagtail_salesforce_leads.blocks import LeadFieldsBlock, LeadFormBlock, TextFieldBlock
from wagtail_salesforce_leads.publishing.definition import field_of
from wagtail_salesforce_leads.submitting.fields import FACTORIES


class PostcodeBlock(TextFieldBlock):
    field_type = "single_line"
    country = blocks.CharBlock(required=False)


class AgencyFieldsBlock(LeadFieldsBlock):
    postcode = PostcodeBlock()


class AgencyFormBlock(LeadFormBlock):
    fields = AgencyFieldsBlock()


def raw(*fields: dict, **salesforce) -> dict:
    return {"title": "Contact", "fields": list(fields), "salesforce": salesforce}


def value(*fields: dict, **salesforce):
    return LeadFormBlock().to_python(raw(*fields, **salesforce))


EMAIL = {"type": "email", "id": "1", "value": {"key": "mail", "label": "E-mail"}}


def frozen(block) -> tuple:
    builder = BlockDefinitionLookupBuilder()
    index = builder.add_block(block)
    return builder.get_lookup_as_dict()[index]


def test_migrations_hold_one_reference():
    path = "wagtail_salesforce_leads.blocks.LeadFormBlock"
    assert frozen(LeadFormBlock()) == (path, [], {})
    assert frozen(LeadFormBlock(icon="mail")) == (path, [], {"icon": "mail"})


def test_migrations_of_a_subclass_name_it():
    assert frozen(AgencyFormBlock()) == ("tests.blocks.test_form.AgencyFormBlock", [], {})


def test_historical_block_is_the_whole_block():
    block = BlockDefinitionLookup({0: frozen(LeadFormBlock())}).get_block(0)
    assert isinstance(block, LeadFormBlock)
    assert "email" in block.child_blocks["fields"].child_blocks


@pytest.mark.django_db
def test_host_needs_no_migration():
    call_command("makemigrations", "test_site", check=True, dry_run=True, stdout=StringIO())


def test_every_field_type_has_a_block_and_a_public_field():
    assert set(LeadFieldsBlock().child_blocks) == set(FACTORIES)


@pytest.mark.parametrize("name", list(LeadFieldsBlock().child_blocks))
def test_every_field_block_keeps_its_key_through_the_form(name):
    stream = LeadFieldsBlock()
    stored = [{"type": name, "id": "1", "value": {"key": "k1", "label": "One"}}]
    state = stream.get_form_state(stream.to_python(stored))
    assert state[0]["value"]["key"] == "k1"
    assert field_of(stream.to_python(stored)[0])["type"] == name


def test_own_field_block_becomes_a_field_of_its_type():
    stored = raw({"type": "postcode", "id": "1", "value": {"key": "zip", "label": "〒"}})
    field = field_of(AgencyFormBlock().to_python(stored)["fields"][0])
    assert (field["type"], field["key"]) == ("single_line", "zip")


@pytest.mark.django_db
def test_clean_a_draft_asks_for_nothing():
    block = LeadFormBlock()
    assert block.clean_deferred(value(EMAIL, sync=True))["title"] == "Contact"


@pytest.mark.django_db
def test_clean_after_a_draft_is_strict_again():
    block = LeadFormBlock()
    block.clean_deferred(value(EMAIL, sync=True))
    with pytest.raises(blocks.StructBlockValidationError):
        block.clean(value(EMAIL, sync=True))


@pytest.mark.django_db
def test_clean_a_publish_says_at_the_account_that_there_is_none():
    with pytest.raises(blocks.StructBlockValidationError) as caught:
        LeadFormBlock().clean(value(EMAIL, sync=True))
    salesforce = caught.value.as_json_data()["blockErrors"]["salesforce"]
    assert salesforce["blockErrors"]["account"]["messages"]


@pytest.mark.django_db
def test_clean_a_publish_says_at_the_row_what_is_wrong():
    rows = [{"source": "field", "value": "gone", "property": "Email", "inverted": False}]
    with pytest.raises(blocks.StructBlockValidationError) as caught:
        LeadFormBlock().clean(value(EMAIL, sync=True, account="1", mapping=rows))
    mapping = caught.value.as_json_data()["blockErrors"]["salesforce"]["blockErrors"]["mapping"]
    assert mapping["rowErrors"][0]
    json.dumps(mapping)


@pytest.mark.django_db
def test_clean_with_a_repeated_key_says_so_at_the_field():
    twin = {**EMAIL, "id": "2"}
    with pytest.raises(ValidationError) as caught:
        LeadFormBlock().clean(value(EMAIL, twin))
    assert caught.value.as_json_data()["blockErrors"]["fields"]["blockErrors"][1]["messages"]


def test_editor_draws_every_child_of_a_field():
    for field in [*LeadFieldsBlock().child_blocks.values(), PostcodeBlock()]:
        assert sorted(field.get_form_layout().get_sorted_block_names()) == sorted(
            field.child_blocks
        )


def test_editor_tells_the_scripts_each_fields_type():
    packed = LandingPage._meta.get_field("body").formfield().widget.block_json
    for name in LeadFieldsBlock().child_blocks:
        assert f'"data-wsl-field-type": "{name}"' in packed
