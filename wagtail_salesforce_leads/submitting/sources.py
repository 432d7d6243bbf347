"""The object that holds a form, as a visitor meets it: a page, or a snippet shown on pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from wagtail.models import PageViewRestriction

from wagtail_salesforce_leads.models import LeadForm
from wagtail_salesforce_leads.models.pages import is_page, page_model
from wagtail_salesforce_leads.models.primary import on_primary

from .languages import page_language
from .origin import sites_at

#: What :class:`Source` and a page's own address and restrictions read; the rest stays in the
#: database unless a site's page model asks for it.
NEEDED = frozenset(
    ("live", "title", "seo_title", "path", "depth", "url_path", "alias_of", "locale")
)


@dataclass
class Source:
    """``page`` is the instance itself, or the page that shows the snippet, as far as it is known.

    Not a page by class: a site may swap Wagtail's page model, so what it can do decides.
    """

    instance: Model
    page: Any | None

    @property
    def is_live(self) -> bool:
        return bool(getattr(self.instance, "live", True))

    @property
    def title(self) -> str:
        """The page's own, as search engines show it."""
        return (self.page and (self.page.seo_title or self.page.title)) or ""

    @property
    def language(self) -> str:
        return page_language(self.page)

    @property
    def label(self) -> str:
        """The object's model as "app.model"."""
        return self.instance._meta.label_lower

    def path(self, request: HttpRequest) -> str:
        """Where the page is, "" where it is not known; on this host unless it is another site's."""
        parts = self.page and self.page.get_url_parts(request)
        if not parts or not parts[2]:
            return ""
        site_id, root_url, path = parts
        here = sites_at(request)
        return path if site_id in here or not here else f"{root_url}{path}"

    def admits(self, request: HttpRequest) -> bool:
        """Whether the page's view restrictions let this visitor in."""
        return all(restriction.accept_request(request) for restriction in self.restrictions)

    @cached_property
    def restrictions(self) -> list[Any]:
        """Most sites have none at all, which one small query tells."""
        if self.page is None or not PageViewRestriction.objects.exists():
            return []
        return list(self.page.get_view_restrictions())


def source_of(form: LeadForm, page_id: int | None = None) -> Source | None:
    """The form's object with the little that a submission needs, or None when it is gone.

    ``page_id`` is the page that shows it, as the visitor's browser says; it counts for a snippet.
    """
    model = _model_of(form)
    if model is None:
        return None
    try:
        instance = _lean(model).get(pk=form.object_id)
    except model.DoesNotExist:
        return None
    return Source(instance, instance if is_page(instance) else _shown_on(page_id))


def is_form_of_page(form: LeadForm) -> bool:
    return is_page(_model_of(form))


def _model_of(form: LeadForm) -> type[Model] | None:
    return ContentType.objects.get_for_id(form.content_type_id).model_class()


def _shown_on(page_id: int | None) -> Model | None:
    if page_id is None:
        return None
    return _lean(page_model()).filter(live=True, pk=page_id).first()


def _lean(model: type[Model]) -> QuerySet:
    names = {field.name for field in model._meta.concrete_fields}
    objects = on_primary(model).only(*sorted(names & NEEDED))
    if "locale" not in names:
        return objects
    return objects.select_related("locale").only(*sorted(names & NEEDED), "locale__language_code")
