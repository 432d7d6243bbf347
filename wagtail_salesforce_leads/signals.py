"""Signals for a site's own code. What a receiver raises is logged and goes no further."""

from __future__ import annotations

from django.dispatch import Signal

#: Sent with ``delivery`` once its Lead, and member where wanted, are in Salesforce.
lead_delivered = Signal()

#: Sent with ``delivery`` when it needs a person: state ``failed``.
lead_failed = Signal()
