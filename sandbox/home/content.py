"""The demo's pages as StreamField data: an English one with two forms, and a Japanese one."""

from __future__ import annotations

import uuid


def block(kind: str, value) -> dict:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def field(kind: str, key: str, label: str, **options) -> dict:
    return block(kind, {"key": key, "label": label, **options})


def items(*values: dict) -> list[dict]:
    return [block("item", value) for value in values]


def choices(*labels: str) -> list[dict]:
    return [{"label": label, "value": label} for label in labels]


def form(title: str, fields: list[dict], **options) -> dict:
    return block(
        "lead_form", {"title": title, "fields": fields, "salesforce": {"sync": False}, **options}
    )


def english_home() -> dict:
    return {
        "intro": [
            block("headline", "Meet us at the spring fair"),
            block("lead", "Ask for our brochure, or just ask: every answer travels to Salesforce."),
        ],
        "body": [
            block(
                "points",
                {
                    "heading": "What to try first",
                    "points": items(
                        {"title": "Connect", "text": "In the admin: Settings → Salesforce."},
                        {
                            "title": "Set up",
                            "text": "Edit this page, switch Lead sync on, publish.",
                        },
                        {"title": "Submit", "text": "Answer a form here and look at Salesforce."},
                    ),
                },
            ),
            form(
                "Brochure request",
                [
                    field(
                        "single_line",
                        "first",
                        "First name",
                        required=False,
                        autocomplete="given-name",
                    ),
                    field(
                        "single_line",
                        "last",
                        "Last name",
                        required=True,
                        autocomplete="family-name",
                    ),
                    field("email", "email", "E-mail", required=True, autocomplete="email"),
                    field(
                        "single_line",
                        "company",
                        "Company",
                        required=True,
                        autocomplete="organization",
                    ),
                    field("phone", "phone", "Phone", required=False, autocomplete="tel"),
                    field(
                        "dropdown",
                        "industry",
                        "Industry",
                        required=False,
                        choices=choices("Banking", "Education", "Technology", "Other"),
                    ),
                    field("multi_line", "message", "What would you like to know?", required=False),
                    field("checkbox", "no_mail", "Please send me no newsletters", required=False),
                ],
                submit_label="Send me the brochure",
                success_message="Thank you. The brochure is on its way.",
            ),
            form(
                "Contact",
                [
                    field("single_line", "name", "Your name", required=True, autocomplete="name"),
                    field("email", "email", "E-mail", required=True, autocomplete="email"),
                    field("multi_line", "message", "Message", required=True),
                ],
                submit_label="Send",
                success_message="Thank you. We read every message.",
            ),
        ],
    }


def japanese_page() -> dict:
    return {
        "intro": [
            block("headline", "春の展示会でお会いしましょう"),
            block("lead", "資料請求はこちらから。ご回答はそのまま Salesforce に届きます。"),
        ],
        "body": [
            form(
                "資料請求",
                [
                    field("single_line", "sei", "姓", required=True, autocomplete="family-name"),
                    field("single_line", "mei", "名", required=True, autocomplete="given-name"),
                    field(
                        "single_line",
                        "kaisha",
                        "会社名",
                        required=True,
                        autocomplete="organization",
                    ),
                    field("email", "mail", "メールアドレス", required=True, autocomplete="email"),
                    field("phone", "tel", "電話番号", required=False, autocomplete="tel"),
                    field("multi_line", "shitsumon", "ご質問", required=False),
                ],
                submit_label="資料を請求する",
                success_message="ありがとうございます。資料をお送りします。",
            ),
        ],
    }
