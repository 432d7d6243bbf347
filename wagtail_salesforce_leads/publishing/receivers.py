"""Keeps published forms in step with the objects that hold them, however these are saved."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.models import Revision, get_page_models
from wagtail.signals import post_page_move

from wagtail_salesforce_leads.models import LeadForm
from wagtail_salesforce_leads.models.pages import page_model
from wagtail_salesforce_leads.models.primary import on_primary

from .compile import close_source, compile_source, is_live
from .contents import columns_of, holders
from .first_use import compile_stored
from .gate import block_wrong_forms
from .identity import identify, identify_in_content

PREFIX = "wagtail_salesforce_leads.publishing."


def connect() -> None:
    """Listens to the models that can hold a lead form, and to no others."""
    for model in holders():
        pre_save.connect(before_save, model, dispatch_uid=PREFIX + "before_save")
        post_save.connect(after_save, model, dispatch_uid=PREFIX + "after_save")
        post_delete.connect(after_delete, model, dispatch_uid=PREFIX + "after_delete")
    base = page_model()
    pre_save.connect(before_base_page_save, base, dispatch_uid=PREFIX + "before_base_page_save")
    post_save.connect(after_base_page_save, base, dispatch_uid=PREFIX + "after_base_page_save")
    pre_save.connect(before_revision_save, Revision, dispatch_uid=PREFIX + "before_revision")
    post_page_move.connect(after_move, dispatch_uid=PREFIX + "after_move")


def before_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    """Give the object's forms their identity; refuse to save a live form that cannot work."""
    if raw or not _touches_forms(sender, update_fields):
        return
    if update_fields is None:
        identify(instance)
    if is_live(instance):
        block_wrong_forms(instance)


def after_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    if raw:
        # Rows it refers to may follow in the fixture; loading one is a transaction.
        transaction.on_commit(partial(compile_stored, sender, instance.pk), robust=True)
    elif _touches_forms(sender, update_fields):
        _follow(instance, update_fields)


def after_delete(sender, instance, **kwargs) -> None:
    close_source(instance)


def before_base_page_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    """The gate for code that makes a page live without its specific class."""
    if not raw and instance.live and _is_saved("live", update_fields):
        model = instance.specific_class
        if model in holders() and (source := on_primary(model).filter(pk=instance.pk).first()):
            block_wrong_forms(source)


def after_base_page_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    """Wagtail publishes specific pages, but unpublishes whatever it was handed."""
    model = instance.specific_class
    if not raw and _is_saved("live", update_fields) and model in holders():
        compile_stored(model, instance.pk)


def before_revision_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    """Scheduling is approving a revision: later, nobody is there to read what is wrong."""
    model = ContentType.objects.get_for_id(instance.content_type_id).model_class()
    if raw or model not in holders():
        return
    if _is_saved("content", update_fields):
        identify_in_content(instance, model)
    if instance.approved_go_live_at and _is_saved("approved_go_live_at", update_fields):
        block_wrong_forms(instance.as_object(), instance)


def after_move(sender, instance, **kwargs) -> None:
    """The forms of moved pages belong to the site that the pages are in now."""
    types = ContentType.objects.get_for_models(*(set(holders()) & set(get_page_models())))
    moved = instance.get_descendants(inclusive=True).values_list("pk", flat=True)
    LeadForm.objects.filter(
        content_type__in=types.values(), object_id__in=[str(pk) for pk in moved]
    ).update(site=instance.get_site())


def _is_saved(name: str, update_fields: Collection[str] | None) -> bool:
    return update_fields is None or name in update_fields


def _touches_forms(model: type[models.Model], update_fields: Collection[str] | None) -> bool:
    return any(_is_saved(name, update_fields) for name in ("live", *columns_of(model)))


def _follow(instance: models.Model, update_fields: Collection[str] | None) -> None:
    """Outside a transaction somebody may have saved the object since: then its row counts."""
    if update_fields is None and transaction.get_connection().in_atomic_block:
        compile_source(instance)
    else:
        compile_stored(type(instance), instance.pk)
