"""The columns of the lead submissions report."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
    TitleColumn,
)

from .actions import actions_for
from .results import result_of


class ResultColumn(Column):
    """The Salesforce result: icon and word, links, and where a person is needed what to do."""

    cell_template_name = "wagtail_salesforce_leads/reports/result_cell.html"

    def get_value(self, instance):
        return result_of(instance)

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "actions": actions_for(instance.current)}


def detail_url(submission) -> str:
    return reverse("wagtail_salesforce_leads_reports:detail", args=[submission.pk])


def form_and_page(submission) -> str:
    where = _("Test lead") if submission.is_test else submission.page_title
    return " · ".join(filter(None, (submission.form_title, str(where))))


def report_columns() -> list[Column]:
    return [
        BulkActionsCheckboxColumn("bulk_actions", obj_type="leadsubmission"),
        DateColumn("submitted_at", label=_("Submitted"), sort_key="submitted_at"),
        Column("form", label=_("Form · Page"), accessor=form_and_page),
        TitleColumn(
            "who",
            label=_("Who"),
            accessor=lambda submission: submission.who or _("(no name)"),
            get_url=detail_url,
            get_title_id=lambda submission: f"leadsubmission_{submission.pk}_title",
        ),
        ResultColumn("result", label=_("Salesforce")),
    ]
