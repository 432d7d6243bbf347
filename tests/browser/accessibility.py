"""What axe-core finds wrong with a page, once the page has come to rest."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Half-faded text has no contrast yet: Wagtail's message box takes half a second to appear.
AT_REST = """async () => {
    const brief = (animation) => animation.effect.getComputedTiming().endTime < 2000;
    const moving = () => document.getAnimations().filter(brief);
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    while (moving().length) {
        await Promise.allSettled(moving().map((animation) => animation.finished));
        await frame();
    }
}"""


def accessibility_faults(tab: Page, within: str | None = None) -> list[tuple[str, list[str]]]:
    """(rule, markup of the elements that break it) of the whole page or of a CSS selector."""
    tab.evaluate(AT_REST)
    found = Axe().run(tab, context=within).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
