"""Admin addresses of connected orgs. The callback is registered at Salesforce: keep it."""

from __future__ import annotations

from django.urls import path

from . import acts, screens, views

app_name = "wagtail_salesforce_leads_orgs"

urlpatterns = [
    path("callback/", views.CallbackView.as_view(), name="callback"),
    path("connect/<int:site_pk>/", views.ConnectView.as_view(), name="connect"),
    path("<int:pk>/reconnect/", acts.ReconnectView.as_view(), name="reconnect"),
    path("<int:pk>/check/", acts.CheckView.as_view(), name="check"),
    path("<int:pk>/fields/", acts.RefreshFieldsView.as_view(), name="refresh_fields"),
    path("<int:pk>/send-anyway/", acts.SendAnywayView.as_view(), name="send_anyway"),
    path("<int:pk>/options/", screens.OptionsView.as_view(), name="options"),
    path("<int:pk>/forms/", screens.FormsView.as_view(), name="forms"),
    path("<int:pk>/disconnect/", screens.DisconnectView.as_view(), name="disconnect"),
    path("<int:pk>/confirm-copy/", screens.ConfirmCopyView.as_view(), name="confirm_copy"),
]
