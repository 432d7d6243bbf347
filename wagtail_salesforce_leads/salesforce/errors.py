"""What can go wrong when talking to Salesforce. Each class says what to do next.

No text of these errors holds a token, a value that was sent, or Salesforce's own words.
"""

from __future__ import annotations

from typing import Any

from wagtail_salesforce_leads.exceptions import SalesforceLeadsError

from .catalogue import ErrorClass, classify, may_have_run
from .refusals import DuplicateMatches, Refusal, parse_refusals

__all__ = [
    "AnswerLost",
    "BadSignature",
    "CallRefused",
    "ConcurrentLimit",
    "DailyLimit",
    "DuplicateMatches",
    "ErrorClass",
    "GrantCollision",
    "GrantDead",
    "NotSent",
    "OAuthOutage",
    "OAuthProblem",
    "OAuthRefused",
    "Refusal",
    "SalesforceProblem",
    "SessionExpired",
    "call_problem",
    "classify",
    "may_have_run",
    "parse_refusals",
    "without_frames",
]


class SalesforceProblem(SalesforceLeadsError):
    """The root of this folder."""

    #: Salesforce's error code, or "" where it gave none.
    code: str = ""
    http_status: int | None = None
    #: Whether the call can have changed something at Salesforce.
    may_have_run: bool = False


class NotSent(SalesforceProblem):
    """No connection was made, so nothing has happened: send the same later."""


class AnswerLost(SalesforceProblem):
    """The call went out, no answer to trust came back: it may have run. Look before resending."""

    may_have_run = True

    def __init__(self, reason: str, *, code: str = "", http_status: int | None = None) -> None:
        super().__init__(f"No trustworthy answer from Salesforce: {reason}.")
        self.code = code
        self.http_status = http_status


class CallRefused(SalesforceProblem):
    """Salesforce refused the call as a whole: read ``error_class`` for what to do."""

    def __init__(self, refusals: tuple[Refusal, ...], http_status: int | None) -> None:
        self.refusals = refusals
        self.http_status = http_status
        self.code = refusals[0].code if refusals else ""
        super().__init__(f"Salesforce refused the call: {self.code or 'no code'} ({http_status}).")

    @property
    def error_class(self) -> ErrorClass:
        return self.refusals[0].error_class if self.refusals else classify("", "", self.http_status)

    @property
    def may_have_run(self) -> bool:
        return may_have_run(self.code, self.http_status)


class SessionExpired(CallRefused):
    """The access token is no longer good: refresh it once, else the org needs reconnecting."""


class DailyLimit(CallRefused):
    """The org's API calls of the last 24 hours are used up: hold the org."""


class ConcurrentLimit(CallRefused):
    """Too many long calls run in the org at this moment: try again in a minute."""


class OAuthProblem(SalesforceProblem):
    """The root of what can go wrong with logins and tokens. ``detail`` is Salesforce's phrase."""

    def __init__(self, code: str, detail: str = "", *, http_status: int | None = None) -> None:
        self.code = code
        self.detail = detail
        self.http_status = http_status
        super().__init__(f"{code}: {detail}" if detail else code)


class OAuthRefused(OAuthProblem):
    """Something in the app's set-up has to be repaired, at Salesforce or here. Not a dead grant."""


class BadSignature(OAuthRefused):
    """A token answer is not signed with our secret: nothing in it is to be believed."""


class GrantDead(OAuthProblem):
    """The refresh token is no longer good: only reconnecting helps."""


class GrantCollision(OAuthProblem):
    """Another refresh of the same grant ran at the same time: read what it stored, or try again."""


class OAuthOutage(OAuthProblem):
    """Salesforce's login did not answer as itself: try later, the grant is not dead.

    ``may_have_run``: the request had gone out, so a rotated token may be lost with the answer.
    """

    def __init__(
        self, code: str, *, http_status: int | None = None, may_have_run: bool = True
    ) -> None:
        super().__init__(code, http_status=http_status)
        self.may_have_run = may_have_run


_BY_CLASS: dict[ErrorClass, type[CallRefused]] = {
    ErrorClass.AUTH: SessionExpired,
    ErrorClass.LIMIT_DAILY: DailyLimit,
    ErrorClass.LIMIT_CONCURRENT: ConcurrentLimit,
}


def without_frames(error: BaseException) -> BaseException:
    """What ended a call from outside, such as django-q2's time limit, as if it had begun here.

    Error reporters print the locals of each frame, and those of requests and urllib3 hold the
    tokens and answers that are on their way.
    """
    return error.with_traceback(None)


def call_problem(http_status: int, body: Any) -> CallRefused | AnswerLost:
    """The problem behind an answer that is no success. ``body`` is parsed JSON, or text."""
    refusals = parse_refusals(body, http_status)
    refused = CallRefused(refusals, http_status)
    if refused.may_have_run and not (refusals and 400 <= http_status < 500):
        return AnswerLost(f"HTTP {http_status}", code=refused.code, http_status=http_status)
    return _BY_CLASS.get(refused.error_class, CallRefused)(refusals, http_status)
