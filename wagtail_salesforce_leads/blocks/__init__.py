"""What an editor arranges: a form, its fields and its Salesforce integration."""

from wagtail_salesforce_leads.submitting.fields import common as common_arguments
from wagtail_salesforce_leads.submitting.fields import register as register_field_type

from .fields import (
    CheckboxBlock,
    CheckboxesBlock,
    ChoiceFieldBlock,
    ConsentBlock,
    DateBlock,
    DropdownBlock,
    EmailBlock,
    HiddenFieldBlock,
    LeadFieldBlock,
    LeadFieldsBlock,
    MultiLineBlock,
    MultiSelectBlock,
    NumberBlock,
    PhoneBlock,
    RadioBlock,
    SeveralChoicesBlock,
    SingleLineBlock,
    TextFieldBlock,
    UrlBlock,
)
from .form import LeadFormBlock
from .mapping import PropertyMappingBlock
from .salesforce import SalesforceIntegrationBlock

__all__ = [
    "CheckboxBlock",
    "CheckboxesBlock",
    "ChoiceFieldBlock",
    "ConsentBlock",
    "DateBlock",
    "DropdownBlock",
    "EmailBlock",
    "HiddenFieldBlock",
    "LeadFieldBlock",
    "LeadFieldsBlock",
    "LeadFormBlock",
    "MultiLineBlock",
    "MultiSelectBlock",
    "NumberBlock",
    "PhoneBlock",
    "PropertyMappingBlock",
    "RadioBlock",
    "SalesforceIntegrationBlock",
    "SeveralChoicesBlock",
    "SingleLineBlock",
    "TextFieldBlock",
    "UrlBlock",
    "common_arguments",
    "register_field_type",
]
