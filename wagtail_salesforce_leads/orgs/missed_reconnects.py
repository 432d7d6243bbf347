"""Orgs that were reconnected while somebody was still noting that their grant is dead.

Finding a grant dead and holding its leads are two steps; a person may reconnect in between.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from wagtail_salesforce_leads.models import OrgLane, SalesforceGrant

from .installation import installation_id
from .refresh import DEATHS, INTERRUPTED
from .unavailable import CopiedDatabase

#: The health codes that are about the grant itself.
GRANT_CODES = frozenset({*DEATHS.values(), INTERRUPTED, "invalid_grant", CopiedDatabase.code})
AWAY = Q(health__in=[OrgLane.Health.RECONNECT, OrgLane.Health.COPY])


def lanes_reconnected(*, still_held: Q) -> QuerySet[OrgLane]:
    """Lanes whose grant is usable although their health still says that it is not, or whose leads,
    held for that (``still_held``, a condition on OrgLane), were never released.
    """
    usable = SalesforceGrant.objects.living().filter(installation=installation_id())
    told_dead = AWAY & Q(health_code__in=GRANT_CODES)
    return OrgLane.objects.filter(told_dead | (~AWAY & still_held), org__in=usable.values("org"))
