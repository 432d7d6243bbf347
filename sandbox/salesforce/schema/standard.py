"""The standard fields of the other objects: of campaigns and members as far as contract 4 quotes
the Object Reference, of the rest what queries about people and orgs ask for."""

from __future__ import annotations

from .fields import Field
from .shapes import AUDIT, LOCKED, PERSON, SYSTEM, identity, phone, picklist, reference

CAMPAIGN = (
    *identity("Campaign"),
    Field("Name", "Name", length=80, nillable=False, permissionable=False, name_field=True),
    picklist(
        "Type",
        "Type",
        "Conference|Webinar|Trade Show|Partners|Advertisement|Direct Mail|Email|Other",
        40,
    ),
    picklist("Status", "Status", "Planned|In Progress|Completed|Aborted", 40),
    Field("StartDate", "Start Date", "date"),
    Field("EndDate", "End Date", "date"),
    Field("IsActive", "Active", "boolean", default=False),
    Field("Description", "Description", "textarea", 32000, extra_type="plaintextarea"),
    reference(
        "OwnerId",
        "Owner ID",
        nillable=False,
        defaulted=True,
        permissionable=False,
        reference_to=("User",),
        relationship="Owner",
    ),
    Field("NumberOfLeads", "Leads in Campaign", "int", digits=9, permissionable=False, **LOCKED),
    *AUDIT,
)

CREATE_ONLY = {"updateable": False, "permissionable": False}

CAMPAIGN_MEMBER = (
    *identity("Campaign Member"),
    reference(
        "CampaignId",
        "Campaign ID",
        nillable=False,
        reference_to=("Campaign",),
        relationship="Campaign",
        **CREATE_ONLY,
    ),
    reference("LeadId", "Lead ID", reference_to=("Lead",), relationship="Lead", **CREATE_ONLY),
    reference(
        "ContactId", "Contact ID", reference_to=("Contact",), relationship="Contact", **CREATE_ONLY
    ),
    picklist("Status", "Status", "Sent|Responded", 40),
    Field("HasResponded", "Responded", "boolean", permissionable=False, **LOCKED),
    Field("FirstRespondedDate", "First Responded Date", "date", permissionable=False, **LOCKED),
    *AUDIT,
)

CAMPAIGN_MEMBER_STATUS = (
    *identity("Campaign Member Status"),
    reference(
        "CampaignId",
        "Campaign ID",
        reference_to=("Campaign",),
        relationship="Campaign",
        **LOCKED,
    ),
    Field("Label", "Label", length=765, name_field=True, **LOCKED),
    Field("SortOrder", "Sort Order", "int", digits=9, **LOCKED),
    Field("IsDefault", "Is Default", "boolean", **LOCKED),
    Field("HasResponded", "Responded", "boolean", **LOCKED),
    *AUDIT,
)

ORGANIZATION = (
    Field("Id", "Organization ID", "id", 18, **SYSTEM),
    Field("Name", "Name", length=80, name_field=True, **LOCKED),
    Field("OrganizationType", "Edition", length=40, **LOCKED),
    Field("IsSandbox", "Is Sandbox", "boolean", **LOCKED),
    Field("InstanceName", "Instance Name", length=5, **LOCKED),
    Field("NamespacePrefix", "Namespace Prefix", length=15, **LOCKED),
    Field("TrialExpirationDate", "Trial Expiration Date", "datetime", **LOCKED),
    Field("LanguageLocaleKey", "Language", length=40, **LOCKED),
    Field("DefaultLocaleSidKey", "Locale", length=40, **LOCKED),
    Field("TimeZoneSidKey", "Time Zone", length=40, **LOCKED),
    Field("Country", "Country", length=80, **LOCKED),
)

USER = (
    *identity("User"),
    Field("Username", "Username", length=80, **LOCKED),
    Field("Name", "Full Name", length=121, name_field=True, **LOCKED),
    Field("FirstName", "First Name", length=40, **LOCKED),
    Field("LastName", "Last Name", length=80, **LOCKED),
    Field("Email", "Email", "email", 128, **LOCKED),
    Field("IsActive", "Active", "boolean", **LOCKED),
    Field("UserType", "User Type", length=40, **LOCKED),
)

#: What the session's own user may: Object Reference, UserPermissionAccess (v41 and later).
USER_PERMISSION_ACCESS = (
    Field("Id", "User Permission Access ID", "id", 18, **SYSTEM),
    Field("LastCacheUpdate", "Last Cache Update", "datetime", **LOCKED),
    Field("PermissionsApiEnabled", "API Enabled", "boolean", **LOCKED),
    Field("PermissionsViewAllData", "View All Data", "boolean", **LOCKED),
)

GROUP = (
    *identity("Group"),
    Field("Name", "Name", length=40, name_field=True, **LOCKED),
    Field("Type", "Type", length=40, **LOCKED),
)

CONTACT = (
    *identity("Contact"),
    reference("AccountId", "Account ID", reference_to=("Account",), relationship="Account"),
    Field("LastName", "Last Name", length=80, nillable=False, **PERSON),
    Field("FirstName", "First Name", length=40, **PERSON),
    Field("Name", "Full Name", length=121, nillable=False, name_field=True, **LOCKED),
    Field("Email", "Email", "email", 80, id_lookup=True),
    phone("Phone", "Phone"),
    *AUDIT,
)

ACCOUNT = (
    *identity("Account"),
    Field("Name", "Account Name", length=255, nillable=False, name_field=True),
    Field("Website", "Website", "url", 255),
    phone("Phone", "Phone"),
    *AUDIT,
)
