"""The report as CSV and XLSX, safe to open in a spreadsheet program."""

from __future__ import annotations

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from wagtail_salesforce_leads.models import LeadForm

from .answers import answer_text, labels_of
from .results import result_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"

BEFORE = ["submitted_at", "form_title", "page_title", "page_url", "who"]
AFTER = ["result", "org_name", "lead_id"]


def harmless(value: str) -> str:
    """Text that no spreadsheet program runs as a formula.

    Wagtail guards its XLSX export, not its CSV; visitors write these cells.
    """
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def column_of(key: str) -> str:
    return f"answer:{key}"


class SubmissionExport(SpreadsheetExportMixin):
    """Mixed into the report view. One column an answer once a form is chosen, else one for all."""

    export_headings = {
        "submitted_at": gettext_lazy("Submitted"),
        "form_title": gettext_lazy("Form"),
        "page_title": gettext_lazy("Page"),
        "page_url": gettext_lazy("Address"),
        "who": gettext_lazy("Who"),
        "answers": gettext_lazy("Answers"),
        "result": gettext_lazy("Salesforce"),
        "org_name": gettext_lazy("Account"),
        "lead_id": gettext_lazy("Lead"),
    }
    custom_value_preprocess = {
        **SpreadsheetExportMixin.custom_value_preprocess,
        str: {"csv": harmless},
    }

    @cached_property
    def chosen_form(self) -> LeadForm | None:
        if not (self.filters and self.filters.is_valid()):
            return None
        return self.filters.form.cleaned_data.get("form")

    @cached_property
    def answer_labels(self) -> dict[str, str]:
        """Field key -> label over all versions of the chosen form, the newest label last."""
        if not self.chosen_form:
            return {}
        versions = self.chosen_form.versions.order_by("number")
        return {key: label for version in versions for key, label in labels_of(version).items()}

    @property
    def answer_columns(self) -> dict[str, str]:
        """Column -> label. A classic form's key is any word, a column's name too."""
        return {column_of(key): label for key, label in self.answer_labels.items()}

    @property
    def list_export(self) -> list[str]:
        return [*BEFORE, *(self.answer_columns or ["answers"]), *AFTER]

    def get_heading(self, queryset, field):
        return self.answer_columns.get(field) or super().get_heading(queryset, field)

    def to_row_dict(self, item) -> dict:
        delivery = item.current
        labels = labels_of(item.version)
        cells = {name: getattr(item, name) for name in BEFORE}
        if self.answer_labels:
            cells |= {
                column_of(key): answer_text(item.answers.get(key, "")) for key in self.answer_labels
            }
        else:
            cells["answers"] = "\n".join(
                f"{labels.get(key, key)}: {answer_text(answer)}"
                for key, answer in item.answers.items()
            )
        return cells | {
            "result": str(result_of(item)),
            "org_name": delivery.org_name if delivery else "",
            "lead_id": (delivery.lead_id or "") if delivery else "",
        }

    def stream_csv(self, queryset):
        """Excel reads Japanese in a CSV file only behind a byte order mark."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset.iterator(chunk_size=500))

    def write_xlsx(self, queryset, output):
        super().write_xlsx(queryset.iterator(chunk_size=500), output)

    def get_filename(self) -> str:
        return _("lead-submissions")
