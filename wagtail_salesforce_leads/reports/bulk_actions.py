"""Resend and delete for the rows ticked in the report, limited to what this person may see."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction

from ..delivery import resend
from ..models import LeadSubmission
from ..submitting.text import whole_number
from .detail import may_delete, next_path
from .views import LeadSubmissionsView
from .visible import submissions_for


class SubmissionBulkAction(BulkAction):
    models = [LeadSubmission]
    template_name = "wagtail_salesforce_leads/reports/confirm_bulk.html"

    def __init__(self, request, model):
        super().__init__(request, model)
        self.next_url = next_path(request) or request.path

    def get_queryset(self, model, object_ids):
        """``object_ids``: as ticked, in the address, or a query for all of a listing."""
        if isinstance(object_ids, list):
            object_ids = [whole_number(pk) for pk in object_ids]
        return list(submissions_for(self.request.user).filter(pk__in=object_ids))

    def get_all_objects_in_listing_query(self, parent_id):
        """What the listing shows: Wagtail's script hands its search and filters on."""
        listing = LeadSubmissionsView()
        listing.setup(self.request)
        return listing.get_queryset().values_list("pk", flat=True)

    def get_context_data(self, **kwargs):
        return super().get_context_data(action=self, **kwargs)

    def get_execution_context(self):
        return {"user": self.request.user}


class ResendBulkAction(SubmissionBulkAction):
    display_name = _("Resend")
    action_type = "resend"
    aria_label = _("Resend selected submissions")
    question = _("Send these leads again? Those that are in Salesforce already are left alone.")
    confirm_label = _("Yes, resend")
    action_priority = 10

    def check_perm(self, submission):
        return submission.current is not None

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        sent = 0
        for submission in objects:
            try:
                resend.resend(submission.current, mapping=resend.TODAY, user=user)
            except resend.ResendRefused:
                continue
            sent += 1
        return sent, 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return ngettext(
            "%(count)d lead goes out again.", "%(count)d leads go out again.", num_parent_objects
        ) % {"count": num_parent_objects}


class DeleteBulkAction(SubmissionBulkAction):
    display_name = _("Delete")
    action_type = "delete"
    aria_label = _("Delete selected submissions")
    question = _("Delete these submissions? What is in Salesforce stays there.")
    confirm_label = _("Yes, delete")
    action_priority = 20
    classes = {"serious"}

    def check_perm(self, submission):
        return may_delete(self.request.user)

    @classmethod
    def execute_action(cls, objects, **kwargs):
        LeadSubmission.objects.filter(pk__in=[submission.pk for submission in objects]).delete()
        return len(objects), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return ngettext(
            "%(count)d submission was deleted.",
            "%(count)d submissions were deleted.",
            num_parent_objects,
        ) % {"count": num_parent_objects}
