"""Connected Salesforce orgs of a site, their grants and what is known of their schema."""

from __future__ import annotations

import re

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from .leases import DatabaseNow, LeasedQuerySet
from .primary import PrimaryManager, PrimaryModel

#: Between two addresses, as people write them; the last two are Japanese.
SEPARATORS = re.compile(r"[\s,;、，]+")


@register_setting(icon="salesforce")
class SalesforceSettings(BaseSiteSetting):
    """What a site says about Salesforce; its screen shows the site's connected orgs."""

    digest_recipients = models.TextField(
        _("digest recipients"),
        blank=True,
        help_text=_(
            "One e-mail address a line. They get one mail a day while leads need a person. "
            "Empty: everybody who may connect orgs."
        ),
    )

    class Meta:
        verbose_name = _("Salesforce")
        verbose_name_plural = _("Salesforce")

    def clean(self) -> None:
        for address in self.addresses:
            try:
                validate_email(address)
            except ValidationError:
                message = _("“%(address)s” is not an e-mail address.")
                wrong = ValidationError(message, params={"address": address})
                raise ValidationError({"digest_recipients": wrong}) from None

    @property
    def addresses(self) -> list[str]:
        return list(filter(None, SEPARATORS.split(self.digest_recipients)))


class SalesforceOrgQuerySet(models.QuerySet):
    def named_by(self, account: str) -> SalesforceOrg | None:
        """The org that a form's account, or an address, names by its number."""
        # Python refuses to read thousands of digits, and databases more than 18.
        is_number = re.fullmatch("[0-9]{1,18}", account)
        return self.filter(pk=account).first() if is_number else None

    def for_site(self, site: Site) -> SalesforceOrgQuerySet:
        return self.filter(site=site)

    def connected(self) -> SalesforceOrgQuerySet:
        return self.filter(state=SalesforceOrg.State.CONNECTED)


