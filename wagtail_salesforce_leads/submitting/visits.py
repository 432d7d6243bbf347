"""One visitor's request to one form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, QueryDict

from wagtail_salesforce_leads.models import LeadForm, LeadFormVersion

from .forms import LeadFormBase
from .origin import own_path
from .published import content_of
from .rendering import auto_id
from .sources import Source

#: The input in which a form that is shown again keeps the page it was on.
CAME_FROM = "wsl-from"


@dataclass
class Visit:
    request: HttpRequest
    form: LeadForm
    source: Source
    #: What was posted, cleaned.
    post: QueryDict

    @property
    def wants_json(self) -> bool:
        return wants_json(self.request)

    @cached_property
    def path(self) -> str:
        """The page of the form; of a snippet that no page is known for, the last on this host."""
        return self.source.path(self.request) or self.came_from or "/"

    @cached_property
    def came_from(self) -> str:
        """Path and query of the page that was filled in, "" where nothing tells.

        A form that is shown again has our own address, and says where it was before.
        """
        stated = self.post.get(CAME_FROM, "")
        if not stated.startswith("/"):
            return self.own_page(self.request.headers.get("Referer", ""))
        return self.own_page(f"{self.request.scheme}://{self.request.get_host()}{stated}")

    def own_page(self, address: str) -> str:
        """Path and query of ``address`` if it is a page of this host."""
        path = own_path(self.request, address)
        return "" if path.partition("?")[0] == self.request.path else path

    def bound(self, version: LeadFormVersion) -> LeadFormBase:
        """The form of this version with what was posted."""
        form = content_of(version).form_class(self.post, auto_id=auto_id(self.form.key))
        form.came_from = self.came_from
        return form


def wants_json(request: HttpRequest) -> bool:
    """The in-place submit asks for JSON, browsers ask for pages."""
    return request.headers.get("Accept", "").startswith("application/json")
