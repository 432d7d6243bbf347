"""The thread that waits for Salesforce, so that the database is not idle meanwhile.

One call is in the air at a time. Only this thread speaks to Salesforce while it is, and it never
touches the database.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from wagtail_salesforce_leads.delivery.calls.call import Call, Outcomes
from wagtail_salesforce_leads.salesforce.client import Answer, SalesforceClient


class Wire:
    """Use as a context manager; leaving it does not wait for a call that nobody wants any more."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="salesforce")

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def send(self, call: Call, client: SalesforceClient) -> Future[tuple[Outcomes, Answer | None]]:
        return self._thread.submit(_ask, call, client)


def _ask(call: Call, client: SalesforceClient) -> tuple[Outcomes, Answer | None]:
    outcomes = call.run(client)
    return outcomes, client.last_answer
