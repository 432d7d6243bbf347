"""Signals for a site's own code. What a receiver raises is logged and goes no further."""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["lead_delivered", "lead_failed"]

#: Sent with ``delivery`` once its Lead, and member where wanted, are in Salesforce.
lead_delivered = Signal()

#: Sent with ``delivery`` when it comes to need a person: state ``failed``. Of a lead that could not
#: even be built it is sent in the visitor's request, after the commit.
lead_failed = Signal()
