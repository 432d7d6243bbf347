"""Leads from a Wagtail form into Salesforce: nothing lost, nothing doubled."""

__version__ = "0.1.0"
