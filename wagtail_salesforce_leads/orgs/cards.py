"""What the card of each org says: its health, its API use and how its leads fare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_salesforce_leads.chart import Chart, counted_by_day, last_midnights
from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import Delivery, LeadForm, OrgLane, SalesforceOrg
from wagtail_salesforce_leads.numerals import grouped

from .grants import idle_since, is_idle
from .health_words import Finding, Words, findings, words_of
from .installation import installation_id

DAYS = 7
#: Salesforce drops the oldest of more than five authorisations of one user and app.
GRANTS_TO_WARN = 4
#: What only a person signing in again, or saying so, repairs.
NEEDS_RECONNECTING = {OrgLane.Health.RECONNECT, OrgLane.Health.COPY, OrgLane.Health.IDLE}


@dataclass(frozen=True)
class LeadCounts:
    """How the leads of one org fare. ``sent_by_day`` ends with today."""

    sent_by_day: tuple[int, ...] = (0,) * DAYS
    need_you: int = 0
    held: int = 0
    #: Waiting to be sent, being sent, or unanswered so far: a backlog is seen to shrink.
    on_their_way: int = 0

    @property
    def sent(self) -> int:
        return sum(self.sent_by_day)

    @property
    def chart(self) -> Chart:
        return Chart(self.sent_by_day)


@dataclass(frozen=True)
class ApiUse:
    """The org's API calls of the day, against its limit and the reserve left to others."""

    used: int
    limit: int
    reserve_percent: int
    read_at: datetime | None
    lifted_until: datetime | None

    def __str__(self) -> str:
        used, limit = (grouped(n) for n in (self.used, self.limit))
        return _("%(used)s of %(limit)s") % {"used": used, "limit": limit}

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.used / self.limit)) if self.limit else 0

    @property
    def reserve_starts(self) -> int:
        """Per cent of the limit from which on nothing is sent."""
        return 100 - self.reserve_percent

    @property
    def reserve_reached(self) -> bool:
        return self.percent >= self.reserve_starts

    @property
    def is_lifted(self) -> bool:
        return self.lifted_until is not None and self.lifted_until > timezone.now()


@dataclass(frozen=True)
class OrgCard:
    org: SalesforceOrg
    lane: OrgLane
    leads: LeadCounts
    forms: int
    api: ApiUse | None
    #: Live grants of the same org, user and app, on whichever site.
    grants: int = 1

    @property
    def health(self) -> str:
        """What the grant tells is seen before anything is tried, and without a worker."""
        if not self.org.is_connected:
            return self.org.state
        grant = getattr(self.org, "grant", None)
        if grant is not None and grant.installation != installation_id():
            return OrgLane.Health.COPY
        if self.lane.health == OrgLane.Health.HEALTHY and grant is not None and is_idle(grant):
            return OrgLane.Health.IDLE
        return self.lane.health

    @property
    def since(self) -> datetime | None:
        return self.lane.health_since if self.health == self.lane.health else None

    @property
    def health_label(self) -> str:
        if not self.org.is_connected:
            return self.org.get_state_display()
        return OrgLane.Health(self.health).label

    @property
    def is_healthy(self) -> bool:
        return self.health == OrgLane.Health.HEALTHY

    @property
    def is_copy(self) -> bool:
        return self.health == OrgLane.Health.COPY

    @property
    def lacks_permission(self) -> bool:
        return self.health == OrgLane.Health.PERMISSION

    @property
    def needs_reconnecting(self) -> bool:
        return not self.org.is_connected or self.health in NEEDS_RECONNECTING

    @property
    def has_many_grants(self) -> bool:
        return self.org.is_connected and self.grants >= GRANTS_TO_WARN

    @property
    def trouble(self) -> Words | None:
        """What is wrong and how to repair it."""
        if self.is_healthy or not self.org.is_connected:
            return None
        code = self.lane.health_code if self.health == self.lane.health else ""
        return words_of(self.health, code)

    @property
    def trouble_status(self) -> str:
        return "critical" if self.health in OrgLane.STOPPED else "warning"

    @property
    def findings(self) -> list[Finding]:
        return findings(self.lane.report)

    @property
    def host(self) -> str:
        return self.org.instance_url.partition("://")[2]

    @property
    def may_send_anyway(self) -> bool:
        if self.api is None or self.needs_reconnecting:
            return False
        return self.api.reserve_reached and not self.api.is_lifted

    @property
    def schema_read_at(self) -> datetime | None:
        schema = getattr(self.org, "schema", None)
        return schema.read_at if schema else None


