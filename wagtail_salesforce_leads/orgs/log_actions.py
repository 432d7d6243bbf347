"""What Wagtail's audit log says of connections."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = (
    ("connect", _("Connect Salesforce"), _("Connected to Salesforce")),
    ("reconnect", _("Reconnect Salesforce"), _("Reconnected to Salesforce")),
    ("disconnect", _("Disconnect Salesforce"), _("Disconnected from Salesforce")),
    (
        "confirm_copy",
        _("Keep Salesforce connection"),
        _("Kept for this installation"),
    ),
)


def register(actions) -> None:
    for name, label, message in ACTIONS:
        actions.register_action(f"wagtail_salesforce_leads.{name}", label, message)
