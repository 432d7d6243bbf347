"""What the editor's scripts ask for, as JSON. Registered in the admin."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "wagtail_salesforce_leads_editor"

urlpatterns = [
    path("orgs/", views.orgs, name="orgs"),
    path("properties/", views.properties, name="properties"),
    path("campaigns/", views.campaigns, name="campaigns"),
    path("statuses/", views.statuses, name="statuses"),
    path("dry-run/", views.dry_run, name="dry_run"),
    path("test-lead/", views.test_lead, name="test_lead"),
]
