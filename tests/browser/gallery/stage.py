"""Where a state is set up and photographed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse
from playwright.sync_api import Locator, Page
from wagtail.models import Site

from sandbox.salesforce.launch import Simulator
from tests.browser.accessibility import AT_REST

from . import FOLDER

WIDTHS = {"wide": 1280, "phone": 390}


@dataclass
class Stage:
    tab: Page
    site: Site
    settings: Any
    salesforce: Simulator

    def configure(self, **changes: Any) -> None:
        ours = {**self.settings.WAGTAIL_SALESFORCE_LEADS, **changes}
        self.settings.WAGTAIL_SALESFORCE_LEADS = ours

    def go(self, name: str, *args: object, query: str = "") -> Page:
        """Open one of our screens by its address's name, without ``wagtail_salesforce_leads_``."""
        self.tab.goto(reverse(f"wagtail_salesforce_leads_{name}", args=args) + query)
        return self.tab

    def settings_screen(self) -> Page:
        self.tab.goto("/admin/settings/wagtail_salesforce_leads/salesforcesettings/")
        return self.tab

    def pictures(self, shown: Page | Locator, name: str) -> Iterator[str]:
        """Take them; gives those on which the page is wider than the screen."""
        subject = self.tab.locator("main") if shown is self.tab else shown
        for width, pixels in WIDTHS.items():
            self.tab.set_viewport_size({"width": pixels, "height": 900})
            # Wagtail scrolls parts of the screen, so that what is below is not on it.
            height = subject.evaluate("(element) => element.scrollHeight")
            self.tab.set_viewport_size({"width": pixels, "height": max(900, int(height) + 400)})
            for scheme in ("light", "dark"):
                self.tab.emulate_media(color_scheme=scheme)
                self.tab.evaluate(AT_REST)
                shown.screenshot(path=Path(os.environ[FOLDER], f"{name}.{width}.{scheme}.png"))
            if self.tab.evaluate("document.documentElement.scrollWidth") > pixels:
                yield width
