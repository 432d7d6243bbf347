"""Registers what the stations offer to Wagtail's admin; nothing is done here."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.admin_url_finder import register_admin_url_finder

from .models import SalesforceOrg
from .orgs import log_actions as org_log_actions
from .orgs.places import OrgURLFinder
from .orgs.views import SettingsView
from .panels.home import LeadsPanel
from .publishing.notices import warn_after_publish, warn_after_save
from .reports.bulk_actions import DeleteBulkAction, ResendBulkAction
from .reports.menu import LeadSubmissionsMenuItem


# Before Wagtail's own screen for the setting, whose address it keeps.
@hooks.register("register_admin_urls", order=-1)
def org_urls():
    setting = {"app_name": "wagtail_salesforce_leads", "model_name": "salesforcesettings"}
    address = "settings/wagtail_salesforce_leads/salesforcesettings/<int:pk>/"
    return [
        path(address, SettingsView.as_view(), setting),
        path("salesforce/", include("wagtail_salesforce_leads.orgs.urls")),
    ]


@hooks.register("register_icons")
def icons(icons):
    return [*icons, "wagtail_salesforce_leads/icons/salesforce.svg"]


@hooks.register("register_permissions")
def permissions():
    """Beside the settings', which Wagtail offers site by site."""
    return Permission.objects.filter(
        content_type__app_label="wagtail_salesforce_leads",
        codename__in=["connect_salesforceorg", "view_leadsubmission", "delete_leadsubmission"],
    )


hooks.register("register_log_actions", org_log_actions.register)
register_admin_url_finder(SalesforceOrg, OrgURLFinder)


@hooks.register("construct_homepage_panels")
def add_leads_panel(request, panels):
    panels.append(LeadsPanel())


@hooks.register("register_admin_urls")
def editor_urls():
    return [path("salesforce-leads/editor/", include("wagtail_salesforce_leads.blocks.urls"))]


@hooks.register("register_admin_urls")
def report_urls():
    return [path("lead-submissions/", include("wagtail_salesforce_leads.reports.urls"))]


def lead_submissions_item() -> LeadSubmissionsMenuItem:
    return LeadSubmissionsMenuItem(
        _("Lead submissions"),
        reverse("wagtail_salesforce_leads_reports:index"),
        name="lead-submissions",
        icon_name="salesforce",
        order=650,
    )


hooks.register("register_reports_menu_item", lead_submissions_item)
hooks.register("register_admin_menu_item", lead_submissions_item)
hooks.register("register_bulk_action", ResendBulkAction)
hooks.register("register_bulk_action", DeleteBulkAction)


@hooks.register("register_log_actions")
def report_log_actions(actions):
    actions.register_action(
        "wagtail_salesforce_leads.resend", _("Resend lead"), _("Sent the lead again")
    )
    actions.register_action(
        "wagtail_salesforce_leads.send_as_new", _("Send as new lead"), _("Sent as a new lead")
    )
    actions.register_action(
        "wagtail_salesforce_leads.move", _("Move leads"), _("Moved its waiting leads")
    )


hooks.register("after_publish_page", warn_after_publish)
hooks.register("after_publish", warn_after_publish)
hooks.register("after_create_snippet", warn_after_save)
hooks.register("after_edit_snippet", warn_after_save)
