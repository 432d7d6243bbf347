"""The rows. What must not be lost is here; nothing here calls Salesforce, renders or queues."""

from .deliveries import Delivery, DeliveryAttempt
from .forms import LeadForm, LeadFormVersion
from .heartbeat import Heartbeat
from .lanes import OrgLane
from .orgs import OrgSchema, PendingConnection, SalesforceGrant, SalesforceOrg, SalesforceSettings
from .submissions import LeadSubmission

__all__ = [
    "Delivery",
    "DeliveryAttempt",
    "Heartbeat",
    "LeadForm",
    "LeadFormVersion",
    "LeadSubmission",
    "OrgLane",
    "OrgSchema",
    "PendingConnection",
    "SalesforceGrant",
    "SalesforceOrg",
    "SalesforceSettings",
]
