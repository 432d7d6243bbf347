"""The whole path as a newcomer walks it: the demo's processes, real clicks, one lead."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
BROCHURE = "body-1-value-"


def free_port() -> int:
    """A port whose successor is free too: the simulator's second org listens there."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class Demo:
    """``make demo`` as its own processes, with data of its own."""

    def __init__(self, var: Path):
        self.web, self.salesforce = free_port(), free_port()
        own = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        self.env = {key: value for key, value in os.environ.items() if key not in own}
        self.env |= {
            "PORT": str(self.web),
            "SALESFORCE_PORT": str(self.salesforce),
            "SANDBOX_VAR": str(var),
        }

    def start(self) -> Demo:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.demo"],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.printed = ""
        while "Ctrl-C stops everything" not in self.printed:
            line = self.process.stdout.readline()
            assert line, self.printed
            self.printed += line
        return self

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)
        return self.process.returncode

    def processes(self) -> list[str]:
        """Command lines of what runs with this demo's data."""
        mark = f"SANDBOX_VAR={self.env['SANDBOX_VAR']}".encode()
        mine = []
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (directory / "environ").read_bytes().split(b"\0"):
                    mine.append((directory / "cmdline").read_text().replace("\0", " "))
            except (OSError, UnicodeDecodeError):
                continue
        return mine

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.web}"

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.salesforce}/"


@pytest.fixture
def demo(tmp_path):
    running = Demo(tmp_path).start()
    yield running
    if running.process.poll() is None:
        running.stop()


def test_newcomer_takes_one_lead_the_whole_way(chromium, demo):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(15_000)
    tab = context.new_page()

    sign_in(tab, demo)
    connect(tab, demo)
    open_integration(tab, demo)
    tab.get_by_role("button", name="More actions").first.click()
    tab.get_by_role("button", name="Publish").click()
    expect(tab.get_by_text("could not be published").or_(tab.get_by_text("due to"))).to_be_visible()
    expect(tab.get_by_text("Last Name is required in Salesforce").first).to_be_visible()

    submit(tab, demo, "Draft")
    expect(listing(tab, demo, "Draft")).to_contain_text("Not sent")

    map_and_publish(tab, demo)
    submit(tab, demo, "Hanako")
    row = listing(tab, demo, "Hanako", until="In Salesforce")
    expect(row).to_contain_text("Spring fair 2027: Registered")
    lead = row.get_by_role("link", name="In Salesforce").get_attribute("href")
    assert re.search(r"/00Q\w{15}$", lead)

    row.get_by_role("link", name="Hanako").first.click()
    expect(tab.get_by_role("cell", name="LastName")).to_be_visible()
    expect(tab.get_by_role("row").filter(has_text="LeadSource")).to_contain_text("Web")
    history = tab.get_by_role("region", name="History")
    expect(history).to_contain_text("status Registered read back (1 API call)")

    tab.goto(demo.console)
    arrived = tab.get_by_role("row").filter(has_text="Hanako").first
    expect(arrived).to_contain_text("Spring fair 2027")
    expect(arrived).to_contain_text("Registered")
    context.close()

    assert len(demo.processes()) >= 4
    assert demo.stop() == 0
    assert demo.processes() == []


def test_demo_port_in_use_says_so_in_a_sentence(tmp_path):
    demo = Demo(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.web))
        taken.listen()
        ended = subprocess.run(
            [sys.executable, "-m", "sandbox.demo"],
            cwd=ROOT,
            env=demo.env,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 1
    assert f"Port {demo.web} is in use" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


def sign_in(tab: Page, demo: Demo) -> None:
    tab.goto(f"{demo.site}/admin/")
    tab.get_by_label("Username").fill("admin")
    tab.get_by_label("Password").fill("admin")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("link", name="Lead submissions")).to_be_visible()


def connect(tab: Page, demo: Demo) -> None:
    tab.goto(f"{demo.site}/admin/settings/wagtail_salesforce_leads/salesforcesettings/")
    tab.get_by_role("button", name="Continue with Salesforce").click()
    tab.get_by_label("Username").fill("admin@acme.example")
    tab.get_by_label("Password").fill("lightning")
    tab.locator("#Login").click()
    tab.locator("#oaapprove").click()
    expect(tab.get_by_text("Acme KK (production) is connected.")).to_be_visible()
    expect(tab.get_by_text("Healthy")).to_be_visible()


def open_integration(tab: Page, demo: Demo) -> None:
    tab.goto(f"{demo.site}/admin/pages/3/edit/")
    tab.locator(f"[name={BROCHURE}salesforce-sync]").check()
    tab.locator(f"[name={BROCHURE}salesforce-account]").select_option("Acme KK (production)")
    expect(tab.get_by_text("Company is required in Salesforce").first).to_be_visible()


def map_and_publish(tab: Page, demo: Demo) -> None:
    open_integration(tab, demo)
    campaign = tab.get_by_role("combobox", name="Campaign").first
    campaign.fill("Spring fair")
    tab.get_by_role("option", name="Spring fair 2027").click()
    tab.locator(f"[name={BROCHURE}salesforce-lead_status]").select_option("Registered")
    tab.locator(f"[name={BROCHURE}salesforce-lead_source]").select_option("Web")
    tab.get_by_role("button", name="Suggest").first.click()
    expect(tab.get_by_text("Company is required in Salesforce")).to_have_count(0)
    tab.get_by_role("button", name="More actions").first.click()
    tab.get_by_role("button", name="Publish").click()
    expect(tab.get_by_text("has been published").or_(tab.get_by_text("published."))).to_be_visible()


def submit(tab: Page, demo: Demo, last_name: str) -> None:
    tab.goto(f"{demo.site}/")
    form = tab.locator("form[data-lead-form]").first
    form.get_by_label("First name").fill("Ann")
    form.get_by_label("Last name").fill(last_name)
    form.get_by_label("E-mail").fill(f"{last_name.lower()}@example.com")
    form.get_by_label("Company").fill("Acme")
    form.get_by_role("button", name="Send me the brochure").click()
    expect(tab.get_by_text("The brochure is on its way.").first).to_be_visible()


def listing(tab: Page, demo: Demo, name: str, until: str = ""):
    """The person's row in the report, once its result reads as wanted."""
    row = tab.get_by_role("row").filter(has_text=name)
    for _ in range(40):
        tab.goto(f"{demo.site}/admin/lead-submissions/")
        if until in row.inner_text():
            break
        tab.wait_for_timeout(250)
    return row
