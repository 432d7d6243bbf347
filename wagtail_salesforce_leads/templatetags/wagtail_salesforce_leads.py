"""``{% load wagtail_salesforce_leads %}{% lead_form value %}``: a LeadFormBlock's form.
``{{ count|grouped }}``: a number with the separators of the reader's language."""

from __future__ import annotations

from django import template

from wagtail_salesforce_leads.numerals import grouped
from wagtail_salesforce_leads.submitting.rendering import render_form

register = template.Library()
register.filter("grouped", grouped)


@register.simple_tag(takes_context=True)
def lead_form(context, value):
    """The form of a LeadFormBlock's value, for templates that place it themselves."""
    return render_form(value, context.get("request"), context.get("page"))