def unwell(orgs: QuerySet[SalesforceOrg]) -> QuerySet[SalesforceOrg]:
    """Those whose card may be other than healthy."""
    is_idle = Q(grant__refreshed_at__lt=idle_since())
    is_elsewhere = Q(grant__isnull=False) & ~Q(grant__installation=installation_id())
    return orgs.filter(~Q(lane__health=OrgLane.Health.HEALTHY) | is_idle | is_elsewhere)


def cards_of(orgs: QuerySet[SalesforceOrg]) -> list[OrgCard]:
    """Five queries, however many orgs there are."""
    known = orgs.select_related("grant", "lane", "schema")
    orgs = list(known.defer("schema__lead", "schema__campaigns").order_by("state", "name", "pk"))
    leads, forms, grants = _lead_counts(orgs), _form_counts(orgs), _grant_counts(orgs)
    return [
        OrgCard(
            org=org,
            lane=_lane(org),
            leads=leads.get(org.pk, LeadCounts()),
            forms=forms.get(org.pk, 0),
            api=_api_use(org),
            grants=grants.get(_grantee(org), 0),
        )
        for org in orgs
    ]


def waiting_leads(org: SalesforceOrg) -> int:
    """Leads that still have to reach the org."""
    return Delivery.objects.for_org(org).unsettled().count()


def _lane(org: SalesforceOrg) -> OrgLane:
    return getattr(org, "lane", None) or OrgLane(org=org)


def _lead_counts(orgs: list[SalesforceOrg]) -> dict[int, LeadCounts]:
    state, hold = Delivery.State, Delivery.Hold
    under_way = Delivery.UNSETTLED - {state.HELD}
    rows = (
        Delivery.objects.filter(org__in=orgs, state__in=Delivery.OPEN)
        .values("org_id")
        .annotate(
            need_you=Count("pk", filter=Q(state=state.FAILED)),
            held=Count("pk", filter=Q(state=state.HELD) & ~Q(cause=hold.SPAM)),
            on_their_way=Count("pk", filter=Q(state__in=under_way)),
        )
    )
    counts = {row.pop("org_id"): row for row in rows}
    sent = _sent_by_day(orgs)
    return {org.pk: LeadCounts(sent[org.pk], **counts.get(org.pk, {})) for org in orgs}


def _sent_by_day(orgs: list[SalesforceOrg]) -> dict[int, tuple[int, ...]]:
    """By ``due_at``, which for a lead that was sent is when its turn came, and which is indexed."""
    done = Delivery.objects.filter(org__in=orgs, state=Delivery.State.DONE)
    found = counted_by_day(done, "due_at", last_midnights(DAYS), "org_id")
    sent = {(org, day): count for org, day, count in found}
    return {org.pk: tuple(sent.get((org.pk, day), 0) for day in range(DAYS)) for org in orgs}


def _form_counts(orgs: list[SalesforceOrg]) -> dict[int, int]:
    rows = LeadForm.objects.sending_to(orgs).values_list("current_version__org")
    return dict(rows.annotate(Count("pk")).order_by())


def _grant_counts(orgs: list[SalesforceOrg]) -> dict[tuple[str, ...], int]:
    same_org = SalesforceOrg.objects.connected().filter(org_id__in={org.org_id for org in orgs})
    rows = same_org.filter(grant__dead_code="").values_list("org_id", "user_id", "consumer_key")
    return {tuple(grantee): count for *grantee, count in rows.annotate(Count("pk")).order_by()}


def _grantee(org: SalesforceOrg) -> tuple[str, ...]:
    return org.org_id, org.user_id, org.consumer_key


def _api_use(org: SalesforceOrg) -> ApiUse | None:
    lane = _lane(org)
    if lane.api_used is None or not lane.api_limit:
        return None
    reserve = org.api_reserve_percent
    return ApiUse(
        lane.api_used,
        lane.api_limit,
        settings.API_RESERVE_PERCENT if reserve is None else reserve,
        lane.api_read_at,
        lane.reserve_lifted_until,
    )
