"""Turns a blocked publish that no form could catch into words on the editor's screen."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from wagtail_salesforce_leads.exceptions import PublishBlocked

from .editing import remembered


class PublishBlockedMiddleware:
    """Bulk actions and approvals from the dashboard publish without a form to show an error in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with remembered(request):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PublishBlocked) or not _is_in_admin(request):
            return None
        if not request.accepts("text/html") or _is_script(request):
            return JsonResponse({"errors": exception.messages}, status=422)
        text = _("Not published. %(problems)s") % {"problems": " ".join(exception.messages)}
        messages.error(request, text)
        return HttpResponseRedirect(_editor(request, exception))


def _is_in_admin(request: HttpRequest) -> bool:
    """A site's own code that publishes for visitors handles its ValidationError itself."""
    return request.user.has_perm("wagtailadmin.access_admin")


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _editor(request: HttpRequest, exception: PublishBlocked) -> str:
    """The edit page of what holds the form, for a user who may edit it; else the admin's home."""
    source = exception.source
    # A translation that was refused was never saved.
    address = source.pk and AdminURLFinder(request.user).get_edit_url(source)
    return address or reverse("wagtailadmin_home")
