"""Calls to one org over simple-salesforce: typed answers, typed errors, one deadline a call."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError
from urllib3.exceptions import HTTPError

from wagtail_salesforce_leads.conf import settings

from .errors import (
    AnswerLost,
    CallRefused,
    ErrorClass,
    NotSent,
    call_problem,
    without_frames,
)
from .hosts import instance_origin, query_path
from .lookups import VIEW_ALL_SOQL
from .transport import kept_session, over_https, time_limit, unanswered

Json = dict[str, Any]

API_USAGE = re.compile(r"api-usage=(\d+)/(\d+)", re.ASCII)


@dataclass(frozen=True)
class ApiUsage:
    """The org's API calls of the last 24 hours, those of all its clients together."""

    used: int
    limit: int

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)


@dataclass(frozen=True)
class Answer:
    """What an answer says beside its body. ``server_time`` is Salesforce's clock, in UTC."""

    http_status: int
    usage: ApiUsage | None = None
    server_time: datetime | None = None
    last_modified: str = ""


@dataclass(frozen=True)
class Organization:
    """The org itself, for its card."""

    name: str
    is_sandbox: bool
    edition: str = ""
    instance: str = ""


class Budget:
    """Seconds from now that several calls share; when they are used up, no more is sent."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        return self._ends - time.monotonic()


class SalesforceClient:
    """One org with one access token; one client a task, since it remembers its last answer.

    Every method raises a :class:`~.errors.SalesforceProblem`: NotSent, AnswerLost, or CallRefused
    with its kinds SessionExpired, DailyLimit and ConcurrentLimit. ``deadline`` is seconds for a
    whole call, connecting included; ``budget`` is shared with the other calls of a request.
    """

    last_answer: Answer | None = None
    #: Calls that went out, answered or not.
    calls_made: int = 0

    def __init__(
        self,
        instance_url: str,
        access_token: str,
        *,
        version: str | None = None,
        deadline: float | None = None,
        budget: Budget | None = None,
        extra_hosts: Collection[str] | None = None,
    ) -> None:
        extra = tuple(settings.EXTRA_HOSTS if extra_hosts is None else extra_hosts)
        self.instance_url = instance_origin(instance_url, extra)
        self.access_token = access_token
        self.version = version or settings.API_VERSION
        self.deadline = deadline or settings.CALL_DEADLINE
        self.budget = budget
        self._salesforce = Salesforce(
            session_id=access_token,
            instance_url=over_https(self.instance_url),
            version=self.version,
            session=kept_session(self.instance_url, extra),
            object_pairs_hook=None,
        )
        del self._salesforce.headers["X-PrettyPrint"]

    def get(self, path: str, params: Json | None = None, headers: Json | None = None) -> Any:
        """``path`` is relative to ``/services/data/vNN.N/``."""
        return self._call(self._salesforce.restful, path, params=params, headers=headers or {})

    def post(
        self, path: str, body: Any, headers: Json | None = None, deadline: float | None = None
    ) -> Any:
        return self._write("POST", path, body, headers, deadline)

    def patch(
        self, path: str, body: Any, headers: Json | None = None, deadline: float | None = None
    ) -> Any:
        return self._write("PATCH", path, body, headers, deadline)

    def describe_lead(self, if_modified_since: str | None = None) -> tuple[Json | None, str]:
        """The describe of Lead and its ``Last-Modified``, to be given back the next time.

        None instead of the describe where nothing changed since then.
        """
        headers = {"If-Modified-Since": if_modified_since} if if_modified_since else None
        try:
            describe = self.get("sobjects/Lead/describe", headers=headers)
        except AnswerLost as problem:
            if problem.http_status == 304:
                return None, if_modified_since or ""
            raise
        if not isinstance(describe, dict):
            raise AnswerLost("not a describe", http_status=200)
        return describe, self.last_answer.last_modified

    def describe(self, sobject: str) -> Json:
        return self.get(f"sobjects/{sobject}/describe")

    def query(self, soql: str) -> list[Json]:
        """All rows, all pages."""
        return self._rows(soql, include_deleted=False)

    def query_all(self, soql: str) -> list[Json]:
        """The same with deleted and merged rows."""
        return self._rows(soql, include_deleted=True)

    def composite(self, body: Json, *, deadline: float | None = None) -> Json:
        """``{"compositeResponse": […]}``. It says nothing of success: each entry has to be read."""
        answer = self.post("composite", body, deadline=deadline)
        if not isinstance(answer, dict) or not isinstance(answer.get("compositeResponse"), list):
            raise AnswerLost("not a composite answer", http_status=200)
        return answer

    def collections_create(
        self, body: Json, headers: Json | None = None, *, deadline: float | None = None
    ) -> list[Json]:
        """One result a record, in the order they were sent."""
        answer = self.post("composite/sobjects", body, headers, deadline)
        if not isinstance(answer, list):
            raise AnswerLost("not a collections answer", http_status=200)
        return answer

    def sees_all_records(self) -> bool:
        """Whether no sharing rule hides a record from the user ("View All Data")."""
        try:
            rows = self.query(VIEW_ALL_SOQL)
        except CallRefused as refused:
            if refused.error_class is ErrorClass.CONFIGURATION:  # the org does not tell
                return False
            raise
        return any(row.get("PermissionsViewAllData") is True for row in rows)

    def limits(self) -> ApiUsage:
        """The org's API calls, asked for. Every other answer brings them too: ``last_answer``."""
        answer = self.get("limits")
        try:
            calls = answer["DailyApiRequests"]
            return ApiUsage(calls["Max"] - calls["Remaining"], calls["Max"])
        except (KeyError, TypeError):
            raise AnswerLost("no limits in the answer", http_status=200) from None

    def probe(self) -> None:
        """Returns when the org answers as itself; meant for after a lost answer, before a POST."""
        self.limits()

    def organization(self) -> Organization:
        rows = self.query(
            "SELECT Id, Name, OrganizationType, IsSandbox, InstanceName FROM Organization LIMIT 1"
        )
        row = rows[0] if rows else {}
        return Organization(
            name=row.get("Name") or "",
            is_sandbox=bool(row.get("IsSandbox")),
            edition=row.get("OrganizationType") or "",
            instance=row.get("InstanceName") or "",
        )

    def _write(
        self, method: str, path: str, body: Any, headers: Json | None, deadline: float | None
    ) -> Any:
        # UTF-8 as it is: as \u escapes Japanese text would take twice the room.
        data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        return self._call(
            self._salesforce.restful,
            path,
            method=method,
            data=data,
            headers=headers or {},
            deadline=deadline,
        )

    def _rows(self, soql: str, *, include_deleted: bool) -> list[Json]:
        rows, rest = self._page(self._salesforce.query, soql, include_deleted=include_deleted)
        while rest:
            more, rest = self._page(
                self._salesforce.query_more, query_path(rest), identifier_is_url=True
            )
            rows += more
        return rows

    def _page(self, *args: Any, **kwargs: Any) -> tuple[list[Json], str]:
        page = self._call(*args, **kwargs)
        try:
            return list(page["records"]), page.get("nextRecordsUrl") or ""
        except (KeyError, TypeError):
            raise AnswerLost("not a query's answer", http_status=200) from None

    def _call(
        self,
        function: Callable[..., Any],
        *args: Any,
        deadline: float | None = None,
        **kwargs: Any,
    ) -> Any:
        """Call simple-salesforce. Its errors hold URLs and bodies, so none is chained to ours."""
        limit = time_limit(self._seconds(deadline))
        self.last_answer = None
        self.calls_made += 1
        try:
            return function(*args, timeout=limit, hooks={"response": self._note}, **kwargs)
        except SalesforceError as error:
            problem = call_problem(error.status, error.content)
        except requests.RequestException as error:
            problem = unanswered(error)
            self.calls_made -= isinstance(problem, NotSent)
        except (HTTPError, OSError, TypeError, ValueError) as error:
            # Also what the library trips over when an answer is JSON but no list or object.
            problem = AnswerLost(type(error).__name__)
        except BaseException as ended:
            raise without_frames(ended) from None
        raise problem

    def _seconds(self, deadline: float | None) -> float:
        seconds = deadline or self.deadline
        if self.budget is not None:
            seconds = min(seconds, self.budget.left())
        if seconds <= 0:
            raise NotSent("The time for asking Salesforce is used up.")
        return seconds

    def _note(self, response: requests.Response, **_kwargs: Any) -> None:
        self.last_answer = Answer(
            response.status_code,
            _usage(response.headers.get("Sforce-Limit-Info", "")),
            _server_time(response.headers.get("Date", "")),
            response.headers.get("Last-Modified", ""),
        )


def _usage(limit_info: str) -> ApiUsage | None:
    match = API_USAGE.match(limit_info)
    return ApiUsage(int(match[1]), int(match[2])) if match else None


def _server_time(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
