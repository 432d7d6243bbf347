"""A form as visitors know it, and its published versions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from .orgs import SalesforceOrg
from .primary import PrimaryManager, PrimaryModel


class LeadFormQuerySet(models.QuerySet):
    def of(self, content_type: ContentType, object_id: object) -> LeadFormQuerySet:
        """The forms of one object."""
        return self.filter(content_type=content_type, object_id=str(object_id))

    def of_source(self, source: models.Model) -> LeadFormQuerySet:
        return self.of(ContentType.objects.get_for_model(source), source.pk)

    def open(self) -> LeadFormQuerySet:
        return self.filter(is_open=True)

    def sending_to(self, orgs: Iterable[SalesforceOrg]) -> LeadFormQuerySet:
        """The open forms whose submissions become leads of these orgs."""
        return self.open().filter(current_version__sync=True, current_version__org__in=orgs)

    def close(self) -> int:
        return self.open().update(is_open=False)

    def by_key(self, key: uuid.UUID | str) -> LeadForm | None:
        return self.select_related("current_version__org").filter(key=key).first()

    def claim(self, source: models.Model, block_id: str, key: uuid.UUID | str) -> LeadForm:
        """The form of this block of this object; a new one gets ``key`` unless another has it."""
        own = self.of_source(source).filter(block_id=block_id)
        if form := own.first():
            return form
        place = {
            "content_type": ContentType.objects.get_for_model(source),
            "object_id": str(source.pk),
            "block_id": block_id,
        }
        try:
            with transaction.atomic():
                return self.create(**place, key=key)
        except IntegrityError:
            # Somebody saved this object, or a copy of it with the same key, at the same moment.
            return own.first() or self.create(**place)


class LeadForm(PrimaryModel):
    """One form block of one object. Known by (object, block id): copies of a page keep block ids.

    Its key is the form's public address and is written into the block's value when it is saved.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)
    #: Empty for the form of a classic form page, which has one.
    block_id = models.CharField(max_length=36, blank=True)
    source = GenericForeignKey("content_type", "object_id")
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(_("title"), max_length=255)
    #: Whether visitors may submit it: its object is live and holds it.
    is_open = models.BooleanField(_("is open"), default=False)
    current_version = models.ForeignKey(
        "LeadFormVersion", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PrimaryManager.from_queryset(LeadFormQuerySet)()

    class Meta:
        verbose_name = _("lead form")
        verbose_name_plural = _("lead forms")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "block_id"], name="lead_form_once_a_block"
            )
        ]

    def __str__(self) -> str:
        return self.title


class LeadFormVersionQuerySet(models.QuerySet):
    def current(self) -> LeadFormVersionQuerySet:
        return self.filter(superseded_at=None)


class LeadFormVersion(PrimaryModel):
    """A published form, compiled and never changed: what visitors answer and how it is mapped.

    ``definition`` is what ``publishing.compile`` makes of the block::

        {"title": …, "fields": [{"key", "type", "label", "help_text", "required", "default",
         "choices": [{"value", "label"}], "placeholder", "autocomplete", …}],
         "submit_label": …, "success_message": …, "thank_you_page": id or null}

    ``mapping`` is a list of {"source": "field" | "constant" | "context", "value": key, text or
    context name, "property": API name, "inverted": bool}.
    """

    form = models.ForeignKey(LeadForm, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    #: Of everything below: same content, same version.
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    sync = models.BooleanField(_("lead sync"), default=False)
    org = models.ForeignKey(SalesforceOrg, null=True, on_delete=models.SET_NULL, related_name="+")
    campaign_id = models.CharField(max_length=18, blank=True)
    campaign_name = models.CharField(_("campaign"), max_length=255, blank=True)
    member_status = models.CharField(_("lead status"), max_length=255, blank=True)
    lead_source = models.CharField(_("lead source"), max_length=255, blank=True)
    mapping = models.JSONField(default=list)
    published_at = models.DateTimeField(auto_now_add=True)
    #: When another version took its place; a cached page may still send it answers for a while.
    superseded_at = models.DateTimeField(null=True)

    objects = PrimaryManager.from_queryset(LeadFormVersionQuerySet)()

    class Meta:
        verbose_name = _("form version")
        verbose_name_plural = _("form versions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="lead_form_version_number"),
            models.UniqueConstraint(fields=["form", "digest"], name="lead_form_version_content"),
        ]

    def __str__(self) -> str:
        return f"{self.form} v{self.number}"

    @property
    def fields(self) -> list[dict]:
        return self.definition["fields"]
