"""What an editor arranges: a form, its fields and its Salesforce integration."""

from .fields import (
    ChoiceFieldBlock,
    LeadFieldBlock,
    LeadFieldsBlock,
    SeveralChoicesBlock,
    TextFieldBlock,
)
from .form import LeadFormBlock
from .mapping import PropertyMappingBlock
from .salesforce import SalesforceIntegrationBlock

__all__ = [
    "ChoiceFieldBlock",
    "LeadFieldBlock",
    "LeadFieldsBlock",
    "LeadFormBlock",
    "PropertyMappingBlock",
    "SalesforceIntegrationBlock",
    "SeveralChoicesBlock",
    "TextFieldBlock",
]
