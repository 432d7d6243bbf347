"""Wagtail's list of a classic form page's submissions, with the result at Salesforce.

Not to be imported while models load: Wagtail 8.0 resolves its page model in the views.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.contrib.forms.views import SubmissionsListView

from wagtail_salesforce_leads.models import LeadForm, LeadSubmission
from wagtail_salesforce_leads.reports.columns import detail_url
from wagtail_salesforce_leads.reports.results import result_of
from wagtail_salesforce_leads.reports.visible import submissions_for

COLUMN = "salesforce_result"


class ResultColumn:
    """A last column, on the screen and in both exports."""

    _list_export: tuple[str, ...] = ()
    _shown: list[int] = []

    @property
    def list_export(self) -> list[str]:
        return [*self._list_export, COLUMN]

    @list_export.setter
    def list_export(self, names: list[str]) -> None:
        """Wagtail sets it anew in each request."""
        self._list_export = tuple(names)

    def get_heading(self, queryset: Any, field: str) -> str:
        return _("Salesforce") if field == COLUMN else super().get_heading(queryset, field)

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        lead = self._leads.get(item.pk)
        return {**super().to_row_dict(item), COLUMN: str(result_of(lead)) if lead else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            context["data_headings"].append(
                {"name": COLUMN, "label": _("Salesforce"), "order": None}
            )
            self._shown = [row["model_id"] for row in context["data_rows"]]
            for row in context["data_rows"]:
                row["fields"].append(self._cell(row["model_id"]))
        return context

    @cached_property
    def _leads(self) -> dict[int, LeadSubmission]:
        """The page's submissions by the id of Wagtail's; those on the screen, or all to export."""
        forms = LeadForm.objects.of_source(self.form_page).filter(block_id="")
        leads = submissions_for(self.request.user).filter(
            form__in=forms, form_submission_id__isnull=False
        )
        if not self.is_export:
            leads = leads.filter(form_submission_id__in=self._shown)
        return {lead.form_submission_id: lead for lead in leads}

    def _cell(self, pk: int) -> str:
        if lead := self._leads.get(pk):
            return format_html('<a href="{}">{}</a>', detail_url(lead), result_of(lead))
        return ""


@cache
def with_result_column(view: type[SubmissionsListView]) -> type[SubmissionsListView]:
    """``view``, which a page may have chosen itself, with the column."""
    return type(view.__name__, (ResultColumn, view), {})
