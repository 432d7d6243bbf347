"""The editor's scripts and styles, served with the version in their address."""

from __future__ import annotations

from django import forms
from wagtail.admin.staticfiles import versioned_static

FOLDER = "wagtail_salesforce_leads/editor/"


def editor_media(*names: str) -> forms.Media:
    """Media of the named files in the editor's static folder, in this order."""
    addresses = [versioned_static(FOLDER + name) for name in names]
    return forms.Media(
        js=[address for address in addresses if ".js" in address],
        css={"all": [address for address in addresses if ".css" in address]},
    )


def form_media() -> forms.Media:
    """What knows a form's fields, in a form block and on a classic form page."""
    return editor_media(
        "salesforce.js", "choices.js", "stream_fields.js", "inline_fields.js", "form_controller.js"
    )
