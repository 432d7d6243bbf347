"""What is the matter, by code: Salesforce's (``salesforce.catalogue``), holds, and our own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "reconnect": _("The Salesforce account needs reconnecting."),
    "reserve": _("The account's API calls for today are down to the reserve."),
    "misconfigured": _("The Salesforce account is not set up to take leads."),
    "copy": _("This site runs on a copy of another site's database, so nothing is sent."),
    "ceiling": _("The form got more submissions in an hour than it may."),
    "spam": _("It looks like spam."),
    "org_of_another_site": _("The form's Salesforce account belongs to another site."),
    "org_gone": _("The Salesforce account was removed from this site."),
    "submission_id_field": _(
        "The submission id field is gone from Salesforce, hidden, or no longer unique."
    ),
    "payload_failed": _("The answers could not be turned into a lead."),
    "lost_leases": _("Three workers in a row stopped while sending this lead."),
    "not_sent": _("Salesforce could not be reached."),
    "answer_lost": _("Salesforce was asked, but its answer did not arrive."),
    "no_code": _("Salesforce refused the call without saying why."),
    "concurrent_limit": _("Salesforce runs too many long requests at this moment."),
    "batch_refused": _("Salesforce refused the call that this lead was part of."),
    "replaced": _("Another delivery of the same submission took its place."),
    "no_proof": _(
        "Salesforce's answer was lost, and the connected user may not see enough to "
        "tell whether the lead exists."
    ),
    "several_matches": _(
        "Salesforce's answer was lost, and several leads there could be this one."
    ),
    "partial_match": _(
        "Salesforce's answer was lost, and a lead there looks like this one but differs."
    ),
    "lead_taken": _("The lead that Salesforce made is already linked to another submission."),
    "doubled": _("Salesforce has two leads of this submission."),
    "lead_deleted": _("The lead was deleted in Salesforce before it was added to the campaign."),
    "status_differs": _("The lead is in the campaign, with another status than the form's."),
    "session_refused": _("Salesforce refused a session that had just been made."),
    "internal": _("An error in this site's software stopped the sending."),
    "UNABLE_TO_LOCK_ROW": _("Salesforce was busy with a record this lead needs."),
    "SERVER_UNAVAILABLE": _("Salesforce is overloaded or down."),
    "QUERY_TIMEOUT": _("Salesforce took too long."),
    "REQUEST_RUNNING_TOO_LONG": _("Salesforce took too long."),
    "API_CURRENTLY_DISABLED": _("Salesforce has switched off its API for the moment."),
    "FUNCTIONALITY_NOT_ENABLED": _("Salesforce has switched off what is needed for the moment."),
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": _("Salesforce is under maintenance."),
    "TOO_MANY_APEX_REQUESTS": _("Salesforce is busy with other requests."),
    "TXN_SECURITY_METERING_ERROR": _("Salesforce's transaction security did not answer."),
    "INTERNAL_ERROR": _("Salesforce had an error of its own."),
    "UNKNOWN_EXCEPTION": _("Salesforce had an error of its own, perhaps in a trigger."),
    "REQUEST_LIMIT_EXCEEDED": _("The account's API calls are used up for now."),
    "INVALID_SESSION_ID": _("Salesforce ended the session."),
    "INVALID_AUTH_HEADER": _("Salesforce did not accept the session."),
    "API_DISABLED_FOR_ORG": _(
        "The connected user may not use the API, or the Salesforce edition has none."
    ),
    "INSUFFICIENT_ACCESS": _("The connected user may not do this in Salesforce."),
    "INSUFFICIENT_ACCESS_OR_READONLY": _("The connected user may not do this in Salesforce."),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": _(
        "The connected user may not see a record this lead refers to, such as its campaign."
    ),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": _("A trigger in Salesforce refused the lead."),
    "CANNOT_EXECUTE_FLOW_TRIGGER": _("A flow in Salesforce failed on the lead."),
    "INVALID_TYPE": _("The connected user cannot see an object that is needed."),
    "INVALID_FIELD": _(
        "A property in the mapping is gone from Salesforce, or hidden from the connected user."
    ),
    "INVALID_FIELD_FOR_INSERT_UPDATE": _(
        "The connected user may not set a property in the mapping."
    ),
    "INVALID_CROSS_REFERENCE_KEY": _(
        "A record this lead refers to is not in Salesforce, such as its campaign."
    ),
    "ENTITY_IS_DELETED": _(
        "A record this lead refers to was deleted in Salesforce, such as its campaign."
    ),
    "INVALID_ASSIGNMENT_RULE": _("The lead assignment rule is not valid."),
    "INACTIVE_OWNER_OR_USER": _("The assignment rule gives the lead to a user who is not active."),
    "NOT_FOUND": _("Salesforce does not have what was asked for."),
    "METHOD_NOT_ALLOWED": _("Salesforce does not allow this call."),
    "UNSUPPORTED_API_VERSION": _("Salesforce has retired the API version in use."),
    "GONE": _("Salesforce has retired the API version in use."),
    "ORG_LOCKED": _("The Salesforce org is locked."),
    "TRIAL_EXPIRED": _("The trial of the Salesforce org has ended."),
    "LOGIN_DURING_RESTRICTED_DOMAIN": _(
        "The connected user may not sign in from this server's address."
    ),
    "LOGIN_DURING_RESTRICTED_TIME": _("The connected user may not sign in at this hour."),
    "LICENSE_LIMIT_EXCEEDED": _("Salesforce says that a licence limit is reached."),
    "STORAGE_LIMIT_EXCEEDED": _("The Salesforce org has no storage left."),
    "EXCEEDED_QUOTA": _("A quota of the Salesforce org is used up."),
    "TXN_SECURITY_NO_ACCESS": _("A transaction security policy of Salesforce refused the lead."),
    "TXN_SECURITY_APEX_ERROR": _("A transaction security policy of Salesforce failed."),
    "TXN_SECURITY_RUNTIME_ERROR": _("A transaction security policy of Salesforce failed."),
    "PACKAGE_LICENSE_REQUIRED": _(
        "The connected user lacks a licence for a package that is involved."
    ),
    "LIMIT_EXCEEDED": _("The lead ran into a limit of Salesforce, often in a trigger."),
    "EXCEEDED_MAX_SIZE_REQUEST": _("The call was larger than Salesforce takes."),
    "REQUIRED_FIELD_MISSING": _("A property that Salesforce requires has no value."),
    "STRING_TOO_LONG": _("An answer is longer than its Salesforce property."),
    "INVALID_EMAIL_ADDRESS": _("Salesforce does not accept the e-mail address."),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": _(
        "A choice is not among those of the Salesforce picklist."
    ),
    "NUMBER_OUTSIDE_VALID_RANGE": _("A number is too large for its Salesforce property."),
    "INVALID_TYPE_ON_FIELD_IN_RECORD": _(
        "A value does not fit the type of its Salesforce property."
    ),
    "JSON_PARSER_ERROR": _("A value does not fit the type of its Salesforce property."),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": _("A validation rule of Salesforce refused the lead."),
    "FIELD_INTEGRITY_EXCEPTION": _(
        "A value does not go with another one, often state and country."
    ),
    "FIELD_FILTER_VALIDATION_EXCEPTION": _("A lookup filter of Salesforce refused a value."),
    "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET": _(
        "An answer has a character that Salesforce does not take."
    ),
    "TOO_MANY_ENUM_VALUE": _("More choices were ticked than Salesforce takes."),
    "MALFORMED_ID": _("A record id in the mapping is not one of Salesforce's."),
    "DUPLICATES_DETECTED": _("A duplicate rule of Salesforce blocked the lead."),
    "DUPLICATE_VALUE": _("A unique property already has this value on another record."),
    "DUPLICATE_EXTERNAL_ID": _("Several records have the same external id."),
    "CANNOT_UPDATE_CONVERTED_LEAD": _("The lead was already converted in Salesforce."),
    "PROCESSING_HALTED": _("Salesforce stopped before this lead without naming the cause."),
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": _("Salesforce took the lead back because of another one."),
}

#: The same where Salesforce named the properties.
NAMED = {
    "submission_id_field": _(
        "The submission id field %(fields)s is gone from Salesforce, hidden, or no longer unique."
    ),
    "payload_failed": _("The answers could not be turned into a lead: %(fields)s."),
    "INVALID_FIELD": _("%(fields)s is gone from Salesforce, or hidden from the connected user."),
    "INVALID_FIELD_FOR_INSERT_UPDATE": _("The connected user may not set %(fields)s."),
    "REQUIRED_FIELD_MISSING": _("Salesforce requires %(fields)s, and it has no value."),
    "STRING_TOO_LONG": _("The answer for %(fields)s is too long for Salesforce."),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": _(
        "The choice for %(fields)s is not among those of Salesforce."
    ),
    "NUMBER_OUTSIDE_VALID_RANGE": _("The number for %(fields)s is too large for Salesforce."),
    "INVALID_TYPE_ON_FIELD_IN_RECORD": _(
        "The value for %(fields)s does not fit its type in Salesforce."
    ),
    "FIELD_INTEGRITY_EXCEPTION": _(
        "The value for %(fields)s does not go with another one, often state and country."
    ),
    "DUPLICATE_VALUE": _("%(fields)s must be unique, and another record already has this value."),
}
