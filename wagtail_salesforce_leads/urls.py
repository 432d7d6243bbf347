"""Include before Wagtail's: ``path("salesforce/", include("wagtail_salesforce_leads.urls"))``.

Only what visitors use. Admin addresses are registered in ``wagtail_hooks``.
"""

from __future__ import annotations

from django.urls import path

from .submitting.views import submit

app_name = "wagtail_salesforce_leads"

urlpatterns = [
    path("forms/<uuid:key>/", submit, name="submit"),
]
