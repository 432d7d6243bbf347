"""The form as a block of any StreamField."""

from __future__ import annotations

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

from wagtail_salesforce_leads.publishing.problems import problems_of

from .deferral import ThreadLocalDeferral
from .errors import as_block_error
from .fields import LeadFieldsBlock
from .hidden import HiddenBlock
from .media import editor_media, form_media
from .salesforce import SalesforceIntegrationBlock
from .translating import WordsBlock


class LeadFormBlock(ThreadLocalDeferral, blocks.StructBlock):
    """A form whose submissions become leads.

    It stands in a StreamBlock or ListBlock at some level, which gives it an id of its own.
    Subclass it to give ``fields`` other field blocks, or ``Meta.template`` another template.
    """

    #: Children behind the settings button.
    tucked_away: tuple[str, ...] = ("submit_label", "success_message", "thank_you_page")

    title = WordsBlock(
        required=False,
        max_length=255,
        label=_("Title"),
        help_text=_("Names the form in the lead list. Visitors see it above the form."),
    )
    fields = LeadFieldsBlock(label=_("Fields"))
    submit_label = WordsBlock(required=False, max_length=100, label=_("Button text"))
    success_message = blocks.RichTextBlock(
        required=False,
        features=["bold", "italic", "link", "ol", "ul"],
        label=_("Message after submitting"),
    )
    thank_you_page = blocks.PageChooserBlock(
        required=False,
        label=_("Thank-you page"),
        help_text=_("Visitors go there instead of reading the message."),
    )
    salesforce = SalesforceIntegrationBlock()
    form_key = HiddenBlock()

    class Meta:
        icon = "form"
        label = _("Lead form")
        template = "wagtail_salesforce_leads/form_block.html"
        form_classname = "struct-block wsl-form"
        label_format = "{title}"

    def get_form_layout(self) -> blocks.BlockGroup:
        """Nothing that a subclass declares is left out."""
        shown = [name for name in self.child_blocks if name not in self.tucked_away]
        return blocks.BlockGroup(shown, settings=list(self.tucked_away))

    def clean(self, value):
        """Drafts save in any state; publishing says at each place what has to change."""
        cleaned = super().clean(value)
        error = None if self.is_deferred_validation else as_block_error(problems_of(cleaned))
        if error:
            raise error
        return cleaned

    def deconstruct(self):
        """One reference in a site's migrations, which our labels and children never change."""
        return self.canonical_module_path, [], self._constructor_kwargs

    def deconstruct_with_lookup(self, lookup):
        return self.deconstruct()

    @classmethod
    def construct_from_lookup(cls, lookup, *args, **kwargs):
        return cls(*args, **kwargs)


#: The path in sites' migrations: public from the first release, wherever the class moves.
DECONSTRUCT_ALIASES = {LeadFormBlock: "wagtail_salesforce_leads.blocks.LeadFormBlock"}


class LeadFormBlockAdapter(StructBlockAdapter):
    js_constructor = "wagtail_salesforce_leads.blocks.LeadFormBlock"

    def js_args(self, block):
        name, children, meta = super().js_args(block)
        attrs = {**meta["attrs"], "data-controller": "wsl-form"}
        return [name, children, {**meta, "attrs": attrs}]

    @cached_property
    def media(self):
        return super().media + editor_media("lead_form_block.js", "editor.css") + form_media()


register(LeadFormBlockAdapter(), LeadFormBlock)
