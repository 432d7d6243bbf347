"""The site's submissions against what the simulator holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from sandbox.salesforce.launch import Simulator
from wagtail_salesforce_leads.models import Delivery, LeadSubmission

State = Delivery.State
#: A person is asked, or will be: it is visible and nothing is sent by itself.
WITH_A_PERSON = (State.FAILED, State.UNKNOWN, State.HELD)


@dataclass
class Verdict:
    submitted: int
    #: Answered submissions that are neither in Salesforce nor visibly with somebody.
    lost: int
    #: Submissions with more than one Lead.
    doubled: int
    #: Delivered ones whose member is missing or has another status.
    wrong_status: int
    #: Left to a person: failed, or unanswered without proof.
    person: int
    #: Not delivered and not with a person when the time was up.
    waiting: int
    calls_per_lead: float
    p50: float
    p95: float
    p99: float

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.wrong_status or self.waiting)

    def __str__(self) -> str:
        return " ".join(
            f"{name}={value:.3g}" if isinstance(value, float) else f"{name}={value}"
            for name, value in asdict(self).items()
            if name != "submitted"
        )


def compare(salesforce: Simulator, submitted: list[str], orgs: int, wanted_status: str) -> Verdict:
    """``submitted``: the e-mail address of each submission that a visitor got an answer for."""
    leads = [lead for org in range(1, orgs + 1) for lead in salesforce.leads(org)]
    members = [member for org in range(1, orgs + 1) for member in salesforce.members(org)]
    status_of = {member["LeadId"]: member["Status"] for member in members}
    count = Counter(lead["Email"] for lead in leads)
    lead_of = {lead["Email"]: lead["Id"] for lead in leads}
    stored = {
        answers["mail"]: (state, lead_id)
        for answers, state, lead_id in LeadSubmission.objects.values_list(
            "answers", "deliveries__state", "deliveries__lead_id"
        ).iterator()
    }
    done = [mail for mail in submitted if stored.get(mail, ("",))[0] == State.DONE]
    with_a_person = [mail for mail in submitted if stored.get(mail, ("",))[0] in WITH_A_PERSON]
    lost = [mail for mail in submitted if mail not in stored]
    lost += [mail for mail in done if stored[mail][1] != lead_of.get(mail)]
    times = sorted(_seconds())
    calls = sum(salesforce.calls(org)[-1]["number"] for org in range(1, orgs + 1))
    return Verdict(
        submitted=len(submitted),
        lost=len(lost),
        doubled=sum(number > 1 for number in count.values()),
        wrong_status=sum(status_of.get(lead_of.get(mail)) != wanted_status for mail in done),
        person=len(with_a_person),
        waiting=len(submitted) - len(done) - len(with_a_person) - len(lost),
        calls_per_lead=calls / max(len(leads), 1),
        p50=_percentile(times, 0.5),
        p95=_percentile(times, 0.95),
        p99=_percentile(times, 0.99),
    )


def _seconds():
    done = Delivery.objects.filter(state=State.DONE).values_list("created_at", "settled_at")
    return ((settled - created).total_seconds() for created, settled in done.iterator())


def _percentile(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0
