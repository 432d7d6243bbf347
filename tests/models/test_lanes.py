from __future__ import annotations

import pytest

from wagtail_salesforce_leads.models import OrgLane, SalesforceOrg
from wagtail_salesforce_leads.models.leases import from_now

DAY = 86400.0
Health = OrgLane.Health


@pytest.mark.parametrize(
    ("health", "checked", "state", "expected"),
    [
        (Health.HEALTHY, None, "connected", True),
        (Health.HEALTHY, -3600, "connected", False),
        (Health.HEALTHY, -2 * DAY, "connected", True),
        (Health.PERMISSION, -3600, "connected", False),
        (Health.RECONNECT, -3600, "connected", True),
        (Health.UNREACHABLE, -3600, "connected", True),
        (Health.RECONNECT, -2 * DAY, "disconnected", False),
    ],
)
def test_to_check_takes_each_org_once_a_day_and_silent_ones_always(
    db, health, checked, state, expected
):
    org = SalesforceOrg.objects.create(org_id="00D0", state=state)
    checked_at = None if checked is None else from_now(checked)
    OrgLane.objects.create(org=org, health=health, checked_at=checked_at)
    assert OrgLane.objects.to_check(every=DAY).exists() == expected
