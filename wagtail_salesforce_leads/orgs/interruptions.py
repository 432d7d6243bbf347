"""Putting off what would end this process in the one moment in which that costs a grant."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: SIGALRM is how django-q2 ends a task that takes too long; Windows has none.
DEFERRED = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGALRM") if hasattr(signal, name)
)


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Signals that arrive within are delivered at its end.

    Handlers can only be set in the main thread. Other threads are those of a web server, which
    ends its main thread last, or of Python, which waits for them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    handlers = {
        number: signal.signal(number, lambda received, frame: arrived.append(received))
        for number in DEFERRED
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            # None: a handler that was not set from Python and cannot be put back.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in dict.fromkeys(arrived):
            signal.raise_signal(number)
