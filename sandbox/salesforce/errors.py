"""Salesforce's refusals: an HTTP status and the body that goes with it."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Salesforce refuses a call or a record. `errors` is the body's list of error objects."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        fields: list[str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        error: dict[str, Any] = {**(extra or {}), "message": message, "errorCode": code}
        if fields is not None:
            error["fields"] = fields
        self.status = status
        self.errors = [error]

    @property
    def code(self) -> str:
        return self.errors[0]["errorCode"]

    @classmethod
    def of_several(cls, refusals: list[Refusal]) -> Refusal:
        """One refusal that carries the errors of all."""
        together = refusals[0]
        for other in refusals[1:]:
            together.errors.extend(other.errors)
        return together


class OAuthRefusal(Exception):
    """The token endpoint's refusal: an object, not a list (contract 1.9)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, "error_description": description}


def not_found(message: str = "The requested resource does not exist") -> Refusal:
    return Refusal("NOT_FOUND", message, status=404)


def session_expired() -> Refusal:
    return Refusal("INVALID_SESSION_ID", "Session expired or invalid", status=401)


def no_such_column(field: str, object_name: str) -> Refusal:
    return Refusal("INVALID_FIELD", f"No such column '{field}' on sobject of type {object_name}")


def unknown_object(name: str) -> Refusal:
    return Refusal(
        "INVALID_TYPE",
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, "
        "be sure to append the '__c' after the entity name. Please reference your WSDL or the "
        "describe call for the appropriate names.",
    )


def daily_limit() -> Refusal:
    return Refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403)


def concurrent_limit() -> Refusal:
    return Refusal(
        "REQUEST_LIMIT_EXCEEDED",
        "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        status=403,
    )


def row_lock(record_id: str = "0035g00000LCKEDAAA") -> Refusal:
    return Refusal(
        "UNABLE_TO_LOCK_ROW",
        f"unable to obtain exclusive access to this record or 1 records: {record_id}",
        fields=[],
    )


def server_error() -> Refusal:
    return Refusal(
        "UNKNOWN_EXCEPTION",
        "An unexpected error occurred. Please include this ErrorId if you contact support: "
        "1234567890-12345 (-1234567890)",
        status=500,
    )
