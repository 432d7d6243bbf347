"""What must reach Salesforce, and what was tried."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .forms import LeadFormVersion
from .leases import DatabaseNow, LeasedQuerySet
from .orgs import SalesforceOrg
from .primary import PrimaryManager, PrimaryModel
from .submissions import LeadSubmission


class DeliveryQuerySet(LeasedQuerySet):
    def for_org(self, org: SalesforceOrg | int) -> DeliveryQuerySet:
        return self.filter(org=org)

    def due(self) -> DeliveryQuerySet:
        """Deliveries to be sent now, oldest first."""
        return self.filter(state=Delivery.State.DUE, due_at__lte=DatabaseNow()).order_by(
            "due_at", "pk"
        )

    def to_look_up(self) -> DeliveryQuerySet:
        """Deliveries whose call got no answer, long enough ago for the lead to be looked up."""
        return self.filter(state=Delivery.State.UNKNOWN, due_at__lte=DatabaseNow()).order_by(
            "due_at", "pk"
        )

    def ripe(self) -> DeliveryQuerySet:
        """Deliveries whose time for the next try has come."""
        return self.filter(state=Delivery.State.WAITING, due_at__lte=DatabaseNow())

    def held_for(self, *reasons: str) -> DeliveryQuerySet:
        return self.filter(state=Delivery.State.HELD, cause__in=reasons)

    def complete(self) -> DeliveryQuerySet:
        """Their leads are in Salesforce and no campaign is wanted: there is nothing to send."""
        return self.filter(lead_id__isnull=False, campaign_id="")

    def settle(self) -> int:
        """They are done, also where a worker had claimed them."""
        return self.update(
            state=Delivery.State.DONE,
            cause="",
            settled_at=DatabaseNow(),
            claim_token=None,
            lease_until=None,
        )

    def unsettled(self) -> DeliveryQuerySet:
        """Neither delivered nor given to a person: we still have something to do for them."""
        return self.filter(state__in=Delivery.UNSETTLED)


class Delivery(PrimaryModel):
    """One submission on its way to one org: the outbox row.

    Written in the same transaction as the answers, with its Lead frozen. A queue only nudges;
    this row decides. States change by compare-and-set (``delivery.outbox``), never by ``save()``.
    """

    class State(models.TextChoices):
        #: To be sent as soon as a worker comes by.
        DUE = "due", _("Waiting to be sent")
        #: A worker holds the lease on it.
        SENDING = "sending", _("Being sent")
        #: Lead, and member where wanted, are in Salesforce.
        DONE = "done", _("In Salesforce")
        #: A try failed; the next one is at ``due_at``.
        WAITING = "waiting", _("Waiting for the next try")
        #: Not tried until the reason in ``cause`` is gone.
        HELD = "held", _("Held")
        #: A person is needed.
        FAILED = "failed", _("Needs you")
        #: A call got no answer: the lead is looked up before anything is sent again.
        UNKNOWN = "unknown", _("No answer yet")

    class Hold(models.TextChoices):
        """Causes of ``held``."""

        #: The org's grant is dead or unreadable.
        RECONNECT = "reconnect", _("The account needs reconnecting")
        #: The day's API calls are down to the reserve.
        RESERVE = "reserve", _("The API reserve is reached")
        #: The org cannot take it as set up: submission id field gone, org of another site.
        MISCONFIGURED = "misconfigured", _("The account is not set up for it")
        #: This is a copy of another installation's database.
        COPY = "copy", _("This site is a copy")
        #: More submissions an hour than the form's ceiling.
        CEILING = "ceiling", _("Too many submissions an hour")
        #: Suspected spam.
        SPAM = "spam", _("Suspected spam")

    #: All states but "in Salesforce": only a few deliveries are in these at a time.
    OPEN = frozenset(state for state in State if state.value != "done")
    #: States in which we still have something to do.
    UNSETTLED = OPEN - {State.FAILED}
    #: Holds that concern one submission, not its whole org.
    SUSPICIOUS = (Hold.CEILING, Hold.SPAM)

    submission = models.ForeignKey(
        LeadSubmission, on_delete=models.CASCADE, related_name="deliveries"
    )
    #: False once another delivery of the same submission took its place in listings.
    is_current = models.BooleanField(default=True)
    version = models.ForeignKey(
        LeadFormVersion, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    org = models.ForeignKey(
        SalesforceOrg, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    #: Snapshots, readable when the org row is gone.
    org_name = models.CharField(_("account"), max_length=255, blank=True)
    salesforce_org_id = models.CharField(max_length=18, blank=True)
    #: What the submission id field gets: one lead for one id.
    external_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    #: Property API name -> JSON value, frozen when the form was submitted.
    lead = models.JSONField(default=dict)
    campaign_id = models.CharField(max_length=18, blank=True)
    campaign_name = models.CharField(_("campaign"), max_length=255, blank=True)
    member_status = models.CharField(_("lead status"), max_length=255, blank=True)

    state = models.CharField(_("result"), max_length=10, choices=State.choices, default=State.DUE)
    #: Why it is in its state: a ``Hold``, a Salesforce error code, or one of our own codes.
    cause = models.CharField(max_length=80, blank=True)
    #: The Lead properties the cause is about.
    cause_fields = models.JSONField(default=list)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    attempts = models.PositiveIntegerField(default=0)
    #: Seconds of back-off spent on its own attempts; org-wide holds do not count.
    waited = models.PositiveIntegerField(default=0)
    lost_leases = models.PositiveSmallIntegerField(default=0)
    #: Sent on its own: it was in a batch that did not come back or was refused whole.
    alone = models.BooleanField(default=False)

    claim_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True)
    #: Directly before the socket, in the running claim; null: the call was never made.
    sent_at = models.DateTimeField(null=True)
    #: A call may have made a lead that we do not know. Sticky; nothing is sent past it.
    may_exist = models.BooleanField(default=False)
    #: When the first such call was made, and in which mode: the field's name, or empty without one.
    ambiguous_since = models.DateTimeField(null=True)
    ambiguous_mode = models.CharField(max_length=80, blank=True)

    #: Null until known. (org, lead) is unique, so two deliveries never adopt one lead.
    lead_id = models.CharField(max_length=18, null=True)
    contact_id = models.CharField(max_length=18, blank=True)
    member_id = models.CharField(max_length=18, blank=True)
    #: As read back from Salesforce.
    actual_status = models.CharField(max_length=255, blank=True)

    objects = PrimaryManager.from_queryset(DeliveryQuerySet)()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        default_permissions = ()
        # One for all that asks for a state: but for "done", few rows are in each, and each further
        # index on it would be written again at every step of every lead.
        indexes = [models.Index(fields=["state", "org", "due_at"], name="delivery_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["salesforce_org_id", "lead_id"], name="delivery_one_lead_each"
            )
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}: {self.state}"


class DeliveryAttempt(PrimaryModel):
    """One try. Salesforce's own words live here and nowhere else, and die with it."""

    class Kind(models.TextChoices):
        #: Lead, and member where wanted.
        LEAD = "lead", _("Sent")
        #: Only the campaign member.
        MEMBER = "member", _("Campaign member sent")
        #: Asked whether an earlier try made the lead.
        LOOK_UP = "look_up", _("Looked up")

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.LEAD)
    claim_token = models.UUIDField(db_index=True)
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: The Salesforce user it was sent as, and the submission id field in use.
    user_id = models.CharField(max_length=18, blank=True)
    mode = models.CharField(max_length=80, blank=True)
    fields = models.JSONField(default=list)
    #: For each API call it took how many leads shared it.
    calls = models.JSONField(default=list)
    #: What the answers said, in order: pairs of a ``Seen`` and the status or code it is about.
    steps = models.JSONField(default=list)
    http_status = models.PositiveSmallIntegerField(null=True)
    #: "delivered", "not_found", or the code of what went wrong.
    result = models.CharField(max_length=80, blank=True)
    message = models.TextField(blank=True)
    lead_id = models.CharField(max_length=18, blank=True)
    #: How many records a duplicate rule matched, and the ids of those the user may see.
    match_count = models.PositiveIntegerField(default=0)
    match_ids = models.JSONField(default=list)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        default_permissions = ()
        ordering = ["started_at", "id"]

    def __str__(self) -> str:
        return f"attempt {self.pk}: {self.result or 'running'}"
