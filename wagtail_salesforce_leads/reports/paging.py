"""Pages of a listing that may have millions of rows: as quick with them as without."""

from __future__ import annotations

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator

from wagtail_salesforce_leads.numerals import grouped


class BoundedPaginator(WagtailPaginator):
    """Counts the first rows only, and ends there: the others are found by the date filter.

    To count them all, or to skip to a page far down, the database has to read all of them.
    """

    #: Rows that are counted and can be paged through.
    most = 10_000

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.most)

    @property
    def goes_on(self) -> bool:
        """Whether there are more than these pages show."""
        return self._counted > self.most

    @cached_property
    def items_count_label(self) -> str:
        if not self.goes_on:
            return super().items_count_label
        return _("More than %(count)s: narrow them down by date to see the others") % {
            "count": grouped(self.most)
        }

    @cached_property
    def _counted(self) -> int:
        return self.object_list.values("pk")[: self.most + 1].count()
