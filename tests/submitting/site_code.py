"""What a site's developer might name in the settings."""

from __future__ import annotations


def add_company(lead, submission):
    return {**lead, "Company": submission.answers["name"] + " KK"}


def forget_to_return(lead, submission):
    return None


def not_json(lead, submission):
    return {**lead, "Company": object()}


def raise_with_answer(*args):
    raise RuntimeError("ann@example.com is not welcome")


def yes(*args):
    return True


def no(*args):
    return False


def variant(request):
    return "b"


def address(request):
    return request.headers["X-Real-IP"]
