"""``make demo``: simulator, database, content, worker and web server in one command.

Every child runs in a session of its own and is ended by its process group, so that one Ctrl-C
stops all of it, whatever the terminal sends to whom.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path

from sandbox.salesforce.launch import Simulator

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("SANDBOX_VAR", ROOT / "sandbox" / "var"))
WEB_PORT = int(os.environ.get("PORT", "8000"))
SALESFORCE_PORT = int(os.environ.get("SALESFORCE_PORT", "8900"))
MANAGE = [sys.executable, str(ROOT / "sandbox" / "manage.py")]

BANNER = """
  Site                  {site}/            Japanese page: {site}/haru/
  Admin                 {site}/admin/      administrator: admin / admin     editor: editor / editor
{salesforce}
  First steps: sign in as admin, open Settings → Salesforce, continue with Salesforce;
  edit a page's form, switch Lead sync on, publish; answer the form; look at Reports → Lead submissions.
  Logs are in {var}. Ctrl-C stops everything.
"""  # noqa: E501 - as wide as a terminal shows it

CONSOLE = """\
  Salesforce console    {console}
  Salesforce sign-in    {users}"""


class Stopped(Exception):
    """Somebody asked the demo to end."""


def stop(signum, frame) -> None:
    raise Stopped


def main() -> int:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, stop)
    VAR.mkdir(parents=True, exist_ok=True)
    try:
        with ExitStack() as stack:
            return run(stack)
    except Stopped:
        print("\nStopped.")  # noqa: T201
        return 0


def run(stack: ExitStack) -> int:
    own_salesforce = "SALESFORCE_LOGIN_URL" not in os.environ
    ports = [WEB_PORT, *((SALESFORCE_PORT, SALESFORCE_PORT + 1) if own_salesforce else ())]
    if busy := [port for port in ports if not is_free(port)]:
        say(f"Port {busy[0]} is in use. Stop what uses it, or choose others: "
            "PORT=8001 SALESFORCE_PORT=8910 make demo")  # fmt: skip
        return 1
    site = f"http://127.0.0.1:{WEB_PORT}"
    env = {**os.environ, "SANDBOX_URL": site, "SANDBOX_VAR": str(VAR), "PYTHONUNBUFFERED": "1"}
    salesforce = ""
    if own_salesforce:
        state = VAR / "salesforce.json"
        simulator = stack.enter_context(Simulator(port=SALESFORCE_PORT, state_file=state))
        env |= environment_of(simulator)
        salesforce = lines_of(simulator)
    say("Preparing the database …")
    for command in (["migrate", "--no-input", "-v0"], ["fill"]):
        subprocess.run([*MANAGE, *command], env=env, check=True)
    children = [
        stack.enter_context(Child("worker", [*MANAGE, "qcluster"], env)),
        stack.enter_context(
            Child("web", [*MANAGE, "runserver", "--noreload", f"127.0.0.1:{WEB_PORT}"], env)
        ),
    ]
    wait_for(f"{site}/admin/login/", children)
    say(BANNER.format(site=site, salesforce=salesforce, var=VAR))
    return watch(children)


def environment_of(simulator: Simulator) -> dict[str, str]:
    """What points the sandbox's settings at the simulator instead of Salesforce."""
    origins = [simulator.login_url, *(org["url"] for org in simulator.greeting["instances"])]
    return {
        "SALESFORCE_LOGIN_URL": simulator.login_url,
        "SALESFORCE_CLIENT_ID": simulator.client_id,
        "SALESFORCE_CLIENT_SECRET": simulator.client_secret,
        "SALESFORCE_EXTRA_HOSTS": ",".join(sorted(set(origins))),
    }


def lines_of(simulator: Simulator) -> str:
    """The simulator's part of the banner: its console, and one user of each org."""
    first_of_org = {user["org"]: user for user in reversed(simulator.greeting["users"])}
    users = "     ".join(
        f"{user['name']} / {user['password']}" for _, user in sorted(first_of_org.items())
    )
    return CONSOLE.format(console=simulator.greeting["console_url"], users=users)


class Child:
    """A process in a session of its own, ended with everything it started."""

    def __init__(self, name: str, args: list[str], env: dict[str, str]):
        self.name, self.args, self.env = name, args, env
        self.log_path = VAR / f"{name}.log"

    def __enter__(self) -> Child:
        self.log = self.log_path.open("w")
        self.process = subprocess.Popen(
            self.args, env=self.env, stdout=self.log, stderr=self.log, start_new_session=True
        )
        return self

    def __exit__(self, *exc) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=10)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def has_ended(self) -> bool:
        return self.process.poll() is not None


def watch(children: list[Child]) -> int:
    while True:
        time.sleep(0.5)
        for child in children:
            if child.has_ended():
                tail = "\n".join(child.log_path.read_text().splitlines()[-15:])
                say(f"The {child.name} process ended by itself. Its last lines:\n{tail}")
                return 1


def wait_for(url: str, children: list[Child]) -> None:
    for _ in range(120):
        if any(child.has_ended() for child in children):
            return
        try:
            urllib.request.urlopen(url, timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.25)
        else:
            return


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
