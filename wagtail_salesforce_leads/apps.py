from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WagtailSalesforceLeadsConfig(AppConfig):
    name = "wagtail_salesforce_leads"
    label = "wagtail_salesforce_leads"
    verbose_name = _("Salesforce leads")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks
        from .delivery import checks as delivery_checks  # noqa: F401
        from .delivery import receivers as delivery_receivers
        from .orgs import checks as org_checks  # noqa: F401
        from .panels import twins
        from .publishing import receivers
        from .submitting import checks as submitting_checks  # noqa: F401

        receivers.connect()
        twins.connect()
        delivery_receivers.connect(self)
