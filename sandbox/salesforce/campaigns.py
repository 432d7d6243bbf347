"""Campaigns for the demo orgs, and by the thousand for lists that must stay fast."""

from __future__ import annotations

from .org import Org

DEMO = (
    ("Spring fair 2027", "Trade Show", ("Invited", "Registered", "Attended")),
    (
        "Autumn webinar: launching faster",
        "Webinar",
        ("Invited", "Registered", "Attended", "No show"),
    ),
    ("春の展示会 2027", "Trade Show", ("招待済み", "登録済み", "来場")),
    ("製品カタログ請求", "Advertisement", ("Sent", "Responded")),
    ("無料トライアル（ランディングページ）", "Advertisement", ("資料送付", "申込", "商談化")),
    ("Newsletter sign-ups", "Email", ("Subscribed", "Confirmed")),
    ('50%_off & more: Bob\'s "special"', "Direct Mail", ("Sent", "Responded")),
    ("Partner day", "Partners", ("Sent", "Responded")),
    ("Contact us (always on)", "Other", ("New", "Answered")),
)
TOPICS = ("Webinar", "展示会", "Newsletter", "セミナー", "Landing page", "資料請求", "Road show")


def add_demo(org: Org) -> None:
    for name, kind, statuses in DEMO:
        org.add_campaign(name, statuses, Type=kind, Status="In Progress")
    org.add_campaign("Closed fair 2019", IsActive=False, Type="Trade Show", Status="Completed")


def add_many(org: Org, count: int) -> None:
    """`count` more, every twentieth inactive."""
    for number in range(1, count + 1):
        topic = TOPICS[number % len(TOPICS)]
        name = f"{topic} {2020 + number % 8}-{number:05d}"
        org.add_campaign(name, IsActive=bool(number % 20), Type="Other", Status="Planned")
