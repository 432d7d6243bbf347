"""What the editor's scripts say, and the names of what they offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_salesforce_leads.publishing import checks
from wagtail_salesforce_leads.publishing import choices as compared
from wagtail_salesforce_leads.publishing.problem import PROPERTY_GONE
from wagtail_salesforce_leads.salesforce.describe import PropertyType
from wagtail_salesforce_leads.submitting.values import CHOICE_TYPES

Words = Mapping[str, Any]

#: The seed of every list of types: what Salesforce's administrators call them.
PROPERTY_TYPES = {
    PropertyType.URL: _("URL"),
    PropertyType.CHECKBOX: _("checkbox"),
    PropertyType.TEXT: _("text"),
    PropertyType.ENCRYPTED_TEXT: _("text (encrypted)"),
    PropertyType.TEXT_AREA: _("text area"),
    PropertyType.PERCENT: _("percent"),
    PropertyType.EMAIL: _("e-mail"),
    PropertyType.RICH_TEXT: _("text area (rich)"),
    PropertyType.LONG_TEXT: _("long text area"),
    PropertyType.NUMBER: _("number"),
    PropertyType.PICKLIST: _("picklist"),
    PropertyType.MULTI_PICKLIST: _("picklist (multi-select)"),
    PropertyType.CURRENCY: _("currency"),
    PropertyType.PHONE: _("phone"),
    PropertyType.DATE: _("date"),
}

#: Facts about a visit that a property can take.
CONTEXTS = {
    "page_title": _("Page title"),
    "page_url": _("Page URL"),
    "language": _("Language"),
    "referrer": _("Referrer"),
    "variant": _("Page variant"),
    "utm_source": _("UTM source"),
    "utm_medium": _("UTM medium"),
    "utm_campaign": _("UTM campaign"),
    "utm_term": _("UTM term"),
    "utm_content": _("UTM content"),
    "first_utm_source": _("First UTM source"),
    "first_utm_medium": _("First UTM medium"),
    "first_utm_campaign": _("First UTM campaign"),
    "first_utm_term": _("First UTM term"),
    "first_utm_content": _("First UTM content"),
}

NO_ACCOUNT = _("Choose an account first.")
UNREACHABLE = _("Salesforce does not answer just now. Try again in a moment.")

INTEGRATION: Words = {
    "on": _("On (%(account)s)"),
    "noneChosen": _("no account chosen"),
    "off": _("Off"),
    "missing": _("Missing: %(name)s"),
    "none": _("No account is connected to this site yet: see Settings → Salesforce."),
    "unreachable": UNREACHABLE,
}

CAMPAIGN: Words = {
    "noAccount": NO_ACCOUNT,
    "none": _("No active campaign found."),
    "found": _("Campaigns found: %(count)s"),
    "foundMore": _("The first %(count)s campaigns. Type to narrow them down."),
    "missing": _("Missing: Salesforce no longer has the campaign “%(name)s”."),
    "inactive": _("This campaign is not active any more."),
    "unreachable": UNREACHABLE,
}

MAPPING: Words = {
    "choiceTypes": sorted(CHOICE_TYPES),
    "comma": compared.COMMA,
    "constant": _("Constant"),
    "constantValue": _("Constant value"),
    "contexts": CONTEXTS,
    "custom": _("Custom properties"),
    "dependent": checks.DEPENDENT,
    "fewer": compared.FEWER,
    "gone": PROPERTY_GONE,
    "inverted": _("Send the opposite"),
    "listed": compared.LISTED_CHOICES,
    "missing": _("Missing: %(name)s"),
    "more": compared.MORE,
    "missingField": _("Missing: a field that was removed"),
    "noAccount": NO_ACCOUNT,
    "noEmail": checks.EMAIL_UNMAPPED,
    "noLabel": _("Field without a label"),
    "notSent": _("Not sent"),
    "optional": checks.REQUIRED_OPTIONAL,
    "propertyFor": _("Salesforce property for %(name)s"),
    "quoted": compared.QUOTED,
    "remove": _("Remove"),
    "required": _("Required in Salesforce"),
    "source": _("Constant or context"),
    "standard": _("Standard properties"),
    "suggestLater": _("Suggestions follow as soon as the properties are here."),
    "suggested": _("Suggestions filled in: %(count)s"),
    "takeChoices": _("Use Salesforce's choices"),
    "unfilled": checks.REQUIRED_UNFILLED,
    "unfit": _("%(name)s (does not fit this field)"),
    "unknown": compared.UNKNOWN,
    "unknownAndFewer": compared.UNKNOWN_AND_FEWER,
}

TRIAL: Words = {
    "campaign": _("Campaign"),
    "default": _("the campaign's default"),
    "lead": _("Lead"),
    "noAccount": NO_ACCOUNT,
    "nothing": _("Nothing is mapped, so nothing would be sent."),
    "sent": _("The test lead is on its way."),
    "see": _("See how it fares"),
    "status": _("Lead status"),
    "unreachable": UNREACHABLE,
}
