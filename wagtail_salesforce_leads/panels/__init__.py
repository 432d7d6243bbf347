"""The same integration for the form pages of ``wagtail.contrib.forms``."""

from .integration import IntegrationBlock, SalesforceFormMixin, SalesforceIntegrationPanel

__all__ = ["IntegrationBlock", "SalesforceFormMixin", "SalesforceIntegrationPanel"]
