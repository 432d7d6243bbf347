"""What people enter about an org: where to sign in and as which app, and how leads are sent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import SalesforceOrg
from wagtail_salesforce_leads.salesforce.describe import can_hold_submission_id
from wagtail_salesforce_leads.salesforce.hosts import HostRefused, login_origin
from wagtail_salesforce_leads.salesforce.secret import Secret

from . import schema
from .pending import SignIn

PRODUCTION = "https://login.salesforce.com"
SANDBOX = "https://test.salesforce.com"
MY_DOMAIN = "my_domain"
#: Where people copy their address from: the browser shows this host, the login is at the other.
LIGHTNING, MY = ".lightning.force.com", ".my.salesforce.com"


class SignInForm(forms.Form):
    """Where to sign in, and as which app; for one ``org`` that is reconnected, or for a new one."""

    login = forms.ChoiceField(label=_("Login address"), widget=forms.RadioSelect)
    my_domain = forms.CharField(
        label=_("My Domain"),
        required=False,
        max_length=255,
        help_text=_("For example acme.my.salesforce.com, from Setup → My Domain."),
    )
    consumer_key = forms.CharField(
        label=_("Consumer key"),
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    consumer_secret = forms.CharField(
        label=_("Consumer secret"),
        required=False,
        max_length=255,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, org: SalesforceOrg | None = None, **kwargs) -> None:
        initial = {"login": settings.LOGIN_URL} if org is None else self._initial_of(org)
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["login"].choices = self._logins()
        if settings.CLIENT_ID:
            self.fields["consumer_key"].help_text = _("Leave empty to use this site's usual app.")

    def clean_my_domain(self) -> str:
        """Taken as people copy it: with or without https, from the login or from Lightning."""
        if self.cleaned_data.get("login") != MY_DOMAIN:
            return ""
        host = self.cleaned_data["my_domain"].strip().lower().removeprefix("https://").rstrip("/")
        if host.endswith(LIGHTNING):
            host = host.removesuffix(LIGHTNING) + MY
        try:
            return login_origin(f"https://{host}", settings.EXTRA_HOSTS)
        except HostRefused:
            raise forms.ValidationError(
                _("This is not a My Domain of Salesforce. It ends with .my.salesforce.com.")
            ) from None

    def clean(self) -> dict:
        cleaned = super().clean()
        key, secret = cleaned.get("consumer_key"), cleaned.get("consumer_secret")
        if not key and not settings.CLIENT_ID:
            self.add_error("consumer_key", _("Enter the consumer key of your app."))
        elif bool(key) != bool(secret):
            missing = "consumer_secret" if key else "consumer_key"
            self.add_error(missing, _("Key and secret belong together: enter both."))
        return cleaned

    @property
    def sign_in(self) -> SignIn:
        data = self.cleaned_data
        secret = Secret(data["consumer_secret"])
        return SignIn(data["my_domain"] or data["login"], data["consumer_key"], secret)

    def _logins(self) -> list[tuple[str, str]]:
        usual = settings.LOGIN_URL
        logins = [
            (PRODUCTION, _("Production or Developer Edition: login.salesforce.com")),
            (SANDBOX, _("Sandbox: test.salesforce.com")),
            (MY_DOMAIN, _("The org's own address (My Domain), which works for all of them")),
        ]
        if usual not in (PRODUCTION, SANDBOX):
            logins.insert(0, (usual, usual.partition("://")[2]))
        return logins

    def _initial_of(self, org: SalesforceOrg) -> dict[str, str]:
        initial = {"login": org.login_origin, "consumer_key": org.consumer_key}
        if org.login_origin not in (PRODUCTION, SANDBOX, settings.LOGIN_URL):
            initial |= {"login": MY_DOMAIN, "my_domain": org.login_origin.partition("://")[2]}
        return initial


class OptionsForm(WagtailAdminModelForm):
    """How leads are sent to an org."""

    submission_id_field = forms.ChoiceField(
        label=_("Submission id field"),
        required=False,
        help_text=_(
            "A unique text field on Lead of at least 36 characters. It takes the submission's id, "
            "and Salesforce then refuses a second lead for the same submission."
        ),
    )

    class Meta:
        model = SalesforceOrg
        fields = ["submission_id_field", "assignment_rules", "api_reserve_percent"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission_id_field"].choices = self._submission_id_fields()
        reserve = self.fields["api_reserve_percent"]
        reserve.min_value, reserve.max_value = 0, 100
        reserve.widget.attrs["placeholder"] = str(settings.API_RESERVE_PERCENT)

    def _submission_id_fields(self) -> list[tuple[str, str]]:
        """What the org offers; the chosen one stays choosable when the org no longer does."""
        properties = schema.schema_of(self.instance).properties.values()
        offered = {
            found.name: f"{found.label} ({found.name})"
            for found in properties
            if can_hold_submission_id(found)
        }
        chosen = self.instance.submission_id_field
        if chosen and chosen not in offered:
            offered[chosen] = _("Missing: %(name)s") % {"name": chosen}
        return [("", _("None")), *offered.items()]

    def clean_api_reserve_percent(self) -> int | None:
        percent = self.cleaned_data["api_reserve_percent"]
        if percent is not None and percent > 100:
            raise forms.ValidationError(_("Enter a number from 0 to 100."))
        return percent
