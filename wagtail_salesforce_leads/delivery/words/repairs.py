"""What repairs it, by code. Sentences that several codes share stand once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

BY_ITSELF = _("It is tried again by itself.")
LOOKED_UP = _("It is looked up by itself before anything is sent again.")
SESSION = _(
    "It is repaired by itself; if it goes on, reconnect the account in Settings → Salesforce."
)
ASK_ADMINISTRATOR = _("Ask your Salesforce administrator to repair it, then resend.")
CHECK = _(
    "Choose Check in Settings → Salesforce: it names what is missing and where to set it. "
    "Then resend."
)
LOOK_FOR_IT = _(
    "Look for the lead in Salesforce. If it is not there, choose “Send as a new lead…”."
)
BY_HAND = _(
    "What a visitor typed is not changed here: enter this lead in Salesforce by hand, with the "
    "answer put right."
)
MAPPING = _("Correct the form's mapping and publish, then resend with today's mapping.")
NEWER_VERSION = _("Set a newer API_VERSION in the site's settings.")
LET_IN = _(
    "Ask your Salesforce administrator to let the connected user in from this server at all times."
)

REPAIRS = {
    "reconnect": _(
        "Reconnect the account in Settings → Salesforce; the leads then go out by themselves."
    ),
    "reserve": _(
        "It goes on by itself as the reserve recovers, or choose “Send anyway” in "
        "Settings → Salesforce."
    ),
    "misconfigured": _(
        "Choose Check in Settings → Salesforce: it names what is missing and where to set it."
    ),
    "copy": _(
        "In Settings → Salesforce, reconnect the account or confirm that this site may use it."
    ),
    "ceiling": _("Look through them, and send those that are honest."),
    "spam": _("Send it if it is honest; else delete it."),
    "org_of_another_site": _(
        "Choose an account of this site in the form and publish, then resend with today's mapping."
    ),
    "org_gone": _(
        "Choose another account in the form and publish, then resend with today's mapping."
    ),
    "submission_id_field": _(
        "Restore the field in Salesforce, or choose another one in Settings → "
        "Salesforce; then choose Check."
    ),
    "payload_failed": MAPPING,
    "lost_leases": _("Tell whoever runs the site to look at the worker's log, then resend."),
    "not_sent": BY_ITSELF,
    "answer_lost": LOOKED_UP,
    "no_code": _("Resend it; if that does not help, ask your Salesforce administrator."),
    "concurrent_limit": BY_ITSELF,
    "batch_refused": _("It is looked up, then sent by itself."),
    "no_proof": LOOK_FOR_IT,
    "several_matches": _(
        "Look at them in Salesforce. If none is it, choose “Send as a new lead…”."
    ),
    "partial_match": _(
        "Look at it in Salesforce. If it is another one, choose “Send as a new lead…”."
    ),
    "lead_taken": _("Compare the two submissions with the lead in Salesforce."),
    "doubled": _("Merge the two leads in Salesforce; the history names both."),
    "lead_deleted": _("If it is still wanted, choose “Send as a new lead…”."),
    "status_differs": _(
        "The status is not among the campaign's, or Salesforce changed it. Compare the "
        "campaign's statuses with the form's."
    ),
    "session_refused": _("It is tried again by itself; if it goes on, reconnect the account."),
    "internal": _("Tell whoever runs the site to look at the worker's log, then resend."),
    "UNABLE_TO_LOCK_ROW": BY_ITSELF,
    "SERVER_UNAVAILABLE": BY_ITSELF,
    "QUERY_TIMEOUT": BY_ITSELF,
    "REQUEST_RUNNING_TOO_LONG": BY_ITSELF,
    "API_CURRENTLY_DISABLED": BY_ITSELF,
    "FUNCTIONALITY_NOT_ENABLED": BY_ITSELF,
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": BY_ITSELF,
    "TOO_MANY_APEX_REQUESTS": BY_ITSELF,
    "TXN_SECURITY_METERING_ERROR": BY_ITSELF,
    "INTERNAL_ERROR": BY_ITSELF,
    "UNKNOWN_EXCEPTION": _(
        "It is tried a few times; then ask your Salesforce administrator and resend."
    ),
    "REQUEST_LIMIT_EXCEEDED": BY_ITSELF,
    "INVALID_SESSION_ID": SESSION,
    "INVALID_AUTH_HEADER": SESSION,
    "API_DISABLED_FOR_ORG": _(
        "Ask your Salesforce administrator for “API Enabled”, then choose Check in "
        "Settings → Salesforce."
    ),
    "INSUFFICIENT_ACCESS": CHECK,
    "INSUFFICIENT_ACCESS_OR_READONLY": CHECK,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": CHECK,
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": ASK_ADMINISTRATOR,
    "CANNOT_EXECUTE_FLOW_TRIGGER": ASK_ADMINISTRATOR,
    "INVALID_TYPE": CHECK,
    "INVALID_FIELD": MAPPING,
    "INVALID_FIELD_FOR_INSERT_UPDATE": _(
        "Give the connected user access to it in Salesforce, or take it out of the "
        "mapping; then resend."
    ),
    "INVALID_CROSS_REFERENCE_KEY": _(
        "Choose the campaign again in the form and publish, then resend with today's mapping."
    ),
    "ENTITY_IS_DELETED": _(
        "Choose another campaign in the form and publish, then resend with today's mapping."
    ),
    "INVALID_ASSIGNMENT_RULE": ASK_ADMINISTRATOR,
    "INACTIVE_OWNER_OR_USER": ASK_ADMINISTRATOR,
    "NOT_FOUND": CHECK,
    "METHOD_NOT_ALLOWED": CHECK,
    "UNSUPPORTED_API_VERSION": NEWER_VERSION,
    "GONE": NEWER_VERSION,
    "ORG_LOCKED": ASK_ADMINISTRATOR,
    "TRIAL_EXPIRED": ASK_ADMINISTRATOR,
    "LOGIN_DURING_RESTRICTED_DOMAIN": LET_IN,
    "LOGIN_DURING_RESTRICTED_TIME": LET_IN,
    "LICENSE_LIMIT_EXCEEDED": ASK_ADMINISTRATOR,
    "STORAGE_LIMIT_EXCEEDED": _(
        "Ask your Salesforce administrator to free storage; the leads then go out by themselves."
    ),
    "EXCEEDED_QUOTA": ASK_ADMINISTRATOR,
    "TXN_SECURITY_NO_ACCESS": ASK_ADMINISTRATOR,
    "TXN_SECURITY_APEX_ERROR": ASK_ADMINISTRATOR,
    "TXN_SECURITY_RUNTIME_ERROR": ASK_ADMINISTRATOR,
    "PACKAGE_LICENSE_REQUIRED": ASK_ADMINISTRATOR,
    "LIMIT_EXCEEDED": ASK_ADMINISTRATOR,
    "EXCEEDED_MAX_SIZE_REQUEST": _("Shorten the answers' limits in the form."),
    "REQUIRED_FIELD_MISSING": _(
        "Map a required field or a constant to it and publish, then resend with today's mapping."
    ),
    "STRING_TOO_LONG": _(
        "Limit the length of the form field and publish; map the answer to a longer "
        "property, then resend with today's mapping."
    ),
    "INVALID_EMAIL_ADDRESS": BY_HAND,
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": _(
        "Make the form's choices the same as Salesforce's and publish, then resend with "
        "today's mapping."
    ),
    "NUMBER_OUTSIDE_VALID_RANGE": _(
        "Limit the number in the form and publish; map it to a larger property, then "
        "resend with today's mapping."
    ),
    "INVALID_TYPE_ON_FIELD_IN_RECORD": MAPPING,
    "JSON_PARSER_ERROR": _(
        "Refresh the fields in Settings → Salesforce, look at the mapping, publish, "
        "then resend with today's mapping."
    ),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": _(
        "The history shows the rule's own message. Change the form or ask your "
        "Salesforce administrator, then resend."
    ),
    "FIELD_INTEGRITY_EXCEPTION": MAPPING,
    "FIELD_FILTER_VALIDATION_EXCEPTION": ASK_ADMINISTRATOR,
    "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET": BY_HAND,
    "TOO_MANY_ENUM_VALUE": MAPPING,
    "MALFORMED_ID": MAPPING,
    "DUPLICATES_DETECTED": _(
        "The history links to the records it resembles. Set the rule to “Allow” for the "
        "connected user, then resend."
    ),
    "DUPLICATE_VALUE": _(
        "Take the unique property out of the mapping, or accept that the record exists."
    ),
    "DUPLICATE_EXTERNAL_ID": ASK_ADMINISTRATOR,
    "CANNOT_UPDATE_CONVERTED_LEAD": ASK_ADMINISTRATOR,
    "PROCESSING_HALTED": LOOKED_UP,
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": BY_ITSELF,
    "unknown_code": _(
        "Look the code up in Salesforce's documentation or ask your Salesforce "
        "administrator, then resend."
    ),
}

RESEND = _(
    "It was tried many times. Resend it; if that does not help, ask your Salesforce administrator."
)
_ONCE_GIVEN_UP = ((BY_ITSELF, RESEND), (SESSION, RESEND), (LOOKED_UP, LOOK_FOR_IT))
#: The same of failed deliveries, which nothing repairs by itself any more.
REPAIRS_OF_FAILED = {
    **REPAIRS,
    **{
        code: by_a_person
        for code, repair in REPAIRS.items()
        for by_itself, by_a_person in _ONCE_GIVEN_UP
        if repair is by_itself
    },
    "session_refused": RESEND,
}
