"""The filters of the lead submissions report."""

from __future__ import annotations

import django_filters
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from wagtail_salesforce_leads.delivery.verdicts import STATUS_DIFFERS
from wagtail_salesforce_leads.models import Delivery, LeadFormVersion, LeadSubmission, SalesforceOrg

from .visible import forms_for, orgs_for

NOT_SENT = "none"
DONE = Delivery.State.DONE
#: What as many leads have is told by what it is not, and by a function of the column: SQLite, which
#: does not know how many there are, and MariaDB, which guesses, would read all of them by the
#: column's index, and sort them.
MANY = 10_000


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
        method="filter_account",
        queryset=lambda request: orgs_for(request.user).order_by("name", "pk"),
    )
    campaign = django_filters.CharFilter(label=_("Campaign"), method="filter_campaign")
    submitted_at = django_filters.DateFromToRangeFilter(
        label=_("Date"), widget=DateRangePickerWidget
    )

    class Meta:
        model = LeadSubmission
        fields = []

    @property
    def reads_rows(self) -> bool:
        """Whether no index tells what is asked for."""
        chosen = self.form.cleaned_data
        return bool(chosen["page"] or chosen["cause"] == STATUS_DIFFERS)

    def narrowed(self, queryset):
        """By what indexes tell."""
        for name in ("form", "submitted_at"):
            queryset = self.filters[name].filter(queryset, self.form.cleaned_data[name])
        return queryset

    def filter_result(self, queryset, name, value):
        if value == NOT_SENT:
            # Nothing else is without a delivery, and there is an index on it.
            versions = LeadFormVersion.objects.filter(sync=False).values_list("pk", flat=True)
            return queryset.filter(version__in=list(versions))
        if value == DONE:
            chosen = queryset.annotate(result=Coalesce("current__state", Value("")))
            return chosen.exclude(result__in=["", *Delivery.OPEN])
        return queryset.filter(current__state=value)

    def filter_cause(self, queryset, name, value):
        """What is in Salesforce has one possible cause, so all that need not be read for others."""
        found = queryset.filter(current__cause=value)
        if value == STATUS_DIFFERS:
            return found
        return found.filter(current__state__in=Delivery.OPEN)

    def filter_account(self, queryset, name, value):
        if not Delivery.objects.filter(org=value)[MANY : MANY + 1].exists():
            return queryset.filter(current__org=value)
        others = SalesforceOrg.objects.exclude(pk=value.pk).values("pk")
        chosen = queryset.annotate(account=Coalesce("current__org", Value(0)))
        return chosen.exclude(account=0).exclude(account__in=others)

    def filter_campaign(self, queryset, name, value):
        """By the names that forms chose campaigns by, and those forms: far fewer to read."""
        versions = LeadFormVersion.objects.filter(campaign_name__icontains=value)
        chosen = versions.exclude(campaign_id="").values_list("form_id", "campaign_id").distinct()
        forms, campaigns = {form for form, _id in chosen}, {campaign for _pk, campaign in chosen}
        return queryset.filter(form__in=forms, current__campaign_id__in=campaigns)
