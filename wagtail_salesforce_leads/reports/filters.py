"""The filters of the lead submissions report."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from ..models import Delivery, LeadSubmission
from .visible import forms_for, orgs_for

NOT_SENT = "none"


class SubmissionFilterSet(WagtailFilterSet):
    result = django_filters.ChoiceFilter(
        label=_("Result"),
        choices=[*Delivery.State.choices, (NOT_SENT, _("Not sent"))],
        method="filter_result",
    )
    cause = django_filters.CharFilter(label=_("Cause"), field_name="current__cause")
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
    campaign = django_filters.CharFilter(
        label=_("Campaign"), field_name="current__campaign_name", lookup_expr="icontains"
    )
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
