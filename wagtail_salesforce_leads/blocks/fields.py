"""One block a field type. The name in :class:`LeadFieldsBlock` is the field's type.

A developer's own field is a subclass of :class:`LeadFieldBlock` in a subclass of
:class:`LeadFieldsBlock`; ``field_type`` names the built-in type that it behaves as.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

from wagtail_salesforce_leads.submitting.values import FITS

from .choices import ChoicesBlock, LinesBlock
from .hidden import KeyBlock
from .translating import SameInEachLanguage, WordsBlock

#: HTML's autofill tokens that make sense in a lead form.
AUTOCOMPLETE_TOKENS = [
    ("name", _("Full name")),
    ("family-name", _("Family name")),
    ("given-name", _("Given name")),
    ("honorific-prefix", _("Honorific title")),
    ("email", _("E-mail")),
    ("tel", _("Phone")),
    ("organization", _("Company")),
    ("organization-title", _("Job title")),
    ("postal-code", _("Postal code")),
    ("country-name", _("Country")),
    ("address-level1", _("Prefecture or state")),
    ("address-level2", _("City")),
    ("street-address", _("Street address")),
    ("url", _("Website")),
    ("bday", _("Birthday")),
]


class LabelBlock(WordsBlock):
    """A field's label. It must be filled to publish, which ``publishing.checks`` sees to."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=255, **kwargs)
        self.field.widget.attrs["data-wsl-field"] = "label"


class HelpTextBlock(WordsBlock):
    def __init__(self, **kwargs):
        super().__init__(required=False, label=_("Help text"), **kwargs)


class RequiredBlock(blocks.BooleanBlock):
    def __init__(self, **kwargs):
        super().__init__(required=False, label=_("Required"), **kwargs)
        self.field.widget.attrs["data-wsl-field"] = "required"


class PlaceholderBlock(WordsBlock):
    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=255, label=_("Placeholder"), **kwargs)


class DefaultBlock(WordsBlock):
    def __init__(self, **kwargs):
        super().__init__(required=False, **{"label": _("Default value"), **kwargs})
        self.field.widget.attrs["data-wsl-field"] = "default"


class ValueBlock(SameInEachLanguage, DefaultBlock):
    """What is stored, not what visitors read."""


class AutocompleteBlock(blocks.ChoiceBlock):
    def __init__(self, **kwargs):
        super().__init__(
            choices=AUTOCOMPLETE_TOKENS,
            required=False,
            label=_("Autocomplete"),
            help_text=_("What visitors' browsers may fill in here."),
            **kwargs,
        )


class LeadFieldBlock(blocks.StructBlock):
    """What every field has. Set ``field_type`` when the block's name is not a built-in type."""

    field_type: str = ""
    #: Children behind the settings button.
    tucked_away: tuple[str, ...] = ("help_text", "placeholder", "default", "autocomplete")

    key = KeyBlock()
    label = LabelBlock(label=_("Label"))
    required = RequiredBlock()
    help_text = HelpTextBlock()

    class Meta:
        icon = "form"
        form_classname = "struct-block wsl-field"
        label_format = "{label}"

    def get_form_layout(self) -> blocks.BlockGroup:
        """The label first, then what a subclass adds; nothing that it declares is left out."""
        common = {"label", "required", "key", *self.tucked_away}
        order = ["label", *(name for name in self.child_blocks if name not in common)]
        shown = [name for name in (*order, "required", "key") if name in self.child_blocks]
        tucked = [name for name in self.tucked_away if name in self.child_blocks]
        return blocks.BlockGroup(shown, settings=tucked)


class TextFieldBlock(LeadFieldBlock):
    """A field that visitors type into."""

    placeholder = PlaceholderBlock()
    default = DefaultBlock()
    autocomplete = AutocompleteBlock()


class SingleLineBlock(TextFieldBlock):
    class Meta:
        icon = "minus"
        label = _("Single line")


