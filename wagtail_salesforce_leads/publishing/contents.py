"""The forms that an object holds, as plain data: those in its streams, and its own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

from .definition import FormContent, content_of
from .streams import is_inline_child, places_of, stream_fields


class FormHolder(models.Model):
    """Base of models that are a form themselves, as classic form pages are.

    A model, though without fields: a plain class would stand in every site's migrations.
    """

    #: The model fields that say where submissions go, beside the form's own.
    lead_form_columns: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def lead_form_content(self) -> FormContent:
        raise NotImplementedError


@dataclass(frozen=True)
class HeldForm:
    """``block_id`` is empty, and ``key`` None, for the form that an object itself is."""

    content: FormContent
    block_id: str = ""
    key: uuid.UUID | None = None


def forms_of(source: models.Model) -> list[HeldForm]:
    """Every lead form of the object; those in streams in reading order."""
    own = [HeldForm(source.lead_form_content())] if isinstance(source, FormHolder) else []
    in_streams = [
        HeldForm(content_of(place.value()), place.block_id, place.key)
        for place in places_of(source)
    ]
    return own + in_streams


@cache
def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The model fields that hold the object's forms and their settings."""
    own = model.lead_form_columns if issubclass(model, FormHolder) else ()
    return (*own, *(field.name for field in stream_fields(model)))


@cache
def holders() -> tuple[type[models.Model], ...]:
    """The models that can hold a lead form; inline children cannot (check E021)."""
    return tuple(
        model for model in apps.get_models() if columns_of(model) and not is_inline_child(model)
    )
