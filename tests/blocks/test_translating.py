"""What translators are asked to translate, where a site has wagtail-localize."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from wagtail import blocks

from wagtail_salesforce_leads.blocks import LeadFormBlock
from wagtail_salesforce_leads.blocks.choices import ChoicesBlock


@dataclass
class Segment:
    """As ``wagtail_localize.segments.StringSegmentValue`` is made, and what it gives."""

    path: str
    string: str

    def render_text(self) -> str:
        return self.string


@pytest.fixture
def localize(monkeypatch):
    segments = SimpleNamespace(StringSegmentValue=Segment)
    monkeypatch.setitem(sys.modules, "wagtail_localize", SimpleNamespace(segments=segments))
    monkeypatch.setitem(sys.modules, "wagtail_localize.segments", segments)


def texts_in(block: blocks.Block, path: str = "") -> set[str]:
    """Where wagtail-localize would take a text as it is, field types left out of the path."""
    if hasattr(block, "get_translatable_segments"):
        return set()
    if isinstance(block, blocks.CharBlock | blocks.TextBlock | blocks.RichTextBlock):
        return {path}
    is_stream = isinstance(block, blocks.StreamBlock)
    return {
        text
        for name, child in getattr(block, "child_blocks", {}).items()
        for text in texts_in(child, path if is_stream else f"{path}.{name}".lstrip("."))
    }


def test_only_words_are_translated():
    assert texts_in(LeadFormBlock()) == {
        "title",
        "submit_label",
        "success_message",
        "fields.label",
        "fields.help_text",
        "fields.placeholder",
        "fields.default",
    }


def values_in(block: blocks.Block, value, path: str = ""):
    """The words' values by their paths, as in :func:`texts_in`."""
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from values_in(child, value[name], f"{path}.{name}".lstrip("."))
    elif isinstance(block, blocks.StreamBlock):
        for child in value:
            yield from values_in(child.block, child.value, path)
    else:
        yield path, getattr(value, "source", value)


def test_words_that_code_left_out_are_empty_text():
    block = LeadFormBlock()
    field = {"type": "single_line", "value": {"key": "name", "label": "Name"}}
    values = dict(values_in(block, block.to_python({"fields": [field]})))
    left_out = texts_in(block) - {"fields.label"}
    assert {path: values[path] for path in left_out} == dict.fromkeys(left_out, "")


@pytest.mark.parametrize("field_type", ["dropdown", "radio", "hidden"])
def test_default_that_is_a_value_is_not_translated(field_type):
    default = LeadFormBlock().child_blocks["fields"].child_blocks[field_type]
    assert default.child_blocks["default"].get_translatable_segments("IT") == []


CHOICES = [{"value": "IT", "label": "Software"}, {"value": "a.b", "label": "Other"}]


def test_choices_are_translated_for_visitors_and_keep_their_values(localize):
    block = ChoicesBlock()
    segments = block.get_translatable_segments(CHOICES)
    assert [(s.path, s.string) for s in segments] == [("IT", "Software"), ("a.b", "Other")]
    translated = block.restore_translated_segments(CHOICES, [Segment("a.b", "その他")])
    assert translated == [CHOICES[0], {"value": "a.b", "label": "その他"}]
    assert CHOICES[1]["label"] == "Other"


def test_label_that_says_what_a_checkbox_sends_is_not_translated(localize):
    true = [{"value": "on", "label": "ＴＲＵＥ"}]
    assert ChoicesBlock().get_translatable_segments(true) == []
