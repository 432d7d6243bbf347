"""Worker processes for tests: forks of this one, each with database connections of its own."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

from django.db import connections


class Worker:
    """A fork that runs ``work`` and ends. Whatever it raises, its exit code says so."""

    def __init__(self, work: Callable[[], None]) -> None:
        connections.close_all()
        self.pid = os.fork()
        if self.pid == 0:
            self._run(work)

    def _run(self, work: Callable[[], None]) -> None:
        # What pytest set up for itself must not run in a fork.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            work()
            code = 0
        except BaseException as error:
            sys.stderr.write(f"worker: {error!r}\n")
            code = 1
        os._exit(code)

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def wait_until_frozen(self) -> None:
        """Until it has stopped itself, or was stopped: it goes on with SIGCONT."""

        def frozen() -> bool:
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            assert not pid or os.WIFSTOPPED(status), "The worker ended."
            return bool(pid)

        eventually(frozen)

    def wait(self, seconds: float = 60) -> int:
        """Its exit code; negative: the signal that ended it."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        self.kill()
        os.waitpid(self.pid, 0)
        raise AssertionError("The worker did not end in time.")


def eventually(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until it holds."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "It never came true."
        time.sleep(0.02)
