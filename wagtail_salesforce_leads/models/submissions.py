"""What a visitor sent. Kept whatever happens at Salesforce."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from .forms import LeadForm, LeadFormVersion
from .primary import PrimaryModel


class LeadSubmission(PrimaryModel):
    """One submitted form, with snapshots of where it came from: nothing here dies with a page."""

    class Spam(models.TextChoices):
        #: Nothing suspicious.
        NONE = "", _("No")
        #: A check found it suspicious; it is kept and not sent until a person says so.
        SUSPECTED = "suspected", _("Suspected")

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: Without an index of its own: two below begin with it.
    form = models.ForeignKey(
        LeadForm,
        null=True,
        on_delete=models.SET_NULL,
        related_name="submissions",
        db_index=False,
    )
    #: Here one begins with it.
    version = models.ForeignKey(
        LeadFormVersion,
        null=True,
        on_delete=models.SET_NULL,
        related_name="submissions",
        db_index=False,
    )
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), db_index=True)
    #: Made by the visitor's browser: a double click or a network retry is one submission.
    client_token = models.UUIDField(null=True, editable=False)

    #: Field key -> answer, as ``submitting`` stores it: text, list of texts, bool or ISO date.
    answers = models.JSONField(default=dict)
    #: Context name -> text: page title and URL, language, referrer, UTM, variant.
    context = models.JSONField(default=dict)
    #: Who it is, in one line for listings.
    who = models.CharField(_("who"), max_length=255, blank=True)

    form_title = models.CharField(_("form"), max_length=255)
    page_title = models.CharField(_("page"), max_length=255, blank=True)
    page_url = models.CharField(max_length=2000, blank=True)
    #: The object that held the form: "app.model" and its id.
    source_model = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    #: The wagtail.contrib.forms submission it mirrors, for classic form pages.
    form_submission_id = models.BigIntegerField(null=True, editable=False)

    is_test = models.BooleanField(_("test"), default=False)
    spam = models.CharField(max_length=20, choices=Spam.choices, blank=True, default=Spam.NONE)

    #: Its delivery, on rows that ``reports.visible.submissions_for`` found; None without one.
    current = None

    class Meta:
        verbose_name = _("lead submission")
        verbose_name_plural = _("lead submissions")
        default_permissions = ("delete", "view")
        ordering = ["-submitted_at", "-id"]
        indexes = [
            models.Index(fields=["form", "-submitted_at"], name="submission_of_form"),
            models.Index(fields=["version", "-submitted_at"], name="submission_of_version"),
            models.Index(
                fields=["source_model", "source_id", "-submitted_at"],
                name="submission_of_source",
            ),
            models.Index(
                fields=["form_submission_id", "source_model", "source_id"],
                name="submission_twin",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["form", "client_token"], name="submission_once_a_click")
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}"
