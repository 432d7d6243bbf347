"""System checks: each missing piece with its one-line fix. Ids are stable."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import Error, Tags, Warning, register
from wagtail.blocks import ListBlock, StreamBlock

from .conf import SETTING, settings
from .models.pages import page_model
from .panels import SalesforceFormMixin
from .publishing.streams import forms_in, is_inline_child, stream_fields

PUBLISH_MIDDLEWARE = "wagtail_salesforce_leads.publishing.middleware.PublishBlockedMiddleware"


@register(Tags.compatibility)
def check_setting_names(app_configs, **kwargs):
    return [
        Warning(
            f"{SETTING} has an unknown name: {name}.",
            hint="See the settings reference for the names.",
            id="wagtail_salesforce_leads.W001",
        )
        for name in sorted(settings.unknown_names())
    ]


@register(Tags.models)
def check_forms_have_ids(app_configs, **kwargs):
    return [
        Error(
            f"{field} holds a lead form that is no child of a StreamBlock or ListBlock.",
            hint="Put LeadFormBlock into a StreamBlock or ListBlock: its items have an id, by "
            "which a form is known.",
            obj=field.model,
            id="wagtail_salesforce_leads.E020",
        )
        for model in apps.get_models()
        for field in stream_fields(model)
        for _form, parent in forms_in(field.stream_block)
        if not isinstance(parent, (StreamBlock, ListBlock))
    ]


@register(Tags.models)
def check_forms_are_in_published_models(app_configs, **kwargs):
    return [
        Error(
            f"{field} holds a lead form, but {model.__name__} is edited inline and not published.",
            hint="Put the form into a StreamField of the page or snippet itself.",
            obj=model,
            id="wagtail_salesforce_leads.E021",
        )
        for model in apps.get_models()
        if is_inline_child(model)
        for field in stream_fields(model)
    ]


@register(Tags.models)
def check_classic_forms_inherit_in_order(app_configs, **kwargs):
    return [
        Error(
            f"{model.__name__} stores its submissions without asking SalesforceFormMixin.",
            hint="Put SalesforceFormMixin before AbstractForm or AbstractEmailForm.",
            obj=model,
            id="wagtail_salesforce_leads.E023",
        )
        for model in apps.get_models()
        if issubclass(model, SalesforceFormMixin)
        and model.__mro__.index(SalesforceFormMixin) > model.__mro__.index(page_model())
    ]


@register(Tags.compatibility)
def check_publish_middleware(app_configs, **kwargs):
    if PUBLISH_MIDDLEWARE in django_settings.MIDDLEWARE:
        return []
    return [
        Warning(
            "A form that cannot work answers bulk publishing and approvals with an error page.",
            hint=f"Add {PUBLISH_MIDDLEWARE!r} to MIDDLEWARE.",
            id="wagtail_salesforce_leads.W022",
        )
    ]
