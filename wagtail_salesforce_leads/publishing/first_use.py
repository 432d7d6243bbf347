"""Compiles forms that went live without being published: fixtures, imports, data migrations."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.db import models, transaction
from django.db.models.functions import Cast
from wagtail.models import get_page_models

from wagtail_salesforce_leads.models import LeadForm
from wagtail_salesforce_leads.models.primary import on_primary

from .compile import compile_source, is_live
from .contents import holders
from .definition import content_of
from .identity import store_identity
from .streams import form_values_of, key_of, places_of, stream_fields

#: How long an unknown form is not looked for again, in seconds.
FORGET_AFTER = 600


def form_for(value: Mapping[str, Any], page: models.Model | None = None) -> LeadForm | None:
    """The form that a block's value belongs to, or None: a preview, or a draft.

    ``page`` is the object being rendered, where that is known. Without it a form is found by its
    key alone; see :func:`keyless_form`.
    """
    if form := _known(value):
        return form
    place = _place_in(page, value) if getattr(page, "pk", None) else None
    return _found(value) if place is None else _compiled_in(page, place)


def keyless_form(value: Mapping[str, Any]) -> LeadForm | None:
    """The form of a snippet that was imported without keys: of the live one with this content.

    All of them get their keys. Where several have the same content, each is known from the next
    time it is read on.
    """
    content = content_of(value)
    if key_of(value) or not _is_news(hashlib.sha256(repr(content).encode()).hexdigest()):
        return None
    found = [
        form
        for model in filter(stream_fields, holders())
        if model not in get_page_models()
        for snippet in _keyless(model)
        for place, form in zip(places_of(snippet), _compiled(snippet), strict=False)
        if content_of(place.value()) == content
    ]
    return found[0] if len(found) == 1 else None


def compile_stored(model: type[models.Model], pk: Any) -> list[LeadForm]:
    """Compiles an object's forms as the database has it, after giving them identity."""
    with transaction.atomic():
        _lock(model, pk)
        source = on_primary(model).filter(pk=pk).first()
        if source is None:
            return []
        if is_live(source):
            store_identity(source)
        return compile_source(source)


def _lock(model: type[models.Model], pk: Any) -> None:
    """Lock the object against other saves, which begin at the topmost table, as this does."""
    top = [model, *model._meta.get_parent_list()][-1]
    top._base_manager.select_for_update().filter(pk=pk).values_list("pk").first()


def _known(value: Mapping[str, Any]) -> LeadForm | None:
    key = key_of(value)
    return LeadForm.objects.by_key(key) if key else None


def _place_in(page: models.Model, value: Mapping[str, Any]) -> int | None:
    """Which of the page's forms ``value`` is, by identity: the value carries no block id."""
    values = form_values_of(page)
    return next((place for place, own in enumerate(values) if own is value), None)


def _compiled_in(page: models.Model, place: int) -> LeadForm | None:
    forms = _compiled(page)
    return forms[place] if place < len(forms) else None


def _compiled(source: models.Model) -> list[LeadForm]:
    """The forms in the object's streams."""
    return [form for form in compile_stored(type(source), source.pk) if form.block_id]


def _keyless(model: type[models.Model]) -> list[models.Model]:
    """The live objects with a form that has no key."""
    return [
        source
        for source in on_primary(model).iterator()
        if is_live(source) and not all(place.key for place in places_of(source))
    ]


def _found(value: Mapping[str, Any]) -> LeadForm | None:
    key = key_of(value)
    if key is None or not _is_news(str(key)):
        return None
    for model in filter(stream_fields, holders()):
        for pk in _holding(model, str(key)):
            compile_stored(model, pk)
    return LeadForm.objects.by_key(key)


def _is_news(name: str) -> bool:
    """Whether nobody has looked for the form lately. If the cache fails, say no."""
    try:
        return cache.add(f"wagtail_salesforce_leads.unknown.{name}", True, FORGET_AFTER)
    except Exception:
        return False


def _holding(model: type[models.Model], text: str) -> list[Any]:
    """The objects of ``model`` with ``text`` anywhere in a stream that can hold a form."""
    found = models.Q()
    texts = {}
    for field in stream_fields(model):
        texts[f"text_of_{field.name}"] = Cast(field.name, models.TextField())
        found |= models.Q(**{f"text_of_{field.name}__contains": text})
    return list(on_primary(model).alias(**texts).filter(found).values_list("pk", flat=True))
