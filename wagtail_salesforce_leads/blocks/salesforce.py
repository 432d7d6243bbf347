"""The Salesforce integration of a form: where its leads go and what fills them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

from .mapping import PropertyMappingBlock
from .media import editor_media
from .translating import SameInEachLanguage
from .widgets import CampaignWidget, EditorWidget, RemoteSelect, as_json
from .words import INTEGRATION

#: The views that the integration's script asks.
ASKED = ("orgs", "properties", "statuses")


class RemoteBlock(SameInEachLanguage, blocks.CharBlock):
    """A text chosen from what the server offers.

    Not a ChoiceBlock: what is stored may be gone from the org, and drafts save all the same.
    """

    def __init__(self, widget: EditorWidget, **kwargs):
        super().__init__(required=False, search_index=False, **kwargs)
        self.field.widget = widget


class SalesforceIntegrationBlock(blocks.StructBlock):
    """In the order in which an editor decides: whether, where to, as what, with which values."""

    sync = blocks.BooleanBlock(
        required=False, label=_("Lead sync"), help_text=_("Send submissions to Salesforce.")
    )
    account = RemoteBlock(
        RemoteSelect("account", _("Choose an account"), "wsl-integration#accountChosen"),
        label=_("Account"),
    )
    campaign = RemoteBlock(
        CampaignWidget(),
        label=_("Campaign"),
        help_text=_("Leads are added to it. Without one, only the lead is created."),
    )
    lead_status = RemoteBlock(
        RemoteSelect("status", _("The campaign's default")),
        label=_("Lead status"),
        help_text=_("The lead's status in this campaign."),
    )
    lead_source = RemoteBlock(
        RemoteSelect("source", _("Not set"), "wsl-integration#sourceChosen"),
        label=_("Lead source"),
    )
    mapping = PropertyMappingBlock(label=_("Property mapping"))

    class Meta:
        icon = "salesforce"
        label = _("Salesforce integration")
        form_classname = "struct-block wsl-integration"
        # Its script says more: whether leads go out, and where to.
        label_format = ""


class SalesforceIntegrationBlockAdapter(StructBlockAdapter):
    def js_args(self, block):
        name, children, meta = super().js_args(block)
        return [name, children, {**meta, "attrs": {**meta["attrs"], **self.controller()}}]

    def controller(self) -> dict[str, str]:
        """The attributes that make the block's element a ``wsl-integration``."""
        urls = {name: reverse(f"wagtail_salesforce_leads_editor:{name}") for name in ASKED}
        return {
            "data-controller": "wsl-integration",
            "data-action": "wsl-campaign:chosen->wsl-integration#loadStatuses",
            "data-wsl-integration-urls-value": as_json(urls),
            "data-wsl-integration-words-value": as_json(INTEGRATION),
        }

    @cached_property
    def media(self):
        return super().media + editor_media(
            "salesforce.js", "schema.js", "fill_select.js", "integration_controller.js"
        )


register(SalesforceIntegrationBlockAdapter(), SalesforceIntegrationBlock)