class SalesforceOrg(PrimaryModel):
    """One connected org of one site: who it is, how to sign in, what people chose for it.

    Deliveries refer to this row, so nothing that changes while sending is kept here: tokens live in
    :class:`SalesforceGrant`, the sender's working state in :class:`OrgLane`.
    """

    class State(models.TextChoices):
        #: A person connected it and has not disconnected it. Whether it works is its health.
        CONNECTED = "connected", _("Connected")
        #: A person disconnected it: the token is revoked, history stays readable.
        DISCONNECTED = "disconnected", _("Disconnected")

    site = models.ForeignKey(
        Site, null=True, on_delete=models.SET_NULL, related_name="salesforce_orgs"
    )
    org_id = models.CharField(_("org id"), max_length=18)
    name = models.CharField(_("name"), max_length=255)
    is_sandbox = models.BooleanField(_("is a sandbox"), default=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.CONNECTED)
    login_origin = models.CharField(_("login address"), max_length=255)
    instance_url = models.CharField(_("instance address"), max_length=255)
    user_id = models.CharField(max_length=18, blank=True)
    username = models.CharField(_("connected as"), max_length=255, blank=True)
    connected_at = models.DateTimeField(_("connected since"), null=True)
    #: Empty: the default pair of the settings. The secret is encrypted.
    consumer_key = models.CharField(_("consumer key"), max_length=255, blank=True)
    consumer_secret = models.TextField(blank=True, editable=False)

    submission_id_field = models.CharField(
        _("submission id field"),
        max_length=80,
        blank=True,
        help_text=_(
            "A unique text field on Lead that takes the submission's id. "
            "With it, a submission can never become two leads."
        ),
    )
    assignment_rules = models.BooleanField(_("run lead assignment rules"), default=True)
    api_reserve_percent = models.PositiveSmallIntegerField(
        _("API reserve"),
        null=True,
        blank=True,
        help_text=_("Per cent of the day's API calls that are left to other programs."),
    )

    objects = PrimaryManager.from_queryset(SalesforceOrgQuerySet)()

    class Meta:
        verbose_name = _("Salesforce org")
        verbose_name_plural = _("Salesforce orgs")
        default_permissions = ()
        permissions = [("connect_salesforceorg", _("Can connect and disconnect Salesforce orgs"))]
        constraints = [
            models.UniqueConstraint(fields=["site", "org_id"], name="salesforce_org_once_a_site")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"

    @property
    def kind(self) -> str:
        return str(_("sandbox") if self.is_sandbox else _("production"))

    @property
    def is_connected(self) -> bool:
        return self.state == self.State.CONNECTED


class SalesforceGrantQuerySet(LeasedQuerySet):
    def living(self) -> SalesforceGrantQuerySet:
        return self.filter(dead_code="").exclude(refresh_token="")

    def of_generation(self, grant: SalesforceGrant) -> SalesforceGrantQuerySet:
        """The same grant as long as nobody reconnected or disconnected its org."""
        return self.filter(pk=grant.pk, generation=grant.generation)

    def refreshable(self) -> SalesforceGrantQuerySet:
        """Living, and not backing off from a refresh that failed."""
        return self.living().filter(models.Q(retry_at=None) | models.Q(retry_at__lte=DatabaseNow()))


class SalesforceGrant(PrimaryModel):
    """The authorisation Salesforce gave us for one org. No other table refers to it.

    Every write is a compare-and-set on ``generation`` and on what was read; connecting and
    disconnecting raise the generation, so a slow refresh of an old grant cannot harm a new one.
    """

    org = models.OneToOneField(SalesforceOrg, on_delete=models.CASCADE, related_name="grant")
    generation = models.PositiveIntegerField(default=1)
    access_token = models.TextField(blank=True, editable=False)
    refresh_token = models.TextField(blank=True, editable=False)
    scopes = models.CharField(max_length=255, blank=True)
    #: The installation it was made in; another one neither sends nor refreshes.
    installation = models.CharField(max_length=64)
    refreshed_at = models.DateTimeField(null=True)
    #: Empty while it lives; else the code of what ended it.
    dead_code = models.CharField(max_length=80, blank=True)
    dead_at = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    #: Set directly before the refresh call and cleared with its answer. Without a lease it means
    #: that an answer, and with it perhaps a rotated token, was lost.
    sent_at = models.DateTimeField(null=True)
    #: Refreshes in a row that did not work, what the last one said, and when the next may be.
    failures = models.PositiveSmallIntegerField(default=0)
    failure_code = models.CharField(max_length=80, blank=True)
    retry_at = models.DateTimeField(null=True)

    objects = PrimaryManager.from_queryset(SalesforceGrantQuerySet)()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"grant of org {self.org_id}, generation {self.generation}"

    @property
    def is_leased(self) -> bool:
        """Somebody is refreshing it, by this machine's clock: only good for not asking in vain."""
        return self.lease_until is not None and self.lease_until > timezone.now()


class PendingConnection(PrimaryModel):
    """A person was sent to Salesforce and has not come back. Consumed by one DELETE."""

    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    user = models.ForeignKey(django_settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    #: Set on reconnect: only this org, and only while its grant has this generation.
    org = models.ForeignKey(SalesforceOrg, null=True, on_delete=models.CASCADE)
    generation = models.PositiveIntegerField(null=True)
    login_origin = models.CharField(max_length=255)
    consumer_key = models.CharField(max_length=255, blank=True)
    consumer_secret = models.TextField(blank=True, editable=False)
    redirect_uri = models.CharField(max_length=500)
    verifier = models.TextField(editable=False)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"pending connection {self.pk}"


class OrgSchema(PrimaryModel):
    """What the org said of its Lead and of the campaigns that forms chose, and when.

    Editing and publishing go on with it while Salesforce is away.
    """

    org = models.OneToOneField(SalesforceOrg, on_delete=models.CASCADE, related_name="schema")
    #: The trimmed describe of Lead, as ``salesforce.describe.trim`` gives it.
    lead = models.JSONField(default=dict)
    last_modified = models.CharField(max_length=40, blank=True)
    #: Campaigns that forms chose: id -> {"name", "is_active", "statuses", "default_status",
    #: "read_at"}; a blank name: not there for the connected user.
    campaigns = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"schema of org {self.org_id}"
