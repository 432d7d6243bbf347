"""The filters of the lead submissions report."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from ..delivery.verdicts import STATUS_DIFFERS
from ..models import Delivery, LeadFormVersion, LeadSubmission
from .visible import forms_for, orgs_for

NOT_SENT = "none"


class SubmissionFilterSet(WagtailFilterSet):
    result = django_filters.ChoiceFilter(
        label=_("Result"),
        choices=[*Delivery.State.choices, (NOT_SENT, _("Not sent"))],
        method="filter_result",
    )
    cause = django_filters.CharFilter(label=_("Cause"), method="filter_cause")
    form = django_filters.ModelChoiceFilter(
        label=_("Form"), queryset=lambda request: forms_for(request.user).order_by("title", "pk")
    )
    page = django_filters.CharFilter(
        label=_("Page"), field_name="page_title", lookup_expr="icontains"
    )
    account = django_filters.ModelChoiceFilter(
        label=_("Account"),
        field_name="current__org",
        queryset=lambda request: orgs_for(request.user).order_by("name", "pk"),
    )
    campaign = django_filters.CharFilter(label=_("Campaign"), method="filter_campaign")
    submitted_at = django_filters.DateFromToRangeFilter(
        label=_("Date"), widget=DateRangePickerWidget
    )

    class Meta:
        model = LeadSubmission
        fields = []

    def filter_result(self, queryset, name, value):
        if value == NOT_SENT:
            return queryset.filter(current__isnull=True)
        return queryset.filter(current__state=value)

    def filter_cause(self, queryset, name, value):
        """What is in Salesforce has one possible cause, so all that need not be read for others."""
        found = queryset.filter(current__cause=value)
        if value == STATUS_DIFFERS:
            return found
        return found.filter(current__state__in=set(Delivery.State) - {Delivery.State.DONE})

    def filter_campaign(self, queryset, name, value):
        """By the names that forms chose campaigns by: far fewer to read than there are leads."""
        chosen = LeadFormVersion.objects.filter(campaign_name__icontains=value)
        ids = chosen.exclude(campaign_id="").values_list("campaign_id", flat=True).distinct()
        return queryset.filter(current__campaign_id__in=list(ids))