class MultiLineBlock(TextFieldBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Multi-line")


class EmailBlock(TextFieldBlock):
    class Meta:
        icon = "mail"
        label = _("E-mail")
        default = {"autocomplete": "email"}


class PhoneBlock(TextFieldBlock):
    class Meta:
        icon = "mobile-alt"
        label = _("Phone")
        default = {"autocomplete": "tel"}


class NumberBlock(TextFieldBlock):
    class Meta:
        icon = "decimal"
        label = _("Number")


class UrlBlock(TextFieldBlock):
    class Meta:
        icon = "link"
        label = _("URL")


class DateBlock(LeadFieldBlock):
    autocomplete = AutocompleteBlock()

    class Meta:
        icon = "date"
        label = _("Date")


class CheckboxBlock(LeadFieldBlock):
    default = blocks.BooleanBlock(required=False, label=_("Ticked at first"))

    class Meta:
        icon = "tick-inverse"
        label = _("Checkbox")


class ConsentBlock(LeadFieldBlock):
    """A tick that visitors give; never ticked beforehand."""

    class Meta:
        icon = "lock-open"
        label = _("Consent")
        default = {"required": True}


class ChoiceFieldBlock(LeadFieldBlock):
    """A field whose visitors choose one of several values."""

    choices = ChoicesBlock(label=_("Choices"))
    default = ValueBlock(label=_("Chosen at first"))


class DropdownBlock(ChoiceFieldBlock):
    autocomplete = AutocompleteBlock()

    class Meta:
        icon = "arrow-down"
        label = _("Dropdown")


class RadioBlock(ChoiceFieldBlock):
    class Meta:
        icon = "radio-full"
        label = _("Radio buttons")


class SeveralChoicesBlock(ChoiceFieldBlock):
    """A field whose visitors choose any number of values."""

    default = LinesBlock(label=_("Chosen at first"), help_text=_("One value a line."))


class CheckboxesBlock(SeveralChoicesBlock):
    class Meta:
        icon = "tasks"
        label = _("Checkboxes")


class MultiSelectBlock(SeveralChoicesBlock):
    class Meta:
        icon = "list-ul"
        label = _("Multi-select")


class HiddenFieldBlock(LeadFieldBlock):
    """A value that goes with the form unseen; scripts on the page may set it."""

    tucked_away = ()
    required = None
    help_text = None
    default = ValueBlock(label=_("Value"))

    class Meta:
        icon = "no-view"
        label = _("Hidden")


class LeadFieldsBlock(blocks.StreamBlock):
    """The fields of a form, in order."""

    single_line = SingleLineBlock(group=_("Text"))
    multi_line = MultiLineBlock(group=_("Text"))
    email = EmailBlock(group=_("Text"))
    phone = PhoneBlock(group=_("Text"))
    url = UrlBlock(group=_("Text"))
    number = NumberBlock(group=_("Numbers and dates"))
    date = DateBlock(group=_("Numbers and dates"))
    dropdown = DropdownBlock(group=_("Choices"))
    radio = RadioBlock(group=_("Choices"))
    checkboxes = CheckboxesBlock(group=_("Choices"))
    multi_select = MultiSelectBlock(group=_("Choices"))
    checkbox = CheckboxBlock(group=_("Yes or no"))
    consent = ConsentBlock(group=_("Yes or no"))
    hidden = HiddenFieldBlock(group=_("Unseen"))

    class Meta:
        icon = "list-ul"
        required = False


class LeadFieldBlockAdapter(StructBlockAdapter):
    """Tells the editor's scripts which element is a field, and of which type."""

    def js_args(self, block):
        name, children, meta = super().js_args(block)
        field_type = block.field_type or block.name
        known = field_type if field_type in FITS else "single_line"
        attrs = {**meta["attrs"], "data-wsl-field-type": known}
        return [name, children, {**meta, "attrs": attrs}]


register(LeadFieldBlockAdapter(), LeadFieldBlock)
