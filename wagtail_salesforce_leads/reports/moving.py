"""Before the leads that wait for one org go to another: how many they are, and where to."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_salesforce_leads.delivery import resend
from wagtail_salesforce_leads.models import SalesforceOrg
from wagtail_salesforce_leads.numerals import grouped
from wagtail_salesforce_leads.orgs.cards import waiting_leads
from wagtail_salesforce_leads.orgs.screens import OrgScreen


class TargetForm(forms.Form):
    """The other connected orgs of the same site; nothing may be sent to those of another one."""

    target = forms.ModelChoiceField(
        label=gettext_lazy("Account"), queryset=SalesforceOrg.objects.none(), empty_label=None
    )

    def __init__(self, source: SalesforceOrg, data=None) -> None:
        super().__init__(data)
        others = SalesforceOrg.objects.for_site(source.site).connected().exclude(pk=source.pk)
        self.fields["target"].queryset = others.order_by("name", "pk")


class MoveView(OrgScreen):
    """For those who may connect the org: it is as if the form had named the other one."""

    template_name = "wagtail_salesforce_leads/reports/move.html"
    page_title = gettext_lazy("Move waiting leads")

    def get(self, request, pk: int) -> HttpResponse:
        return self._show(TargetForm(self.org))

    def post(self, request, pk: int) -> HttpResponse:
        form = TargetForm(self.org, request.POST)
        if not form.is_valid():
            return self._show(form)
        target = form.cleaned_data["target"]
        moved = resend.move(self.org, target)
        data = {"count": moved, "target": str(target)}
        log(self.org, "wagtail_salesforce_leads.move", user=request.user, data=data)
        said = ngettext(
            "%(count)s lead goes to %(org)s.", "%(count)s leads go to %(org)s.", moved
        ) % {"count": grouped(moved), "org": target}
        messages.success(request, said if moved else _("No lead could be moved."))
        return self.back()

    def _show(self, form: TargetForm) -> HttpResponse:
        movable = resend.movable(self.org).count()
        staying = waiting_leads(self.org) - movable
        has_target = form.fields["target"].queryset.exists()
        return self.render_to_response(
            self.get_context_data(
                form=form, movable=movable, staying=staying, may_move=has_target and movable
            )
        )
