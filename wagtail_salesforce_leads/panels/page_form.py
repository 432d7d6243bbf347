"""The editor's form of a classic form page with a Salesforce integration.

The mapping names a form field by its name. A field that was never saved has none yet: between the
browser and here it goes by the prefix of its inputs, such as "form_fields-3".
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from django.db import models
from wagtail.blocks import StreamBlockValidationError, StreamValue
from wagtail.contrib.forms.forms import WagtailAdminFormPageForm

from wagtail_salesforce_leads.blocks.errors import as_block_error
from wagtail_salesforce_leads.publishing.editing import edited_site
from wagtail_salesforce_leads.publishing.problems import problems_in

from .classic_forms import content_of_page, name_of

FORM_FIELDS = "form_fields"
INTEGRATION = "salesforce"


class SalesforceFormPageForm(WagtailAdminFormPageForm):
    """Checks the integration against the form fields beside it, as ``LeadFormBlock`` does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if FORM_FIELDS in self.formsets and INTEGRATION in self.initial:
            prefixes = {
                name_of(form.instance): form.prefix
                for form in self.formsets[FORM_FIELDS].forms
                if form.instance.pk is None and form.instance.label
            }
            self.initial[INTEGRATION] = _renamed(self.initial[INTEGRATION], prefixes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get(INTEGRATION) and FORM_FIELDS in self.formsets:
            fields = self._kept_fields()
            names = {prefix: name_of(field) for prefix, field in fields.items()}
            cleaned[INTEGRATION] = _renamed(cleaned[INTEGRATION], names)
            if not self.is_deferred_validation:
                self._check(cleaned[INTEGRATION], list(fields.values()))
        return cleaned

    def _kept_fields(self) -> dict[str, models.Model]:
        """Input prefix -> form field, those that an editor deleted left out."""
        formset = self.formsets[FORM_FIELDS]
        forms = [form for form in formset.forms if form.is_valid()]
        return {
            form.prefix: form.instance
            for form in forms
            if not form.cleaned_data.get("DELETE") and form.instance.label
        }

    def _check(self, integration: StreamValue, fields: list[models.Model]) -> None:
        content = content_of_page(fields, integration[0].value)
        error = as_block_error(problems_in(content, edited_site()))
        if error is None:
            return
        if said := error.block_errors.pop(INTEGRATION, None):
            self.add_error(INTEGRATION, StreamBlockValidationError(block_errors={0: said}))
        for other in error.block_errors.values():
            self.add_error(None, other.messages)


def _renamed(integration: StreamValue, names: Mapping[str, str]) -> StreamValue:
    """A copy of the integration in which the mapping's rows name fields by their new names."""
    raw = copy.deepcopy(integration.get_prep_value())
    for item in raw:
        for row in item["value"].get("mapping") or ():
            if row["source"] == "field":
                row["value"] = names.get(row["value"], row["value"])
    return integration.stream_block.to_python(raw)
