"""The admin screens of connected orgs. Thin: what happens is in ``pending`` and ``connecting``.

No view here runs inside a request's transaction: a rollback would undo that a grant was taken or
given up, which Salesforce does not undo.
"""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.contrib.settings.views import EditView
from wagtail.models import Site

from wagtail_salesforce_leads.models import SalesforceOrg
from wagtail_salesforce_leads.panels.connected_orgs import ConnectedOrgs, guide_context
from wagtail_salesforce_leads.salesforce.secret import Secret

from . import access, connecting, health, pending
from .connect_words import sentence_and_repair
from .forms import SignInForm
from .pending import ConnectRefused
from .places import breadcrumbs, settings_url
from .unavailable import OrgUnavailable
from .visible import connectable_org_or_404, may_connect


def tell(request: HttpRequest, refused: ConnectRefused) -> HttpResponseRedirect:
    """Say why a connection was not made, on the screen where it can be tried again."""
    sentence, repair = sentence_and_repair(refused.code, refused.names)
    messages.error(request, format_html("<strong>{}</strong> {}", sentence, repair))
    return redirect(settings_url(refused.site))


class SettingsView(EditView):
    """Wagtail's own screen for a site setting, with the cards of the connected orgs above it."""

    template_name = "wagtail_salesforce_leads/orgs/settings.html"

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        checked = self.request.GET.get("checked", "")
        panel = ConnectedOrgs(self.request.user, self.site, checked)
        return {**context, "connected_orgs": panel, "media": context["media"] + panel.media}


@method_decorator(transaction.non_atomic_requests, name="dispatch")
@method_decorator(sensitive_post_parameters("consumer_secret"), name="dispatch")
class ConnectView(WagtailAdminTemplateMixin, View):
    """Sends a person to Salesforce to connect an org of the site, a known one or a new one."""

    template_name = "wagtail_salesforce_leads/orgs/connect.html"
    page_title = gettext_lazy("Connect Salesforce")
    header_icon = "salesforce"

    def setup(self, request, *args, site_pk: int, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.site = get_object_or_404(Site, pk=site_pk)

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not may_connect(request.user, self.site):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs) -> HttpResponse:
        return self._show(SignInForm(org=self._org()))

    def post(self, request, *args, **kwargs) -> HttpResponse:
        form = SignInForm(request.POST, org=self._org())
        if not form.is_valid():
            return self._show(form)
        try:
            return redirect(pending.start(request, self.site, form.sign_in, self._org()))
        except ConnectRefused as refused:
            return tell(request, refused)

    def _org(self) -> SalesforceOrg | None:
        """The org of this site to reconnect; None to add one."""
        pk = self.request.GET.get("org")
        org = connectable_org_or_404(self.request.user, pk) if pk else None
        if org and org.site != self.site:
            raise Http404
        return org

    def _show(self, form: SignInForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, org=self._org()))

    def get_context_data(self, **kwargs) -> dict:
        action = self.request.get_full_path()
        return super().get_context_data(**kwargs, **guide_context(), action=action)

    def get_breadcrumbs_items(self) -> list[dict]:
        return breadcrumbs(self.site, self.get_page_title())


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class CallbackView(View):
    """Where Salesforce sends a person back to."""

    def get(self, request) -> HttpResponse:
        try:
            connected = self._connect(request)
        except ConnectRefused as refused:
            return tell(request, refused)
        org = connected.org
        said = _("%(org)s is connected.") if connected.is_new else _("%(org)s is reconnected.")
        messages.success(request, said % {"org": org})
        look_at(org)
        return redirect(settings_url(org.site, org))

    def _connect(self, request: HttpRequest) -> connecting.Connected:
        row = pending.claim(request)
        if not may_connect(request.user, row.site):
            raise ConnectRefused("not_allowed")
        if error := request.GET.get("error"):
            raise ConnectRefused(error, site=row.site)
        return connecting.finish(row, Secret(request.GET.get("code", "")))


def look_at(org: SalesforceOrg) -> None:
    """Check a new org and read its fields, in the time an editor's request has for it.

    If that is not enough, the scheduled check does it.
    """
    with suppress(OrgUnavailable), access.budget():
        health.check(org)
