"""Where the report stands in Wagtail's menus."""

from __future__ import annotations

from wagtail.admin.menu import MenuItem

from .visible import may_see_any


class LeadSubmissionsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_see_any(request.user)
