"""What faults may be aimed at, in words."""

from __future__ import annotations

from dataclasses import dataclass

from ..faults import Fault


@dataclass(frozen=True)
class Target:
    """Calls by regular expressions of their path and method, or single records of an object."""

    words: str
    path: str = ""
    method: str = ""
    object: str = ""


TARGETS = (
    Target("every call"),
    Target("calls that write leads", r"/sobjects/Lead|/composite", "POST|PATCH"),
    Target("calls that write many leads at once", r"/composite/(sobjects|graph|batch|tree)"),
    Target("queries", r"/query"),
    Target("describe", r"/describe"),
    Target("the token endpoint", r"/oauth2/token"),
    Target("single leads (refusals only)", object="Lead"),
    Target("single campaign members (refusals only)", object="CampaignMember"),
)


def aim(fault: Fault) -> str:
    for target in TARGETS:
        if (target.path, target.method, target.object) == (fault.path, fault.method, fault.object):
            return target.words.removesuffix(" (refusals only)")
    return " ".join(filter(None, (fault.method, fault.path, fault.object)))


def is_armed(fault: Fault) -> bool:
    """Whether it can still strike."""
    return not fault.times or fault.struck < fault.times
