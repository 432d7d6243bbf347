"""Draft or publish, known per thread.

Wagtail keeps ``is_deferred_validation`` on block objects that all threads share, so one thread's
draft save can switch off the checks of another's publish. A StructBlock asks its children for the
flag before it defers them, so a thread-local answer on our block is enough for our block.
"""

from __future__ import annotations

import threading

from django.core.signals import request_started
from django.dispatch import receiver


class _Deferred(threading.local):
    def __init__(self) -> None:
        #: The id() of each block that this thread saves as a draft; blocks live as long as we do.
        self.blocks: set[int] = set()


_deferred = _Deferred()


class ThreadLocalDeferral:
    """Put before a block class: its deferral is seen by the thread that asked for it only."""

    @property
    def is_deferred_validation(self) -> bool:
        return id(self) in _deferred.blocks

    @is_deferred_validation.setter
    def is_deferred_validation(self, value: bool) -> None:
        change = _deferred.blocks.add if value else _deferred.blocks.discard
        change(id(self))


@receiver(request_started)
def begin_strict(**kwargs) -> None:
    """Every request starts strict. A draft save may have left our flag set on this thread: Wagtail
    resets it only through the block around ours, whose flag all threads share and another one may
    already have reset.
    """
    _deferred.blocks.clear()
