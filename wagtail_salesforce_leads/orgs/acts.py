"""What a person does to one connected org with one button."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages

from wagtail_salesforce_leads.models import OrgLane
from wagtail_salesforce_leads.numerals import grouped

from . import access, health, pending, schema
from .pending import ConnectRefused, SignIn
from .places import settings_url
from .unavailable import OrgUnavailable, SecretUnreadable
from .visible import connectable_org_or_404

SEND_ANYWAY = timedelta(hours=1)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class OrgView(View):
    """Something done to one org, by somebody who may connect it."""

    http_method_names = ["post"]

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.org = connectable_org_or_404(request.user, kwargs["pk"])

    def back(self) -> HttpResponseRedirect:
        return redirect(settings_url(self.org.site, self.org))


class ReconnectView(OrgView):
    def post(self, request, pk: int) -> HttpResponse:
        try:
            sign_in = SignIn.of(self.org)
            if not sign_in.client_secret:
                raise ConnectRefused("no_app")
            return redirect(pending.start(request, self.org.site, sign_in, self.org))
        except (ConnectRefused, SecretUnreadable):
            return redirect(f"{self._form_url()}?org={self.org.pk}")

    def _form_url(self) -> str:
        return reverse("wagtail_salesforce_leads_orgs:connect", args=[self.org.site_id])


class CheckView(OrgView):
    def post(self, request, pk: int) -> HttpResponse:
        try:
            with access.budget():
                items = health.check(self.org)
        except OrgUnavailable:
            messages.error(request, _("%(org)s could not be asked.") % {"org": self.org})
            return self.back()
        if all(item.ok for item in items):
            messages.success(request, _("Everything about %(org)s is fine.") % {"org": self.org})
        else:
            messages.warning(request, _("%(org)s needs something: see below.") % {"org": self.org})
        query = f"?checked={self.org.pk}"
        return redirect(f"{settings_url(self.org.site)}{query}#org-{self.org.pk}")


class RefreshFieldsView(OrgView):
    def post(self, request, pk: int) -> HttpResponse:
        try:
            with access.budget():
                schema.refresh(self.org, force=True)
        except OrgUnavailable:
            messages.error(request, _("%(org)s could not be asked.") % {"org": self.org})
            return self.back()
        count = len(schema.schema_of(self.org).properties)
        said = ngettext(
            "%(org)s has %(count)s property that forms can fill.",
            "%(org)s has %(count)s properties that forms can fill.",
            count,
        )
        messages.success(request, said % {"org": self.org, "count": grouped(count)})
        return self.back()


class SendAnywayView(OrgView):
    """Lifts the API reserve for an hour."""

    def post(self, request, pk: int) -> HttpResponse:
        until = timezone.now() + SEND_ANYWAY
        OrgLane.objects.filter(org=self.org).update(reserve_lifted_until=until)
        messages.success(request, _("Leads of %(org)s go out for an hour.") % {"org": self.org})
        return self.back()
