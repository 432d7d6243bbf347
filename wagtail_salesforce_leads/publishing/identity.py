"""Gives lead forms what they are known by: block ids, field keys and the form's public key.

A form is known by (object, block id), never by block id alone: copies of a page, translations and
aliases keep block ids. Its key, which rendering reads from the block's value, must be its own, and
a copied object brings the original's along.
"""

from __future__ import annotations

import copy
import json
import uuid
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Revision

from wagtail_salesforce_leads.models import LeadForm

from .streams import Place, Raw, places_in, prepared_stream, stream_fields

Streams = dict[StreamField, list[Raw]]


def identify(instance: models.Model) -> None:
    """Gives the forms in an object that is about to be saved their identity."""
    stored = {field: prepared_stream(instance, field) for field in stream_fields(type(instance))}
    content_type = ContentType.objects.get_for_model(instance)
    object_id = None if instance._state.adding else instance.pk
    for field, raw in identified(stored, content_type, object_id).items():
        if raw != stored[field]:
            setattr(instance, field.attname, raw)


def store_identity(source: models.Model) -> None:
    """As :func:`identify`, for an object that is not about to be saved: writes its streams only."""
    identify(source)
    fields = stream_fields(type(source))
    streams = {field.attname: getattr(source, field.attname) for field in fields}
    type(source)._base_manager.filter(pk=source.pk).update(**streams)


def identify_in_content(revision: Revision, model: type[models.Model]) -> None:
    """The same for a revision of ``model``: the ids that an editor sees are those to go live."""
    stored = {field: _stream_in_content(revision.content, field) for field in stream_fields(model)}
    content_type = ContentType.objects.get_for_model(model)
    for field, raw in identified(stored, content_type, revision.object_id).items():
        if raw != stored[field]:
            revision.content[field.name] = json.dumps(raw)


def identified(streams: Streams, content_type: ContentType, object_id: Any) -> Streams:
    """Copies of the raw streams in which every form has its ids and its key.

    ``object_id`` is None for an object that was never saved: its forms get new keys.
    """
    streams = copy.deepcopy(streams)
    places = [
        place for field, raw in streams.items() for place in places_in(field.stream_block, raw)
    ]
    _give_block_ids(places)
    for place in places:
        _give_field_keys(place.fields)
    if places:
        _give_form_keys(places, content_type, object_id)
    return streams


def _give_field_keys(fields: list[Raw]) -> None:
    """Give a new key to each field that has none, or the key of a field above it."""
    seen = set()
    for field in fields:
        if not field["value"].get("key") or field["value"]["key"] in seen:
            field["value"]["key"] = uuid.uuid4().hex
        seen.add(field["value"]["key"])


def _give_block_ids(places: list[Place]) -> None:
    seen = set()
    for place in places:
        if not place.block_id or place.block_id in seen:
            place.item["id"] = str(uuid.uuid4())
        seen.add(place.block_id)


def _give_form_keys(places: list[Place], content_type: ContentType, object_id: Any) -> None:
    own, taken = _known_keys(places, content_type, object_id)
    for place in places:
        if key := own.get(place.block_id):
            place.set_key(key)
        elif object_id is None or not place.key or place.key in taken:
            place.set_key(uuid.uuid4())
        taken.add(place.key)


def _known_keys(
    places: list[Place], content_type: ContentType, object_id: Any
) -> tuple[dict[str, uuid.UUID], set[uuid.UUID]]:
    """The object's own keys by block id, and those of the places that are somebody's already."""
    if object_id is None:
        return {}, set()
    of_object = models.Q(content_type=content_type, object_id=str(object_id))
    with_key = models.Q(key__in=[place.key for place in places if place.key])
    own, taken = {}, set()
    for form in LeadForm.objects.filter(of_object | with_key):
        if form.content_type_id == content_type.pk and form.object_id == str(object_id):
            own[form.block_id] = form.key
        taken.add(form.key)
    return own, taken


def _stream_in_content(content: Raw, field: StreamField) -> list[Raw]:
    """Revisions keep a stream as JSON text (``StreamField.value_to_string``)."""
    stored = content.get(field.name) or "[]"
    raw = json.loads(stored) if isinstance(stored, str) else stored
    return raw if isinstance(raw, list) else []
