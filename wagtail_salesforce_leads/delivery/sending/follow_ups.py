"""What is asked next, under the same claim, because of what was answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wagtail_salesforce_leads.delivery.calls.call import Call
from wagtail_salesforce_leads.delivery.calls.leads import (
    Members,
    SetStatus,
    calls_for,
    member_calls,
)
from wagtail_salesforce_leads.delivery.calls.lookups import Adopt, Fates
from wagtail_salesforce_leads.delivery.outcomes.recording import Reading
from wagtail_salesforce_leads.delivery.retry import Act
from wagtail_salesforce_leads.models import Delivery

#: How many of a batch are asked again alone for what a duplicate rule matched; each is a call.
MOST_ALONE = 20


def follow_ups(call: Call, readings: Iterable[Reading]) -> list[Call]:
    by_act: dict[Act, list] = {}
    for reading in readings:
        by_act.setdefault(reading.decision.act, []).append(reading.delivery)
    calls: list[Call] = []
    for act, kind in ((Act.MEMBER, Members), (Act.SET_STATUS, SetStatus)):
        calls += member_calls(kind, call.org, call.token, by_act.get(act, ()))
    if Act.ASK_FATE in by_act:
        calls.append(Fates(call.org, call.token, tuple(by_act[Act.ASK_FATE])))
    if Act.ADOPT in by_act:
        name = call.org.submission_id_field
        calls.append(Adopt(call.org, call.token, tuple(by_act[Act.ADOPT]), field_name=name))
    for delivery in by_act.get(Act.ASK_ALONE, ()):
        calls += calls_for(call.org, call.token, [delivery], alone=True)
    if Act.SPLIT in by_act:
        calls += halves(call.only(by_act[Act.SPLIT]))
    calls += _sent_again(call, by_act.get(Act.SEND, []))
    return calls


def _sent_again(call: Call, deliveries: list[Delivery]) -> list[Call]:
    together = [one for one in deliveries if not one.alone]
    calls = calls_for(call.org, call.token, together) if together else []
    for one in deliveries:
        if one.alone:
            calls += calls_for(call.org, call.token, [one], alone=True)
    return calls


def not_too_many_alone(readings: list[Reading]) -> list[Reading]:
    """Beyond the first few, a blocked lead goes to a person without what it matched."""
    alone = [one for one in readings if one.decision.act is Act.ASK_ALONE][MOST_ALONE:]
    return [
        replace(one, decision=replace(one.decision, act=Act.FAIL)) if one in alone else one
        for one in readings
    ]


def halves(call: Call) -> list[Call]:
    """The same in two calls, and so on down to one: what is wrong with one record shows there."""
    middle = (len(call.deliveries) + 1) // 2
    parts = call.deliveries[:middle], call.deliveries[middle:]
    if call.makes_leads:
        return [one for part in parts if part for one in calls_for(call.org, call.token, part)]
    return [call.only(part) for part in parts if part]
