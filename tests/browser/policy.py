"""A strict content security policy, and what of ours it stops."""

from __future__ import annotations

from playwright.sync_api import Page

POLICY = "script-src 'self'; style-src 'self'"
WATCH = """
window.stopped = [];
document.addEventListener("securitypolicyviolation", (event) => {
    const element = event.target instanceof Element ? event.target : null;
    window.stopped.push([
        event.violatedDirective, event.blockedURI, event.sourceFile ?? "",
        element?.closest("[class*=wsl-]")?.className ?? "",
    ].join(" "));
});
// What it must stop, so that a policy that is not in force shows.
document.addEventListener("DOMContentLoaded", () => document.body.setAttribute("style", "top: 0"));
"""
#: Our files, and elements with our classes unless it was a script of Wagtail's that put them there.
OURS, WAGTAILS = ("wagtail_salesforce_leads", "wsl-"), "/static/wagtailadmin/"


def enforce(tab: Page, header: str = "content-security-policy") -> None:
    """Serve the admin's pages with the policy. Wagtail's own break it in places, and still work."""

    def with_policy(route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, header: POLICY})

    tab.add_init_script(WATCH)
    tab.route(lambda url: "/admin/" in url and "/static/" not in url, with_policy)


def stopped(tab: Page) -> list[str]:
    """What the policy stopped, of ours, on the page that is shown."""
    said = tab.evaluate("window.stopped")
    assert any(each.startswith("style-src-attr") for each in said), "the policy is not in force"
    return [each for each in said if WAGTAILS not in each and any(mark in each for mark in OURS)]
