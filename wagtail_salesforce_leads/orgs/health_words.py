"""What an org's health and the findings of a check mean, and what to do, in words."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from wagtail_salesforce_leads.models import OrgLane

Health = OrgLane.Health


class Words(NamedTuple):
    """Both are lazy, or text in the active language. An empty repair: nothing has to be done."""

    sentence: str
    repair: str = ""


RECONNECT = _("Reconnect this account.")
WRONG_APP = Words(
    _("Salesforce no longer accepts the consumer key and secret of the app."),
    _(
        "See in Salesforce whether the secret was rotated or the app removed, then connect again "
        "with the new pair under Another login address or another app."
    ),
)
NOT_APPROVED = Words(
    _("The app is no longer approved for the connected user."),
    _("Approve it in the app's policies in Salesforce, then reconnect."),
)
DENIED = _("A policy of the org keeps the connected user out.")

#: By the code that came with the health.
BY_CODE = {
    "expired": Words(
        _("Salesforce ended the authorisation: it was revoked, expired or replaced."),
        RECONNECT,
    ),
    "interrupted": Words(
        _("A refresh was interrupted: this server stopped while a new token was on its way."),
        RECONNECT,
    ),
    "inactive_user": Words(
        _("The connected user was deactivated or frozen in Salesforce."),
        _("Activate the user, or reconnect as another one."),
    ),
    "login_policy": Words(
        DENIED,
        _("Check the user's login policy in Salesforce, then reconnect."),
    ),
    "ip_restricted": Words(
        DENIED,
        _("Let this server's address in: Setup → Network Access, or relax the app's IP policy."),
    ),
    "session_refused": Words(
        _("Salesforce gives a session and then refuses it."),
        _("Look at the session and IP policies of the app and of the user's profile."),
    ),
    "not_approved": NOT_APPROVED,
    "invalid_app_access": NOT_APPROVED,
    "invalid_client": WRONG_APP,
    "invalid_client_id": WRONG_APP,
    "app_not_found": WRONG_APP,
    "secret_unreadable": Words(
        _("The stored secrets cannot be read with this site's encryption keys."),
        _("Put the former key back into ENCRYPTION_KEYS, or reconnect."),
    ),
    "host": Words(
        _("Salesforce named an address for the org that is not one of Salesforce's."),
        _("Nothing was sent there. Tell your developer before you reconnect."),
    ),
    "other_org": Words(_("The authorisation now belongs to another org."), RECONNECT),
}
BY_HEALTH = {
    Health.IDLE: Words(
        _("The authorisation was not used for three weeks. Salesforce may end it after 30 days."),
        _("Reconnect, and have your developer look whether the background worker runs."),
    ),
    Health.RECONNECT: Words(_("Salesforce no longer accepts the saved authorisation."), RECONNECT),
    Health.PERMISSION: Words(
        _("The connected user may not do all that leads need."),
        _("See below what the last check found, and what to tick in Salesforce."),
    ),
    Health.API_LIMIT: Words(
        _("Few of the org's API calls are left for the next 24 hours."),
        _("Leads wait while the reserve is reached. See in Salesforce which program uses so many."),
    ),
    Health.COPY: Words(
        _("This is a copy: the connection belongs to another installation of this site."),
        _("Nothing is sent from here. Reconnect with a sandbox, or say that this is not a copy."),
    ),
    Health.UNREACHABLE: Words(
        _("Salesforce does not answer. The connection itself is fine."),
        _("Leads wait and go out by themselves. status.salesforce.com tells about outages."),
    ),
}

#: What a check tried: when it is fine, when not, and where to repair it. ``{}`` is the detail.
FINDINGS = {
    "sign_in": (_("Signing in works"), _("Signing in does not work"), RECONNECT),
    "scope": (
        _("Scope {} granted"),
        _("Scope {} is missing"),
        _("Select it in the app's OAuth settings in Salesforce, then reconnect."),
    ),
    "api_enabled": (
        _("API Enabled"),
        _("API Enabled is missing"),
        _("Setup → Profiles or Permission Sets → System Permissions → API Enabled."),
    ),
    "lead_object": (
        _("Lead: the object"),
        _("Lead: the object may not be used ({})"),
        _("Setup → Profiles or Permission Sets → Object Settings → Leads → Read and Create."),
    ),
    "lead_fields": (
        _("Lead: {} fields can be filled"),
        _("Lead: only {} fields can be filled"),
        _("Forms need some that are not among them, named below."),
    ),
    "lead_field": (
        _("Lead: the field {}"),
        _("Lead: the field {} cannot be filled"),
        _("Object Settings → Leads → Field Permissions → Edit Access."),
    ),
    "campaign": (
        _("Campaign"),
        _("Campaign cannot be read: {}"),
        _("Object Settings → Campaigns → Read, with read access to its fields."),
    ),
    "campaign_status": (
        _("Campaign: its member statuses"),
        _("Campaign: its member statuses cannot be read: {}"),
        _("Object Settings → Campaigns → Read."),
    ),
    "campaign_member": (
        _("Campaign Member"),
        _("Campaign Member may not be used ({})"),
        _(
            "Object Settings → Campaigns → Read and Edit, access to the fields of Campaign "
            "Members, and on the user's own page Marketing User."
        ),
    ),
    "submission_id_field": (
        _("Submission id field {}"),
        _("Submission id field {} is gone, hidden, or no longer unique"),
        _("Repair it in Salesforce, or choose another one in Options. Leads are held until then."),
    ),
    "api_limit": (
        _("API calls: {}"),
        _("API calls: {}, nearly all used"),
        _("See in Salesforce which program uses so many: Setup → System Overview."),
    ),
}


#: Details that are words; the others are names and numbers.
RIGHTS = {"read": _("Read"), "create": _("Create")}


class Finding(NamedTuple):
    ok: bool
    label: str
    repair: str


def words_of(health: str, code: str) -> Words:
    """What is wrong with an org whose lane says so. Not for a healthy one."""
    return BY_CODE.get(code) or BY_HEALTH.get(health) or BY_HEALTH[Health.RECONNECT]


def findings(report: list[dict]) -> list[Finding]:
    """A stored report in words; ``report`` as ``OrgLane.report`` has it."""
    return [_finding(item) for item in report if item["code"] in FINDINGS]


def _finding(item: dict) -> Finding:
    fine, amiss, repair = FINDINGS[item["code"]]
    if item["code"] == "sign_in" and item["detail"]:
        return Finding(False, *words_of(Health.RECONNECT, item["detail"]))
    detail = RIGHTS.get(item["detail"], item["detail"])
    label = str(format_lazy(fine if item["ok"] else amiss, detail)).strip(": ")
    return Finding(item["ok"], label, "" if item["ok"] else repair)
