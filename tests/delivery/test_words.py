from __future__ import annotations

import pytest
from django.utils.translation import override

from wagtail_salesforce_leads.delivery.words import words
from wagtail_salesforce_leads.delivery.words.repairs import REPAIRS
from wagtail_salesforce_leads.delivery.words.sentences import NAMED, SENTENCES
from wagtail_salesforce_leads.models import Delivery
from wagtail_salesforce_leads.salesforce.catalogue import CATALOGUE

CODES = {code for codes in CATALOGUE.values() for code in codes} | {"REQUEST_LIMIT_EXCEEDED"}


@pytest.mark.parametrize("code", sorted(CODES | set(Delivery.Hold.values)))
def test_every_code_has_a_sentence_and_a_repair(code):
    sentence, repair = words(code)
    assert code in SENTENCES
    assert sentence.endswith(".")
    assert repair.endswith(".")


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_failed_lead_is_not_said_to_be_tried_again(code):
    _sentence, repair = words(code, has_failed=True)
    assert "tried again" not in repair
    assert "looked up by itself" not in repair
    assert "repaired by itself" not in repair


def test_named_properties_are_in_the_sentence():
    sentence, _repair = words("REQUIRED_FIELD_MISSING", ["Company", "LastName"])
    assert sentence == "Salesforce requires Company, LastName, and it has no value."


def test_code_nobody_knows_is_shown_as_it_is():
    sentence, repair = words("BRAND_NEW_CODE")
    assert "BRAND_NEW_CODE" in sentence
    assert repair == REPAIRS["unknown_code"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_templates_take_the_properties_in_every_language(language):
    with override(language):
        for code in SENTENCES:
            words(code, ["Company"])


def test_named_templates_are_of_known_codes():
    assert set(NAMED) <= set(SENTENCES)
