"""Finds lead forms in an object's streams, at any depth.

Works on the raw JSON of a stream: a stream value's blocks may be shared between objects (Wagtail
copies a page by handing its stream value to the copy), so nothing is written into them; a changed
stream replaces the old one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField

from wagtail_salesforce_leads.blocks.form import LeadFormBlock

Raw = dict[str, Any]


def key_of(value: Mapping[str, Any]) -> uuid.UUID | None:
    """The public key in a form's value, raw or not; None where there is none."""
    try:
        return uuid.UUID(value.get("form_key") or "")
    except ValueError:
        return None


@dataclass(frozen=True)
class Place:
    """A lead form in raw stream data: ``item`` is its {"type", "value", "id"}."""

    item: Raw
    block: LeadFormBlock

    @property
    def block_id(self) -> str:
        return self.item.get("id") or ""

    @property
    def fields(self) -> list[Raw]:
        return [field for field in self.item["value"].get("fields") or () if field.get("value")]

    @property
    def key(self) -> uuid.UUID | None:
        return key_of(self.item["value"])

    def set_key(self, key: uuid.UUID) -> None:
        self.item["value"]["form_key"] = str(key)

    def value(self) -> Any:
        """The block's value as Python, read anew."""
        return self.block.to_python(self.item["value"])


@cache
def stream_fields(model: type[models.Model]) -> tuple[StreamField, ...]:
    """The model's streams that can hold a lead form."""
    return tuple(
        field
        for field in model._meta.get_fields()
        if isinstance(field, StreamField) and any(forms_in(field.stream_block))
    )


def is_inline_child(model: type[models.Model]) -> bool:
    return any(isinstance(field, ParentalKey) for field in model._meta.get_fields())


def forms_in(block: Block, parent: Block | None = None) -> Iterator[tuple[LeadFormBlock, Block]]:
    """Each lead form block under ``block``, with the block that it is a child of."""
    if isinstance(block, LeadFormBlock):
        yield block, parent
    elif isinstance(block, ListBlock):
        yield from forms_in(block.child_block, block)
    else:
        for child in getattr(block, "child_blocks", {}).values():
            yield from forms_in(child, block)


def prepared_stream(instance: models.Model, field: StreamField) -> list[Raw]:
    """The stream's raw data, as it would be stored. Not to be changed: Wagtail
    may share it with other objects."""
    prepared = field.get_prep_value(getattr(instance, field.attname))
    return prepared if isinstance(prepared, list) else []


def places_of(instance: models.Model) -> list[Place]:
    """Every lead form in the object, in reading order."""
    return [
        place
        for field in stream_fields(type(instance))
        for place in places_in(field.stream_block, prepared_stream(instance, field))
    ]


def places_in(block: Block, raw: Any) -> Iterator[Place]:
    """Every lead form in the raw data of ``block`` that is a child of a stream or a list."""
    if isinstance(block, StreamBlock):
        for item in raw or ():
            yield from _places_in_item(block.child_blocks.get(item["type"]), item)
    elif isinstance(block, ListBlock):
        _use_item_format(raw)
        for item in raw or ():
            yield from _places_in_item(block.child_block, item)
    elif isinstance(block, StructBlock) and isinstance(raw, dict):
        for name, child in block.child_blocks.items():
            if not isinstance(child, LeadFormBlock):
                yield from places_in(child, raw.get(name))


def _places_in_item(block: Block | None, item: Raw) -> Iterator[Place]:
    if not isinstance(block, LeadFormBlock):
        if block is not None:
            yield from places_in(block, item["value"])
    elif isinstance(item["value"], dict):
        yield Place(item, block)


def _use_item_format(raw: list[Any] | None) -> None:
    """Lists saved before Wagtail 2.16 hold bare values."""
    for place, item in enumerate(raw or ()):
        if not (isinstance(item, dict) and item.get("type") == "item" and "value" in item):
            raw[place] = {"type": "item", "value": item, "id": None}


def form_values_of(instance: models.Model) -> list[Any]:
    """The values of the object's lead forms, themselves, in the order of :func:`places_of`."""
    return [
        value
        for field in stream_fields(type(instance))
        for value in _form_values(field.stream_block, getattr(instance, field.attname))
    ]


def _form_values(block: Block, value: Any) -> Iterator[Any]:
    if isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            if not isinstance(child, LeadFormBlock) and name in value:
                yield from _form_values(child, value[name])
    elif isinstance(block, (StreamBlock, ListBlock)):
        children = value if isinstance(block, StreamBlock) else value.bound_blocks
        for child in children:
            if isinstance(child.block, LeadFormBlock):
                yield child.value
            else:
                yield from _form_values(child.block, child.value)
