"""The lead submissions report."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.reports import ReportView

from wagtail_salesforce_leads.models import Delivery, LeadSubmission

from .causes import failure_groups
from .columns import report_columns
from .exports import SubmissionExport
from .filters import SubmissionFilterSet
from .month import last_days
from .paging import BoundedPaginator
from .visible import deliveries_for, may_see_any, submissions_for
from .window import LooksAmongNewest


class LeadSubmissionsView(LooksAmongNewest, SubmissionExport, ReportView):
    """Override ``get_base_queryset`` to narrow what is listed; never widen it past ``visible``."""

    page_title = _("Lead submissions")
    header_icon = "salesforce"
    model = LeadSubmission
    index_url_name = "wagtail_salesforce_leads_reports:index"
    index_results_url_name = "wagtail_salesforce_leads_reports:index_results"
    template_name = "wagtail_salesforce_leads/reports/index.html"
    results_template_name = "wagtail_salesforce_leads/reports/index_results.html"
    filterset_class = SubmissionFilterSet
    paginator_class = BoundedPaginator
    default_ordering = "-submitted_at"
    is_searchable = True
    search_fields = ["who"]
    verbose_name_plural = _("lead submissions")
    any_permission_required = None

    def dispatch(self, request, *args, **kwargs):
        if not may_see_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def columns(self):
        return report_columns()

    def get_base_queryset(self):
        return submissions_for(self.request.user)

    def get_filtered_queryset(self):
        return self.get_queryset()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            failure_groups=failure_groups(self.request.user),
            counts=self.counts,
            month=last_days(self.request.user),
            item_type="LEADSUBMISSION",
            app_label=LeadSubmission._meta.app_label,
            model_name=LeadSubmission._meta.model_name,
            **kwargs,
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many wait, are held or need a person: the small states only, so it stays cheap."""
        rows = (
            deliveries_for(self.request.user)
            .filter(state__in=Delivery.OPEN)
            .values_list("state")
            .annotate(Count("pk"))
            .order_by()
        )
        counts = dict(rows)
        failed = counts.pop(Delivery.State.FAILED.value, 0)
        held = counts.pop(Delivery.State.HELD.value, 0)
        return {"failed": failed, "held": held, "open": sum(counts.values())}
