"""What no index tells is looked for among the newest submissions, until all are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import cached_property

from wagtail_salesforce_leads.numerals import grouped

#: Submissions that are looked through. A site that has no more never hears of it.
SIZE = 10_000
#: In the address: look through all.
ALL = "all"


@dataclass(frozen=True)
class Window:
    """``after`` is when the newest one was submitted that is left out."""

    after: datetime
    all_url: str

    @property
    def size(self) -> str:
        return grouped(SIZE)


class LooksAmongNewest:
    """Mixed into the report view: screen, export and bulk actions take the same submissions."""

    @cached_property
    def window(self) -> Window | None:
        """None where nothing is left out."""
        if ALL in self.request.GET or not self._reads_rows:
            return None
        newest = self._chosen.order_by("-submitted_at").values_list("submitted_at", flat=True)
        after = newest[SIZE : SIZE + 1].first()
        return after and Window(after, self._all_url)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.window:
            queryset = queryset.filter(submitted_at__gt=self.window.after)
        return super().filter_queryset(queryset)

    def get_context_data(self, **kwargs):
        return super().get_context_data(window=self.window, **kwargs)

    @property
    def _has_filters(self) -> bool:
        return bool(self.filters and self.filters.is_valid())

    @property
    def _reads_rows(self) -> bool:
        return self.is_searching or (self._has_filters and self.filters.reads_rows)

    @property
    def _chosen(self) -> QuerySet:
        """What the other filters leave, by which the window reaches further back."""
        submissions = self.get_base_queryset()
        return self.filters.narrowed(submissions) if self._has_filters else submissions

    @property
    def _all_url(self) -> str:
        query = self.request.GET.copy()
        for name in (self.page_kwarg, "_w_filter_fragment"):
            query.pop(name, None)
        query[ALL] = "1"
        return f"{self.index_url}?{query.urlencode()}"
