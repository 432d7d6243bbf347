"""Custom Lead fields of the demo orgs: all fourteen property types of contract 3.2, and more."""

from __future__ import annotations

from functools import partial

from .fields import Choice, Field

custom = partial(Field, custom=True)

REGIONS = ("Japan", "EMEA", "Americas")
#: City and the positions of the regions it belongs to.
OFFICES = (("東京", 0), ("大阪", 0), ("London", 1), ("Berlin", 1), ("New York", 2))

SUBMISSION_ID = custom(
    "Wagtail_Submission_Id__c",
    "Wagtail submission id",
    length=36,
    unique=True,
    external_id=True,
    help_text="Filled by the website, so that no submission becomes two leads.",
)

LEAD = (
    custom("Landing_Page__c", "Landing page", "url", 255),
    custom("Newsletter__c", "Newsletter", "boolean"),
    custom("Campaign_Code__c", "Campaign code", length=50),
    custom("Member_Number__c", "Member number (encrypted)", "encryptedstring", 175),
    custom("Short_Note__c", "Short note", "textarea", 255, extra_type="plaintextarea"),
    custom("Inquiry__c", "お問い合わせ内容", "textarea", 32768, extra_type="plaintextarea"),
    custom("Story__c", "Story (rich)", "textarea", 32768, extra_type="richtextarea", html=True),
    custom("Discount__c", "Discount", "percent", precision=5, scale=2),
    custom("Second_Email__c", "Second email", "email", 80),
    custom("Seats__c", "Seats", "double", precision=6),
    custom("Score__c", "Score", "double", precision=5, scale=2),
    custom(
        "Region__c",
        "Region",
        "picklist",
        255,
        restricted=True,
        choices=tuple(Choice(region) for region in REGIONS),
    ),
    custom(
        "Office__c",
        "Office",
        "picklist",
        255,
        restricted=True,
        controller="Region__c",
        choices=tuple(Choice(office, valid_for=(region,)) for office, region in OFFICES),
    ),
    custom(
        "Interests__c",
        "Interests",
        "multipicklist",
        4099,
        precision=4,
        restricted=True,
        choices=(
            Choice("product", "Product"),
            Choice("pricing", "Pricing"),
            Choice("support", "Support"),
            Choice("採用", "採用"),
            Choice("legacy", "Legacy", active=False),
        ),
    ),
    custom("Budget__c", "Budget", "currency", precision=18, scale=2),
    custom("Second_Phone__c", "Second phone", "phone", 40),
    custom("Visit_Date__c", "Visit date", "date"),
    SUBMISSION_ID,
)
