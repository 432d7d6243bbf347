"""Orgs that were reconnected while somebody was still noting that their grant is dead.

Finding a grant dead and holding its leads are two steps; a person may reconnect in between.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from wagtail_salesforce_leads.models import OrgLane, SalesforceGrant

from .installation import installation_id
from .refresh import DEATHS, INTERRUPTED
from .unavailable import CopiedDatabase

#: The health codes of a grant that cannot be used; other codes are not about the grant.
GRANT_CODES = frozenset({*DEATHS.values(), INTERRUPTED, "invalid_grant", CopiedDatabase.code})
AWAY = Q(health__in=[OrgLane.Health.RECONNECT, OrgLane.Health.COPY])


def lanes_signed_in(*, still_held: Q) -> QuerySet[OrgLane]:
    """Lanes whose grant works although their card still calls it dead, or whose held leads
    (``still_held``) were never released.
    """
    usable = SalesforceGrant.objects.living().filter(installation=installation_id())
    told_dead = AWAY & Q(health_code__in=GRANT_CODES)
    return OrgLane.objects.filter(told_dead | (~AWAY & still_held), org__in=usable.values("org"))
