"""A django-q2 cluster as a process that can be killed, and looked into."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Cluster:
    """A qcluster in a session of its own, started again whenever it ends or hangs."""

    log: Path
    environment: dict[str, str]
    process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "django", "qcluster"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """All of it at once, as a machine that loses power would."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def restart_if_ended(self) -> None:
        """A killed cluster leaves its workers behind, as a supervisor would not."""
        if self.process is None or self.process.poll() is not None:
            self.kill()
            self.start()

    def workers(self) -> list[int]:
        """All processes below the cluster's own."""
        children: list[int] = []
        parents = [self.process.pid] if self.process else []
        while parents:
            found = [pid for parent in parents for pid in _children(parent)]
            children += found
            parents = found
        return children

    def peak_memory(self) -> int:
        """Kilobytes of its largest process so far."""
        return max((_peak(pid) for pid in self.workers()), default=0)


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _peak(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    return 0
