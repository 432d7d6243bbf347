"""Database servers of a test's own, that may be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

#: Seconds for a server to come up, its recovery after a crash included.
PATIENCE = 90


def program(name: str) -> str | None:
    """Debian keeps PostgreSQL's programs, and those of administrators, out of the path."""
    places = [os.environ.get("PATH", ""), "/usr/sbin", *_postgres_places()]
    return shutil.which(name, path=os.pathsep.join(places))


def _postgres_places() -> list[str]:
    return [str(place) for place in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]


class Server:
    """``start()``, ``crash()`` as when the machine loses power, ``url`` for Django."""

    needs: tuple[str, ...] = ()
    #: Whom it runs as where the tests run as root, which it refuses.
    account = ""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "data"
        self.log = directory / "server.log"
        self.user = self.account if os.geteuid() == 0 else None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen | None = None
        self.directory.mkdir()
        if self.user:
            directory.chmod(0o755)
            shutil.chown(self.directory, self.user)
        self.initialize()

    @classmethod
    def is_missing(cls) -> bool:
        return any(program(name) is None for name in cls.needs)

    def initialize(self) -> None:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=log,
                user=self.user,
                cwd=self.directory,
                start_new_session=True,
            )
        ends = time.monotonic() + PATIENCE
        while not self.is_up():
            if time.monotonic() > ends or self.process.poll() is not None:
                raise SystemExit(f"The server did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.2)

    def is_up(self) -> bool:
        try:
            self.run(self.ping())
        except subprocess.CalledProcessError:
            return False
        return True

    def ping(self) -> list[str]:
        raise NotImplementedError

    def crash(self) -> None:
        """All of its processes at once, and none is asked."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def run(self, command: list[str]) -> None:
        subprocess.run(command, check=True, capture_output=True, user=self.user, cwd=self.directory)


class PostgreSQL(Server):
    needs = ("initdb", "postgres", "psql", "createdb")
    account = "postgres"

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/leads"

    def initialize(self) -> None:
        self.run([program("initdb"), "-D", str(self.directory), "-U", "postgres", "-A", "trust"])

    def command(self) -> list[str]:
        options = ["-p", str(self.port), "-k", str(self.directory), "-h", "127.0.0.1"]
        return [program("postgres"), "-D", str(self.directory), *options]

    def ping(self) -> list[str]:
        return [program("psql"), *self._client(), "-c", "SELECT 1", "postgres"]

    def create_database(self) -> None:
        self.run([program("createdb"), *self._client(), "leads"])

    def _client(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]


class MariaDB(Server):
    needs = ("mariadb-install-db", "mariadbd", "mariadb")
    account = "mysql"

    @property
    def url(self) -> str:
        return f"mysql://root@127.0.0.1:{self.port}/leads"

    def initialize(self) -> None:
        normal = "--auth-root-authentication-method=normal"
        data = f"--datadir={self.directory}"
        self.run([program("mariadb-install-db"), "--no-defaults", data, normal])

    def command(self) -> list[str]:
        return [
            program("mariadbd"),
            "--no-defaults",
            f"--datadir={self.directory}",
            f"--socket={self.directory}/socket",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            f"--pid-file={self.directory}/pid",
        ]

    def ping(self) -> list[str]:
        return [*self._client(), "-e", "SELECT 1"]

    def create_database(self) -> None:
        self.run([*self._client(), "-e", "CREATE DATABASE leads CHARACTER SET utf8mb4"])

    def _client(self) -> list[str]:
        return [program("mariadb"), "--no-defaults", "-uroot", "-h127.0.0.1", f"-P{self.port}"]


SERVERS = {"postgresql": PostgreSQL, "mariadb": MariaDB}
