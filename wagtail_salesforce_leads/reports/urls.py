from __future__ import annotations

from django.urls import path

from . import detail, moving, views

app_name = "wagtail_salesforce_leads_reports"

urlpatterns = [
    path("", views.LeadSubmissionsView.as_view(), name="index"),
    path("results/", views.LeadSubmissionsView.as_view(results_only=True), name="index_results"),
    path("move/<int:pk>/", moving.MoveView.as_view(), name="move"),
    path("<int:pk>/", detail.SubmissionView.as_view(), name="detail"),
    path("<int:pk>/resend/", detail.ResendView.as_view(), name="resend"),
    path("<int:pk>/send-as-new/", detail.SendAsNewView.as_view(), name="send_as_new"),
    path("<int:pk>/delete/", detail.DeleteView.as_view(), name="delete"),
]
