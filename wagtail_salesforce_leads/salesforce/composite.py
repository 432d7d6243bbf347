"""The calls that create Leads and campaign members: how they are built, and how they are read.

Few Leads go in one /composite, with member and read-back; many go in one collections call, their
members in one /composite after it. Duplicate and assignment headers have a documented place in
both, which the graph resource lacks (REST API Developer Guide v67). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from simple_salesforce.format import format_soql

from .catalogue import may_have_run
from .ids import id18, is_record_id
from .payloads import LeadPayload, MemberPayload, Outcome, looks_like_reference
from .refusals import Refusal, parse_refusals

Json = dict[str, Any]

MAX_SUBREQUESTS = 25
MAX_RECORDS = 200
#: Salesforce takes 50 MB; a call this size still ends in time.
MAX_BYTES = 5_000_000
#: A Lead, its member, and the member's status read back.
LEADS_WITH_CAMPAIGN = MAX_SUBREQUESTS // 3


@dataclass(frozen=True)
class Creation:
    """What one entry of an answer says about the record it should have made."""

    record_id: str = ""
    refusals: tuple[Refusal, ...] = ()
    may_exist: bool = True


def fits_composite(payloads: Sequence[LeadPayload], members: Sequence[MemberPayload] = ()) -> bool:
    """Whether :func:`build_composite` may be used for them."""
    subrequests = sum(3 if payload.campaign_id else 1 for payload in payloads)
    subrequests += len(members) + bool(members)
    texts = [(p.body, p.campaign_id, p.member_status) for p in payloads]
    return subrequests <= MAX_SUBREQUESTS and not looks_like_reference(
        texts, [member.body for member in members]
    )


def build_composite(
    payloads: Sequence[LeadPayload], members: Sequence[MemberPayload], version: str
) -> Json:
    """One /composite: each Lead with its member and its status, then members of known Leads."""
    base = f"/services/data/v{version}"
    subrequests = [step for payload in payloads for step in _lead_steps(payload, base)]
    subrequests += [_create_member(member, base) for member in members]
    if members:
        subrequests.append(_members_query(members, base))
    return _composite(subrequests)


def parse_composite(
    answer: Json, payloads: Sequence[LeadPayload], members: Sequence[MemberPayload] = ()
) -> dict[str, Outcome]:
    """An outcome for every payload and member, by reference, also where the answer is short."""
    entries = _entries(answer)
    rows = _member_rows(entries)
    outcomes = {payload.reference: _lead_outcome(payload, entries) for payload in payloads}
    for member in members:
        creation = _creation(entries.get(f"{member.reference}_member"))
        outcomes[member.reference] = _member_outcome(member, creation, rows)
    return outcomes


def split_batches(payloads: Iterable[LeadPayload]) -> list[list[LeadPayload]]:
    """Batches for :func:`build_lead_collection`: agreeing on headers, within count and size."""
    batches: list[list[LeadPayload]] = []
    open_batches: dict[tuple[bool, bool], tuple[list[LeadPayload], int]] = {}
    for payload in payloads:
        key = (payload.auto_assign, payload.allow_save)
        batch, size = open_batches.get(key, ([], 0))
        if not batch or len(batch) == MAX_RECORDS or size + payload.size > MAX_BYTES:
            batch, size = [], 0
            batches.append(batch)
        batch.append(payload)
        open_batches[key] = (batch, size + payload.size)
    return batches


def build_lead_collection(payloads: Sequence[LeadPayload]) -> tuple[Json, dict[str, str]]:
    """Body and headers of ``POST composite/sobjects`` for one of :func:`split_batches`' batches."""
    headers = payloads[0].headers
    if any(payload.headers != headers for payload in payloads):
        raise ValueError("Leads of one collections call must agree on their headers.")
    return _collection("Lead", [payload.body for payload in payloads]), headers


def parse_lead_collection(answer: list[Any], payloads: Sequence[LeadPayload]) -> dict[str, Outcome]:
    """By reference. Results come in the order of the records; a wrong count proves nothing."""
    creations = _collection_creations(answer, len(payloads))
    return {
        payload.reference: _with_lead(payload, creation)
        for payload, creation in zip(payloads, creations, strict=True)
    }


def build_member_composite(members: Sequence[MemberPayload], version: str) -> Json:
    """One /composite: a collection of up to 200 members, and one query that reads them back.

    All of Leads or all of Contacts; with ``member_id`` on all, their status is set instead.
    """
    base = f"/services/data/v{version}"
    create = {
        "method": "PATCH" if members[0].member_id else "POST",
        "url": f"{base}/composite/sobjects",
        "referenceId": "created",
        "body": build_member_collection(members),
    }
    return _composite([create, _members_query(members, base)])


def build_member_collection(members: Sequence[MemberPayload]) -> Json:
    """For a status that looks like a reference: sent alone, read back with :func:`members_soql`."""
    return _collection("CampaignMember", [member.body for member in members])


def parse_member_composite(answer: Json, members: Sequence[MemberPayload]) -> dict[str, Outcome]:
    entries = _entries(answer)
    created = entries.get("created", {})
    rows = _member_rows(entries)
    if created.get("httpStatusCode") == 200:
        creations = _collection_creations(created.get("body"), len(members))
    else:
        creations = [_creation(created)] * len(members)
    return {
        member.reference: _member_outcome(member, creation, rows)
        for member, creation in zip(members, creations, strict=True)
    }


