"""Which submissions a person may see and act on. Every view and action starts here."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import get_page_models
from wagtail.permissions import page_permission_policy

from wagtail_salesforce_leads.models import (
    Delivery,
    LeadForm,
    LeadFormVersion,
    LeadSubmission,
    SalesforceOrg,
)

VIEW = "wagtail_salesforce_leads.view_leadsubmission"
#: Where a user keeps its sources, as Wagtail keeps page permissions there.
SOURCES = "_wagtail_salesforce_leads_sources"


def submissions_for(user) -> QuerySet[LeadSubmission]:
    """The submissions of pages this user may edit or publish; with ``view_leadsubmission``, all.

    Each comes with its delivery as ``current`` (or None), its org and its version: no query a row.
    """
    submissions = LeadSubmission.objects.annotate(
        current=FilteredRelation("deliveries", condition=Q(deliveries__is_current=True))
    ).select_related("current__org", "version", "form")
    if user.has_perm(VIEW):
        return submissions
    labels, ids = _sources(user)
    return submissions.filter(source_model__in=labels, source_id__in=ids)


def deliveries_for(user) -> QuerySet[Delivery]:
    """The current deliveries of ``submissions_for(user)``.

    Use it to count by state: it starts at Delivery, where few rows are in any state but done, and
    looks at submissions only for users without ``view_leadsubmission``.
    """
    current = Delivery.objects.filter(is_current=True)
    if user.has_perm(VIEW):
        return current
    labels, ids = _sources(user)
    submission = LeadSubmission.objects.filter(pk=OuterRef("submission"))
    return current.filter(Exists(submission.filter(source_model__in=labels, source_id__in=ids)))


def forms_for(user) -> QuerySet[LeadForm]:
    """The forms that submissions this user may see can come from."""
    if user.has_perm(VIEW):
        return LeadForm.objects.all()
    return LeadForm.objects.filter(
        content_type__in=ContentType.objects.get_for_models(*get_page_models()).values(),
        object_id__in=_page_ids(user),
    )


def orgs_for(user) -> QuerySet[SalesforceOrg]:
    """The orgs, disconnected ones too, that submissions this user may see can have gone to."""
    if user.has_perm(VIEW):
        return SalesforceOrg.objects.all()
    versions = LeadFormVersion.objects.filter(form__in=forms_for(user), org__isnull=False)
    return SalesforceOrg.objects.filter(pk__in=versions.values("org"))


def _sources(user) -> tuple[list[str], list[str]]:
    """The models and ids of the pages with forms among them, once a request.

    As values: a database that knows them reads each one's submissions newest first.
    """
    if not hasattr(user, SOURCES):
        found = forms_for(user).order_by().values_list("content_type", "object_id").distinct()
        models = {ContentType.objects.get_for_id(pk).model_class() for pk, _id in found}
        labels = sorted(model._meta.label_lower for model in models)
        setattr(user, SOURCES, (labels, [object_id for _pk, object_id in found]))
    return getattr(user, SOURCES)


def _page_ids(user) -> QuerySet:
    """The pages this user may edit or publish, by their ids as text."""
    pages = page_permission_policy.instances_user_has_any_permission_for(
        user, ["change", "publish"]
    )
    return pages.annotate(text_pk=Cast("pk", CharField())).values("text_pk")


def may_see_any(user) -> bool:
    """Whether the report has a place in this user's menu."""
    return user.has_perm(VIEW) or page_permission_policy.user_has_any_permission(
        user, ["change", "publish"]
    )
