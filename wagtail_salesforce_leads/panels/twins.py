"""A classic page's submission exists twice: Wagtail's, and ours with its delivery.

Both hold a visitor's answers, so with one goes the other, wherever it is deleted. Two things leave
ours: a lead that is still on its way, which only those may stop who may delete lead submissions;
and the deletion of the page.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.signals import post_delete

from wagtail_salesforce_leads.models import Delivery, LeadSubmission

from .integration import SalesforceFormMixin

PREFIX = "wagtail_salesforce_leads.panels."


def connect() -> None:
    """Listens to Wagtail's submissions only where the site has such pages."""
    if not classic_pages():
        return
    # A site without classic pages need not have the app installed.
    from wagtail.contrib.forms.models import AbstractFormSubmission

    post_delete.connect(delete_theirs, LeadSubmission, dispatch_uid=PREFIX + "delete_theirs")
    for model in apps.get_models():
        if issubclass(model, AbstractFormSubmission):
            post_delete.connect(delete_ours, model, dispatch_uid=PREFIX + "delete_ours")


@cache
def classic_pages() -> dict[str, type[SalesforceFormMixin]]:
    """By the label that submissions keep of them."""
    pages = [model for model in apps.get_models() if issubclass(model, SalesforceFormMixin)]
    return {page._meta.label_lower: page for page in pages}


def delete_ours(sender: type[Model], instance: Model, origin: Any, **kwargs: Any) -> None:
    if _model_of(origin) is sender:
        on_its_way = Delivery.objects.unsettled().filter(submission=OuterRef("pk"))
        LeadSubmission.objects.filter(
            ~Exists(on_its_way),
            source_model__in=classic_pages(),
            source_id=str(instance.page_id),
            form_submission_id=instance.pk,
        ).delete()


def delete_theirs(sender: type[Model], instance: LeadSubmission, **kwargs: Any) -> None:
    page = classic_pages().get(instance.source_model)
    if page and instance.form_submission_id:
        theirs = page().get_submission_class()._default_manager
        theirs.filter(pk=instance.form_submission_id, page_id=instance.source_id).delete()


def _model_of(origin: Any) -> type[Model]:
    """Of the object or the rows whose deletion it all began with."""
    return origin.model if isinstance(origin, QuerySet) else type(origin)
