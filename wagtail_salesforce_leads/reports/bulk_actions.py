"""Resend and delete for the rows ticked in the report, limited to what this person may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction

from wagtail_salesforce_leads.delivery.resend_many import STATES, BulkResend
from wagtail_salesforce_leads.models import LeadSubmission
from wagtail_salesforce_leads.numerals import grouped
from wagtail_salesforce_leads.submitting.text import whole_number

from .detail import may_delete, next_path
from .log_entries import RESEND, log_each
from .paging import BoundedPaginator
from .views import LeadSubmissionsView
from .visible import submissions_for

#: Rows that the confirmation names; of the others it says how many.
NAMED = 10
#: Submissions a statement.
CHUNK = 500


class SubmissionBulkAction(BulkAction):
    """What the confirmation counted comes back with it, so no other submission is acted on."""

    models = [LeadSubmission]
    template_name = "wagtail_salesforce_leads/reports/confirm_bulk.html"

    def __init__(self, request, model):
        super().__init__(request, model)
        self.next_url = next_path(request) or request.path

    @cached_property
    def chosen(self) -> list[int]:
        """As confirmed, as ticked, or all of the listing that its pages show, newest first."""
        if confirmed := self.request.POST.get("confirmed"):
            return _whole_numbers(confirmed.split(",")[: BoundedPaginator.most])
        ids = self.request.GET.getlist("id")
        if "all" in ids:
            return list(self.get_all_objects_in_listing_query(None)[: BoundedPaginator.most])
        return _whole_numbers(ids)

    def get_all_objects_in_listing_query(self, parent_id):
        """What the listing shows: Wagtail's script hands its search and filters on."""
        listing = LeadSubmissionsView()
        listing.setup(self.request)
        return listing.get_queryset().values_list("pk", flat=True)

    @property
    def visible(self) -> QuerySet[LeadSubmission]:
        return submissions_for(self.request.user).filter(pk__in=self.chosen)

    def actionable(self, submissions: QuerySet[LeadSubmission]) -> QuerySet[LeadSubmission]:
        raise NotImplementedError

    def question(self, count: int) -> str:
        raise NotImplementedError

    def left_alone(self, count: int) -> str:
        """What is said of those that were chosen and are not acted on."""
        return ""

    def get_actionable_objects(self):
        """A query, since there may be thousands."""
        return self.actionable(self.visible).order_by("-submitted_at", "-pk"), {}

    def get_context_data(self, **kwargs):
        objects, _without = self.get_actionable_objects()
        pks = pks_of(objects)
        named = list(objects.filter(pk__in=pks[:NAMED]))
        left = self.visible.count() - len(pks)
        return {
            "action": self,
            "items": named,
            "question": self.question(len(pks)),
            "more": len(pks) - len(named),
            "left_alone": self.left_alone(left) if left > 0 else "",
            "confirmed": ",".join(map(str, pks)),
            "next": self.next_url,
            "submit_url": self.request.get_full_path(),
            "model_opts": self.model._meta,
            **kwargs,
        }

    def get_execution_context(self):
        return {"user": self.request.user}


class ResendBulkAction(SubmissionBulkAction):
    display_name = _("Resend with today's mapping")
    action_type = "resend"
    aria_label = _("Resend selected submissions with today's mapping")
    confirm_label = _("Yes, resend")
    action_priority = 10

    def actionable(self, submissions):
        return submissions.filter(current__state__in=STATES)

    def question(self, count: int) -> str:
        return ngettext(
            "Send %(count)s lead again, with today's mapping?",
            "Send %(count)s leads again, with today's mapping?",
            count,
        ) % {"count": grouped(count)}

    def left_alone(self, count: int) -> str:
        return ngettext(
            "%(count)s chosen submission is left alone: in Salesforce already, on its way, or "
            "not to be sent.",
            "%(count)s chosen submissions are left alone: in Salesforce already, on their way, or "
            "not to be sent.",
            count,
        ) % {"count": grouped(count)}

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        pks = pks_of(objects)
        sent = BulkResend().resend(pks)
        for some in chunks(sent):
            log_each(LeadSubmission.objects.filter(pk__in=some), RESEND, user)
        return len(sent), len(pks) - len(sent)

    def get_success_message(self, num_parent_objects, num_child_objects):
        sent = ngettext(
            "%(count)s lead goes out again.", "%(count)s leads go out again.", num_parent_objects
        ) % {"count": grouped(num_parent_objects)}
        if not num_child_objects:
            return sent
        refused = ngettext(
            "%(count)s stays as it is: today's form or mapping does not take it.",
            "%(count)s stay as they are: today's form or mapping does not take them.",
            num_child_objects,
        ) % {"count": grouped(num_child_objects)}
        return f"{sent} {refused}"


class DeleteBulkAction(SubmissionBulkAction):
    display_name = _("Delete")
    action_type = "delete"
    aria_label = _("Delete selected submissions")
    confirm_label = _("Yes, delete")
    action_priority = 20
    classes = {"serious"}

    def actionable(self, submissions):
        return submissions if may_delete(self.request.user) else submissions.none()

    def question(self, count: int) -> str:
        return ngettext(
            "Delete %(count)s submission? What is in Salesforce stays there.",
            "Delete %(count)s submissions? What is in Salesforce stays there.",
            count,
        ) % {"count": grouped(count)}

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        pks = pks_of(objects)
        for some in chunks(pks):
            submissions = LeadSubmission.objects.filter(pk__in=some)
            log_each(submissions, "wagtail.delete", user)
            submissions.delete()
        return len(pks), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return ngettext(
            "%(count)s submission was deleted.",
            "%(count)s submissions were deleted.",
            num_parent_objects,
        ) % {"count": grouped(num_parent_objects)}


def chunks(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    return (pks[at : at + CHUNK] for at in range(0, len(pks), CHUNK))


def pks_of(submissions: QuerySet[LeadSubmission]) -> Sequence[int]:
    return list(submissions.values_list("pk", flat=True))


def _whole_numbers(texts: list[str]) -> list[int]:
    """Without what is none, as in an address somebody wrote."""
    return [number for text in texts if (number := whole_number(text)) is not None]
