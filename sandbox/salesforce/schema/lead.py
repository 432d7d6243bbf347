"""The standard fields of Lead, as the recorded describe of a scratch org has them (contract 3)."""

from __future__ import annotations

from .fields import Choice, Field
from .shapes import AUDIT, LOCKED, PERSON, address, identity, moment, phone, picklist, reference

LEAD_STATUSES = (
    Choice("Open - Not Contacted", default=True),
    Choice("Working - Contacted"),
    Choice("Closed - Converted"),
    Choice("Closed - Not Converted"),
)
INDUSTRIES = (
    "Agriculture|Apparel|Banking|Biotechnology|Chemicals|Communications|Construction|Consulting|"
    "Education|Electronics|Energy|Engineering|Entertainment|Environmental|Finance|"
    "Food & Beverage|Government|Healthcare|Hospitality|Insurance|Machinery|Manufacturing|Media|"
    "Not For Profit|Recreation|Retail|Shipping|Technology|Telecommunications|Transportation|"
    "Utilities|Other"
)


def converted(what: str, **more: object) -> Field:
    return reference(
        f"Converted{what}Id",
        f"Converted {what} ID",
        reference_to=(what,),
        relationship=f"Converted{what}",
        permissionable=False,
        **LOCKED,
    )


FIELDS = (
    *identity("Lead"),
    reference(
        "MasterRecordId",
        "Master Record ID",
        reference_to=("Lead",),
        relationship="MasterRecord",
        permissionable=False,
        **LOCKED,
    ),
    Field("LastName", "Last Name", length=80, nillable=False, **PERSON),
    Field("FirstName", "First Name", length=40, **PERSON),
    picklist("Salutation", "Salutation", "Mr.|Ms.|Mrs.|Dr.|Prof.|Mx.", 40, **PERSON),
    Field(
        "Name",
        "Full Name",
        length=121,
        nillable=False,
        permissionable=False,
        extra_type="personname",
        name_field=True,
        **LOCKED,
    ),
    Field("Title", "Title", length=128),
    Field("Company", "Company", length=255, nillable=False, permissionable=False),
    address("Street", "Street", 255, "textarea"),
    address("City", "City", 40),
    address("State", "State/Province", 80),
    address("PostalCode", "Zip/Postal Code", 20),
    address("Country", "Country", 80),
    Field("Latitude", "Latitude", "double", precision=18, scale=15, compound="Address"),
    Field("Longitude", "Longitude", "double", precision=18, scale=15, compound="Address"),
    picklist(
        "GeocodeAccuracy",
        "Geocode Accuracy",
        "Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|State|Unknown",
        40,
        compound="Address",
        restricted=True,
    ),
    Field("Address", "Address", "address", **LOCKED),
    phone("Phone", "Phone"),
    phone("MobilePhone", "Mobile Phone"),
    phone("Fax", "Fax"),
    Field("Email", "Email", "email", 80, id_lookup=True),
    Field("Website", "Website", "url", 255),
    Field(
        "PhotoUrl",
        "Photo URL",
        "url",
        255,
        permissionable=False,
        extra_type="imageurl",
        **LOCKED,
    ),
    Field("Description", "Description", "textarea", 32000, extra_type="plaintextarea"),
    picklist(
        "LeadSource", "Lead Source", "Web|Phone Inquiry|Partner Referral|Purchased List|Other"
    ),
    Field(
        "Status",
        "Status",
        "picklist",
        255,
        nillable=False,
        defaulted=True,
        permissionable=False,
        choices=LEAD_STATUSES,
    ),
    picklist("Industry", "Industry", INDUSTRIES),
    picklist("Rating", "Rating", "Hot|Warm|Cold"),
    Field("AnnualRevenue", "Annual Revenue", "currency", precision=18),
    Field("NumberOfEmployees", "Employees", "int", digits=8),
    reference(
        "OwnerId",
        "Owner ID",
        nillable=False,
        defaulted=True,
        permissionable=False,
        reference_to=("Group", "User"),
        relationship="Owner",
    ),
    Field("IsConverted", "Converted", "boolean", updateable=False, permissionable=False),
    Field("ConvertedDate", "Converted Date", "date", permissionable=False, **LOCKED),
    converted("Account"),
    converted("Contact"),
    converted("Opportunity"),
    Field("IsUnreadByOwner", "Unread By Owner", "boolean", permissionable=False),
    *AUDIT,
    Field("LastActivityDate", "Last Activity", "date", permissionable=False, **LOCKED),
    moment("LastViewedDate", "Last Viewed Date"),
    moment("LastReferencedDate", "Last Referenced Date"),
    Field("Jigsaw", "Data.com Key", length=20),
    Field(
        "JigsawContactId",
        "Jigsaw Contact ID",
        length=20,
        permissionable=False,
        relationship="JigsawContact",
        **LOCKED,
    ),
    picklist(
        "CleanStatus",
        "Clean Status",
        "Matched=In Sync|Different|Acknowledged=Reviewed|NotFound=Not Found|Inactive|"
        "Pending=Not Compared|SelectMatch=Select Match|Skipped",
        40,
        restricted=True,
    ),
    Field("CompanyDunsNumber", "Company D-U-N-S Number", length=9),
    reference(
        "DandbCompanyId",
        "D&B Company ID",
        reference_to=("DandBCompany",),
        relationship="DandbCompany",
    ),
    Field(
        "EmailBouncedReason",
        "Email Bounced Reason",
        length=255,
        createable=False,
        permissionable=False,
    ),
    Field(
        "EmailBouncedDate",
        "Email Bounced Date",
        "datetime",
        createable=False,
        permissionable=False,
    ),
    reference(
        "IndividualId",
        "Individual ID",
        reference_to=("Individual",),
        relationship="Individual",
        permissionable=False,
    ),
)
