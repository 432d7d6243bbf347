"""What happens to a connection, for those who have to act on it: delivery holds and releases leads.

Sent with ``send_robust``: what a receiver raises is logged by Django and goes no further.
"""

from __future__ import annotations

from django.dispatch import Signal

#: Sent with ``org`` and ``reason``, a ``Delivery.Hold``, when nothing can be sent to it any more.
org_went_down = Signal()

#: Sent with ``org`` and ``reasons``, those that no longer hold its leads back.
org_came_back = Signal()

#: Sent with ``org`` when a request needs a new session but must not sign in itself: a worker should
#: call ``orgs.access.keep_session``.
session_wanted = Signal()
