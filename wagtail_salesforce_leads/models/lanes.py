"""The sender's working state for one org."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .leases import DatabaseNow, LeasedQuerySet, from_now
from .orgs import SalesforceOrg
from .primary import PrimaryManager, PrimaryModel


class OrgLaneQuerySet(LeasedQuerySet):
    def open(self) -> OrgLaneQuerySet:
        """Lanes that are not paused: something may be sent."""
        return self.filter(Q(paused_until=None) | Q(paused_until__lte=DatabaseNow()))

    def untold(self) -> OrgLaneQuerySet:
        """Lanes of connected orgs that leads cannot reach, about which no mail went out yet."""
        return self.filter(
            org__state=SalesforceOrg.State.CONNECTED,
            health__in=OrgLane.STOPPED,
            told_at=None,
        )

    def to_check(self, every: float) -> OrgLaneQuerySet:
        """Of connected orgs, checked longer than ``every`` seconds ago, or that cannot be asked.

        Those are tried each time: it takes no API call, and what was repaired shows early.
        """
        is_old = Q(checked_at=None) | Q(checked_at__lte=from_now(-every))
        return self.filter(
            is_old | Q(health__in=OrgLane.UNASKED), org__state=SalesforceOrg.State.CONNECTED
        )


class OrgLane(PrimaryModel):
    """What sending to, and checking of, one org leaves behind. No other table refers to it."""

    class Health(models.TextChoices):
        #: The last call worked.
        HEALTHY = "healthy", _("Healthy")
        #: No successful refresh for 21 days: the grant may expire unused.
        IDLE = "idle", _("Idle")
        #: The grant is dead, interrupted or unreadable.
        RECONNECT = "reconnect", _("Needs reconnecting")
        #: The connected user lacks something; ``report`` names it.
        PERMISSION = "permission", _("Missing permission")
        #: The day's API calls are nearly used up.
        API_LIMIT = "api_limit", _("Near its API limit")
        #: The database was copied from another installation.
        COPY = "copy", _("This is a copy")
        #: Salesforce does not answer; nothing is wrong with the connection itself.
        UNREACHABLE = "unreachable", _("Salesforce does not answer")

    #: Healths that stop leads, and those of orgs that no question reaches.
    STOPPED = (Health.RECONNECT, Health.COPY, Health.PERMISSION)
    UNASKED = (Health.RECONNECT, Health.COPY, Health.UNREACHABLE)

    org = models.OneToOneField(SalesforceOrg, on_delete=models.CASCADE, related_name="lane")

    # Health
    health = models.CharField(max_length=20, choices=Health.choices, default=Health.HEALTHY)
    health_code = models.CharField(max_length=80, blank=True)
    health_since = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    #: What the last check tried: a list of {"code", "ok", "detail"}.
    report = models.JSONField(default=list)
    #: When the administrators were told of this health.
    told_at = models.DateTimeField(null=True)

    # API use
    api_used = models.PositiveIntegerField(null=True)
    api_limit = models.PositiveIntegerField(null=True)
    api_read_at = models.DateTimeField(null=True)
    #: "Send anyway": the reserve does not hold until then.
    reserve_lifted_until = models.DateTimeField(null=True)

    # Sending
    claim_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    #: Nothing is sent before this time; set by causes that stop the whole org.
    paused_until = models.DateTimeField(null=True)
    pause_code = models.CharField(max_length=80, blank=True)
    pauses = models.PositiveSmallIntegerField(default=0)
    #: A call's answer was lost: a GET must answer before the next POST.
    must_probe = models.BooleanField(default=False)
    batch_size = models.PositiveSmallIntegerField(default=0)
    served_at = models.DateTimeField(null=True)
    last_lead_at = models.DateTimeField(null=True)
    #: Since when a nudge is on its way; null once a worker took it.
    nudged_at = models.DateTimeField(null=True)

    objects = PrimaryManager.from_queryset(OrgLaneQuerySet)()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"lane of org {self.org_id}: {self.health}"
