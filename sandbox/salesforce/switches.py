"""How one org behaves. Every switch can be changed while it runs."""

from __future__ import annotations

from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any


def switch(default: Any, help_text: str, group: str) -> Any:
    return field(default=default, metadata={"help": help_text, "group": group})


SPEED, SIGN_IN, RECORDS, AUTOMATION, API = (
    "Speed",
    "Sign-in",
    "Records",
    "Automation",
    "API",
)


@dataclass
class Switches:
    latency_ms: float = switch(0, "Nominal time of every call.", SPEED)
    per_record_ms: float = switch(0, "Nominal time added for every record written.", SPEED)
    clock_offset_seconds: float = switch(0, "How far Salesforce's clock is ahead.", SPEED)

    rotation: bool = switch(
        False, "Refresh token rotation: each refresh token works once, reuse revokes all.", SIGN_IN
    )
    access_token_seconds: float = switch(7200, "Life of an unused session.", SIGN_IN)
    refresh_ms: float = switch(
        30, "Time a refresh takes; a second refresh meanwhile collides.", SIGN_IN
    )
    max_grants: int = switch(
        5, "Grants a user may hold for one app; one more drops the oldest.", SIGN_IN
    )
    require_pkce: bool = switch(True, "Authorization needs PKCE with S256.", SIGN_IN)
    grant_id_scope: bool = switch(
        True, "The scope `id` is granted even if not asked for (unverified).", SIGN_IN
    )
    my_domain_only: bool = switch(
        False, "Logins on the general login host are refused (contract 1.1).", SIGN_IN
    )

    trim_text: bool = switch(True, "White space at both ends is cut (unverified).", RECORDS)
    clean_rich_text: bool = switch(True, "Unsupported tags are dropped (unverified).", RECORDS)
    refuse_control_characters: bool = switch(
        True, "NUL and other control characters are refused (unverified).", RECORDS
    )
    textarea_counts: str = switch(
        "characters", "What a text area's length counts: characters, html or bytes.", RECORDS
    )
    state_country_picklists: bool = switch(
        False, "State and Country take only values that belong together.", RECORDS
    )
    duplicate_key: str = switch(
        "by version",
        "duplicateResult or duplicateResut; by version: the latter before v52.",
        RECORDS,
    )
    hide_duplicates: bool = switch(
        True, "Matches the user may not see are left out of the answer (unverified).", RECORDS
    )

    private_sharing: bool = switch(
        False, "A user without View All sees only leads that he owns.", AUTOMATION
    )
    flow_adds_member_to: str = switch(
        "", "Campaign id: a flow puts every new lead into it before the caller can.", AUTOMATION
    )
    flow_member_status: str = switch("", "Status the flow gives that member.", AUTOMATION)
    trigger_fails_above: int = switch(
        0, "A trigger on Lead fails in calls with more records than this; 0 is off.", AUTOMATION
    )
    trigger_text: str = switch(
        "LeadTrigger: execution of BeforeInsert caused by: System.LimitException: "
        "Too many SOQL queries: 101",
        "What the failing trigger says.",
        AUTOMATION,
    )

    daily_limit: int = switch(115_000, "API calls in 24 hours.", API)
    soft_daily_limit: bool = switch(False, "The org may run over its daily limit.", API)
    per_app_usage: bool = switch(False, "Sforce-Limit-Info names the app's own use too.", API)
    concurrent_limit: int = switch(25, "Calls that may run for long at the same time.", API)
    long_call_seconds: float = switch(20, "From when on a running call counts as long.", API)
    oldest_version: int = switch(31, "Versions below are retired: 410.", API)
    newest_version: int = switch(67, "Versions above do not exist: 404.", API)
    short_pages: bool = switch(False, "Query pages hold fewer records than asked for.", API)
    bad_column_refuses_call: bool = switch(
        True, "One unknown column refuses a whole collections call (unverified).", API
    )
    graph_takes_headers: bool = switch(
        False, "Headers on top of a graph reach its records (unverified).", API
    )
    composite_takes_top_headers: bool = switch(
        False, "Headers on top of a composite reach its parts (unverified).", API
    )
    permissions_move_describe: bool = switch(
        False, "A change of permissions moves describe's Last-Modified (unverified).", API
    )
    campaigns_enabled: bool = switch(True, "The org has the marketing feature.", API)

    def set(self, name: str, value: Any) -> None:
        """Raises KeyError for an unknown name, TypeError or ValueError for a wrong value."""
        kind = type(KINDS[name].default)
        if kind in (int, float) and not isinstance(value, bool):
            value = float(value)
            value = int(value) if value.is_integer() else value
        elif not isinstance(value, kind):
            raise TypeError(f"{name} takes {kind.__name__}")
        setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


KINDS: dict[str, Field] = {each.name: each for each in fields(Switches)}