def members_soql(members: Sequence[MemberPayload]) -> str:
    """What campaign members there are for these people in these campaigns, with their status."""
    person = members[0].person[0]
    return format_soql(
        f"SELECT Id, {person}, CampaignId, Status FROM CampaignMember"
        f" WHERE {person} IN {{}} AND CampaignId IN {{}}",
        sorted({id18(member.person[1]) for member in members}),
        sorted({id18(member.campaign_id) for member in members}),
    )


def _lead_steps(payload: LeadPayload, base: str) -> list[Json]:
    reference = payload.reference
    create_lead = {
        "method": "POST",
        "url": f"{base}/sobjects/Lead",
        "referenceId": f"{reference}_lead",
        "httpHeaders": payload.headers,
        "body": payload.body,
    }
    if not payload.campaign_id:
        return [create_lead]
    read_status = {
        "method": "GET",
        "url": f"{base}/sobjects/CampaignMember/@{{{reference}_member.id}}?fields=Status",
        "referenceId": f"{reference}_status",
    }
    member = MemberPayload(
        reference, f"@{{{reference}_lead.id}}", payload.campaign_id, payload.member_status
    )
    return [create_lead, _create_member(member, base), read_status]


def _create_member(member: MemberPayload, base: str) -> Json:
    return {
        "method": "POST",
        "url": f"{base}/sobjects/CampaignMember",
        "referenceId": f"{member.reference}_member",
        "body": member.body,
    }


def _members_query(members: Sequence[MemberPayload], base: str) -> Json:
    query = urlencode({"q": members_soql(members)})
    return {"method": "GET", "url": f"{base}/query?{query}", "referenceId": "members"}


def _composite(subrequests: list[Json]) -> Json:
    # Not collated: the read-back has to run after what it reads.
    return {"allOrNone": False, "collateSubrequests": False, "compositeRequest": subrequests}


def _collection(sobject: str, bodies: list[Json]) -> Json:
    if len(bodies) > MAX_RECORDS:
        raise ValueError(f"A collections call takes {MAX_RECORDS} records.")
    records = [{"attributes": {"type": sobject}, **body} for body in bodies]
    return {"allOrNone": False, "records": records}


def _entries(answer: Json) -> dict[str, Json]:
    return {
        entry["referenceId"]: entry
        for entry in answer.get("compositeResponse", ())
        if isinstance(entry, dict) and "referenceId" in entry
    }


def _creation(entry: Json | None) -> Creation:
    if not entry:
        return Creation()
    status, body = entry.get("httpStatusCode"), entry.get("body")
    if status in (200, 201) and isinstance(body, dict) and is_record_id(body.get("id")):
        return Creation(id18(body["id"]), may_exist=False)
    return _refused(parse_refusals(body, status))


def _collection_creations(results: Any, count: int) -> list[Creation]:
    if not isinstance(results, list) or len(results) != count:
        return [Creation()] * count
    return [_collection_creation(result) for result in results]


def _collection_creation(result: Any) -> Creation:
    if not isinstance(result, dict):
        return Creation()
    if result.get("success") and is_record_id(result.get("id")):
        return Creation(id18(result["id"]), may_exist=False)
    # An item has no status of its own; alone its record would have been answered with 400.
    return _refused(parse_refusals(result.get("errors"), 400))


def _refused(refusals: tuple[Refusal, ...]) -> Creation:
    """Only a refusal that speaks of this record proves that it was not made."""
    proved = any(not may_have_run(refusal.code, own_entry=True) for refusal in refusals)
    return Creation(refusals=refusals, may_exist=not proved)


def _with_lead(payload: LeadPayload, lead: Creation) -> Outcome:
    already_there = any(
        refusal.code == "DUPLICATE_VALUE" and refusal.names(payload.submission_id_field)
        for refusal in lead.refusals
    )
    return Outcome(
        lead_id=lead.record_id,
        already_there=already_there,
        lead_refusals=lead.refusals,
        lead_may_exist=lead.may_exist,
    )


def _lead_outcome(payload: LeadPayload, entries: Mapping[str, Json]) -> Outcome:
    outcome = _with_lead(payload, _creation(entries.get(f"{payload.reference}_lead")))
    if not payload.campaign_id:
        return outcome
    member = _creation(entries.get(f"{payload.reference}_member"))
    if not outcome.lead_id:  # what is said of the member is then only the Lead's shadow
        return replace(outcome, member_may_exist=outcome.lead_may_exist)
    status = entries.get(f"{payload.reference}_status", {}).get("body")
    return replace(
        outcome,
        member_id=member.record_id,
        member_status=(status.get("Status") or "") if isinstance(status, dict) else "",
        member_refusals=member.refusals,
        member_may_exist=member.may_exist,
    )


def _member_rows(entries: Mapping[str, Json]) -> dict[tuple[str, str], Json]:
    body = entries.get("members", {}).get("body")
    rows = body.get("records", ()) if isinstance(body, dict) else ()
    return {
        (id18(row[person]), id18(row["CampaignId"])): row
        for row in rows
        for person in ("LeadId", "ContactId")
        if row.get(person)
    }


def _member_outcome(
    member: MemberPayload, creation: Creation, rows: Mapping[tuple[str, str], Json]
) -> Outcome:
    outcome = Outcome(
        member.lead_id,
        member_id=creation.record_id,
        member_refusals=creation.refusals,
        member_may_exist=creation.may_exist,
    )
    row = rows.get((id18(member.person[1]), id18(member.campaign_id)))
    if row is None:
        return outcome
    return replace(outcome, member_id=id18(row["Id"]), member_status=row.get("Status") or "")
