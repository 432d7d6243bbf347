"""The screens about one connected org: its options, its forms, and before it is disconnected."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from wagtail_salesforce_leads.models import LeadForm, SalesforceOrg

from . import connecting, grants
from .acts import OrgView
from .cards import waiting_leads
from .forms import OptionsForm
from .places import breadcrumbs, settings_url

FORMS_SHOWN = 100


class OrgScreen(WagtailAdminTemplateMixin, OrgView):
    """A screen about one org, with its way back."""

    http_method_names = ["get", "post"]
    header_icon = "salesforce"

    def get_page_subtitle(self) -> str:
        return str(self.org)

    def get_breadcrumbs_items(self) -> list[dict]:
        return breadcrumbs(self.org.site, self.get_page_title())

    def get_context_data(self, **kwargs) -> dict:
        back = settings_url(self.org.site, self.org)
        return super().get_context_data(**kwargs, org=self.org, back_url=back)

    def get(self, request, pk: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())


class OptionsView(OrgScreen):
    template_name = "wagtail_salesforce_leads/orgs/options.html"
    page_title = gettext_lazy("Options")

    def get(self, request, pk: int) -> HttpResponse:
        return self._show(self._form())

    def post(self, request, pk: int) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form)
        form.save()
        messages.success(request, _("Options of %(org)s saved.") % {"org": self.org})
        return self.back()

    def _form(self, data=None) -> OptionsForm:
        return OptionsForm(data, instance=self.org, for_user=self.request.user)

    def _show(self, form: OptionsForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


class FormsView(OrgScreen):
    """The published forms whose leads go to the org."""

    template_name = "wagtail_salesforce_leads/orgs/forms.html"
    page_title = gettext_lazy("Forms that use it")
    http_method_names = ["get"]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs, **forms_context(self.org))


class DisconnectView(OrgScreen):
    template_name = "wagtail_salesforce_leads/orgs/disconnect.html"
    page_title = gettext_lazy("Disconnect")

    def get_context_data(self, **kwargs) -> dict:
        waiting = waiting_leads(self.org)
        return super().get_context_data(**kwargs, **forms_context(self.org), waiting=waiting)

    def post(self, request, pk: int) -> HttpResponse:
        has_ended = connecting.disconnect(self.org, request.user)
        messages.success(
            request,
            _("%(org)s is disconnected. Its leads stay readable here.") % {"org": self.org},
        )
        if not has_ended:
            messages.warning(
                request,
                _(
                    "Salesforce did not confirm that the authorisation has ended. The secrets are "
                    "deleted here; end it there too: Setup → Connected Apps OAuth Usage."
                ),
            )
        return self.back()


class ConfirmCopyView(OrgScreen):
    """A person says that this installation, and no other, goes on with the connection."""

    template_name = "wagtail_salesforce_leads/orgs/confirm_copy.html"
    page_title = gettext_lazy("Keep this connection here")

    def post(self, request, pk: int) -> HttpResponse:
        grants.confirm_installation(self.org)
        log(self.org, "wagtail_salesforce_leads.confirm_copy", user=request.user)
        messages.success(
            request, _("%(org)s is used by this installation now.") % {"org": self.org}
        )
        return self.back()


def forms_context(org: SalesforceOrg) -> dict:
    """The first of the forms whose leads go to the org, and how many there are."""
    using = LeadForm.objects.sending_to([org]).order_by("title", "pk").prefetch_related("source")
    return {"forms": using[:FORMS_SHOWN], "forms_total": using.count()}
