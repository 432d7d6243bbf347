"""What can be wrong with an answer on its way into a Lead."""

from __future__ import annotations

from typing import Any

from wagtail_salesforce_leads.exceptions import SalesforceLeadsError


class SubmittingError(SalesforceLeadsError):
    """The root of what happens between a visitor's answer and a Lead."""


class ValueProblem(SubmittingError):
    """An answer that its Lead property cannot hold: the answer, the form or the mapping is wrong.

    ``code`` is stable; ``message`` is for the person who can change the answer, lazily translated.
    Neither holds the answer.
    """

    def __init__(self, code: str, message: Any, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self._message = message
        self._params = params

    @property
    def message(self) -> str:
        return str(self._message) % self._params


class LeadProblems(SubmittingError):
    """A Lead that cannot be built: ``problems`` has a (property API name, ValueProblem) each."""

    def __init__(self, problems: list[tuple[str, ValueProblem]]) -> None:
        super().__init__(", ".join(f"{name}: {problem.code}" for name, problem in problems))
        self.problems = problems
