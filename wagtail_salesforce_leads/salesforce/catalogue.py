"""What Salesforce's error codes mean for what we do next.

Codes and their descriptions: SOAP API Developer Guide v67, "Core Data Types Used in API Calls".
"""

from __future__ import annotations

from enum import Enum


class ErrorClass(str, Enum):
    """What to do about a refusal."""

    #: Try the same again after a while.
    TRANSIENT = "transient"
    #: The org's calls of the last 24 hours are used up: nothing goes out for a while.
    LIMIT_DAILY = "limit_daily"
    #: Too many long calls at once: wait seconds, not hours.
    LIMIT_CONCURRENT = "limit_concurrent"
    #: Refresh the session once, else reconnect the org.
    AUTH = "auth"
    #: An administrator of the org or of the form has to repair something.
    CONFIGURATION = "configuration"
    #: This submission only: correct the value or the mapping and resend.
    DATA = "data"
    #: A duplicate rule that blocks: this submission only, the matches say more.
    DUPLICATE = "duplicate"
    #: What was asked for exists already.
    ALREADY_THERE = "already_there"
    #: Only the shadow of another record's refusal: never a verdict of its own.
    CONSEQUENCE = "consequence"


CATALOGUE: dict[ErrorClass, frozenset[str]] = {
    ErrorClass.TRANSIENT: frozenset(
        {
            "API_CURRENTLY_DISABLED",  # "Because of a system problem", unlike API_DISABLED_FOR_ORG
            "FUNCTIONALITY_NOT_ENABLED",
            "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
            "INTERNAL_ERROR",
            "QUERY_TIMEOUT",
            "REQUEST_RUNNING_TOO_LONG",
            "SERVER_UNAVAILABLE",
            "TOO_MANY_APEX_REQUESTS",
            "TXN_SECURITY_METERING_ERROR",
            "UNABLE_TO_LOCK_ROW",
            "UNKNOWN_EXCEPTION",  # may be a broken trigger: the caller caps the tries
        }
    ),
    ErrorClass.AUTH: frozenset({"INVALID_AUTH_HEADER", "INVALID_SESSION_ID"}),
    ErrorClass.CONFIGURATION: frozenset(
        {
            "API_DISABLED_FOR_ORG",  # also when the user lacks "API Enabled"
            "CANNOT_EXECUTE_FLOW_TRIGGER",
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",  # a trigger's own text
            "ENTITY_IS_DELETED",
            "EXCEEDED_MAX_SIZE_REQUEST",
            "EXCEEDED_QUOTA",
            "GONE",
            "INACTIVE_OWNER_OR_USER",
            "INSUFFICIENT_ACCESS",
            "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "INVALID_ASSIGNMENT_RULE",
            "INVALID_CROSS_REFERENCE_KEY",
            "INVALID_FIELD",
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "INVALID_TYPE",
            "LICENSE_LIMIT_EXCEEDED",
            "LIMIT_EXCEEDED",
            "LOGIN_DURING_RESTRICTED_DOMAIN",
            "LOGIN_DURING_RESTRICTED_TIME",
            "METHOD_NOT_ALLOWED",
            "NOT_FOUND",
            "ORG_LOCKED",
            "PACKAGE_LICENSE_REQUIRED",
            "STORAGE_LIMIT_EXCEEDED",
            "TRIAL_EXPIRED",
            "TXN_SECURITY_APEX_ERROR",
            "TXN_SECURITY_NO_ACCESS",
            "TXN_SECURITY_RUNTIME_ERROR",
            "UNSUPPORTED_API_VERSION",
        }
    ),
    ErrorClass.DATA: frozenset(
        {
            "DUPLICATE_EXTERNAL_ID",
            "DUPLICATE_VALUE",
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",  # a validation rule, with the admin's text
            "FIELD_FILTER_VALIDATION_EXCEPTION",
            "FIELD_INTEGRITY_EXCEPTION",
            "INVALID_EMAIL_ADDRESS",
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "JSON_PARSER_ERROR",  # a JSON type that does not fit the field
            "MALFORMED_ID",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "REQUIRED_FIELD_MISSING",
            "STRING_TOO_LONG",
            "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET",
            "TOO_MANY_ENUM_VALUE",
        }
    ),
    ErrorClass.DUPLICATE: frozenset({"DUPLICATES_DETECTED"}),
    ErrorClass.CONSEQUENCE: frozenset({"ALL_OR_NONE_OPERATION_ROLLED_BACK", "PROCESSING_HALTED"}),
}
_CLASS_OF = {code: kind for kind, codes in CATALOGUE.items() for code in codes}

#: Codes with which Salesforce rejects a request before processing it, so nothing was created.
REFUSED_AT_THE_DOOR = frozenset(
    {
        "API_CURRENTLY_DISABLED",
        "API_DISABLED_FOR_ORG",
        "EXCEEDED_MAX_SIZE_REQUEST",
        "INVALID_AUTH_HEADER",
        "INVALID_SESSION_ID",
        "JSON_PARSER_ERROR",
        "METHOD_NOT_ALLOWED",
        "NOT_FOUND",
        "REQUEST_LIMIT_EXCEEDED",
        "UNSUPPORTED_API_VERSION",
    }
)
#: The same for HTTP statuses whose body may say nothing.
STATUSES_AT_THE_DOOR = frozenset({401, 404, 405, 410, 413, 414, 415, 429, 431})


def classify(code: str, message: str = "", http_status: int | None = None) -> ErrorClass:
    """What a refusal means. The code decides; the status only where the code is not known.

    The message tells the two REQUEST_LIMIT_EXCEEDED apart, and the two DUPLICATE_VALUE.
    """
    if code == "REQUEST_LIMIT_EXCEEDED":
        concurrent = "ConcurrentRequests" in message
        return ErrorClass.LIMIT_CONCURRENT if concurrent else ErrorClass.LIMIT_DAILY
    if code == "DUPLICATE_VALUE" and message.startswith("Already a campaign member"):
        return ErrorClass.ALREADY_THERE
    return _CLASS_OF.get(code) or _class_of_status(http_status)


def _class_of_status(http_status: int | None) -> ErrorClass:
    if http_status == 401:
        return ErrorClass.AUTH
    if http_status == 429:
        return ErrorClass.LIMIT_CONCURRENT
    if http_status in (403, 404, 405, 410, 415):
        return ErrorClass.CONFIGURATION
    if http_status is not None and 400 <= http_status < 500:
        return ErrorClass.DATA
    return ErrorClass.TRANSIENT


def may_have_run(code: str, http_status: int | None = None, *, own_entry: bool = False) -> bool:
    """Whether a call that ended so can have created records.

    ``own_entry``: the code stands in the record's own entry of a composite or collections answer,
    so Salesforce speaks of this record; only the shadow of another refusal proves nothing.
    """
    if own_entry:
        return not code or classify(code) is ErrorClass.CONSEQUENCE
    return code not in REFUSED_AT_THE_DOOR and http_status not in STATUSES_AT_THE_DOOR
