"""What we say we delivered in a period, against what the org has. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from wagtail_salesforce_leads.models import Delivery, SalesforceOrg
from wagtail_salesforce_leads.orgs import access
from wagtail_salesforce_leads.salesforce.client import SalesforceClient
from wagtail_salesforce_leads.salesforce.ids import id18
from wagtail_salesforce_leads.salesforce.lookups import lookup_by_submission_id_soql

#: Ids a query; their address has to stay under 16,384 bytes.
CHUNK = 200


@dataclass
class Comparison:
    """Primary keys of deliveries, by what became of their leads."""

    sent: int = 0
    found: int = 0
    #: Deleted by somebody in Salesforce since, or merged into another.
    deleted: list[int] = field(default_factory=list)
    #: Not there for the connected user: hidden from it, or removed for good.
    missing: list[int] = field(default_factory=list)
    #: With more than one lead of the same submission id.
    doubled: list[int] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.doubled)


def compare(org: SalesforceOrg, since: datetime, until: datetime) -> Comparison:
    """Raises an OrgUnavailable or a SalesforceProblem. One or two calls for 200 leads."""
    comparison = Comparison()
    sent = Delivery.objects.filter(
        salesforce_org_id=org.org_id,
        state=Delivery.State.DONE,
        settled_at__gte=since,
        settled_at__lt=until,
    )
    for chunk in _chunks(sent.order_by("pk").only("pk", "lead_id", "external_id").iterator()):
        access.call(org, lambda client, chunk=chunk: _look(client, org, chunk, comparison))
    return comparison


def _look(
    client: SalesforceClient, org: SalesforceOrg, chunk: list[Delivery], comparison: Comparison
) -> None:
    soql = lookup_by_submission_id_soql("Id", [one.lead_id for one in chunk], ["IsDeleted"])
    rows = {id18(row["Id"]): row for row in client.query_all(soql)}
    copies = _copies(client, org.submission_id_field, chunk)
    comparison.sent += len(chunk)
    for delivery in chunk:
        row = rows.get(delivery.lead_id)
        if row is None:
            comparison.missing.append(delivery.pk)
        elif row["IsDeleted"]:
            comparison.deleted.append(delivery.pk)
        else:
            comparison.found += 1
        if copies[str(delivery.external_id)] > 1:
            comparison.doubled.append(delivery.pk)


def _copies(client: SalesforceClient, name: str, chunk: list[Delivery]) -> Counter[str]:
    """How many leads there are of each submission, where they carry its id."""
    if not name:
        return Counter()
    soql = lookup_by_submission_id_soql(name, [str(one.external_id) for one in chunk], [])
    return Counter(str(row[name]).lower() for row in client.query(soql))


def _chunks(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    chunk: list[Delivery] = []
    for delivery in deliveries:
        chunk.append(delivery)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
