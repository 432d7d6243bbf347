from __future__ import annotations

from django.db import models
from django.test.utils import isolate_apps
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.contrib.forms.models import AbstractForm
from wagtail.fields import StreamField

from tests.site.models import LandingPage
from wagtail_salesforce_leads import checks
from wagtail_salesforce_leads.blocks import LeadFormBlock
from wagtail_salesforce_leads.panels import SalesforceFormMixin


def ids(problems) -> list[str]:
    return [problem.id.rpartition(".")[2] for problem in problems]


def test_test_site_has_every_piece():
    assert checks.check_forms_have_ids(None) == []
    assert checks.check_forms_are_in_published_models(None) == []
    assert checks.check_classic_forms_inherit_in_order(None) == []
    assert checks.check_publish_middleware(None) == []


def test_missing_middleware_is_named_with_its_line(settings):
    settings.MIDDLEWARE = []
    (problem,) = checks.check_publish_middleware(None)
    assert ids([problem]) == ["W022"]
    assert checks.PUBLISH_MIDDLEWARE in problem.hint


@isolate_apps("tests.site")
def test_form_as_struct_child_has_no_id_and_is_named(monkeypatch):
    class Teaser(blocks.StructBlock):
        form = LeadFormBlock()

    class Teasers(models.Model):  # noqa: DJ008
        body = StreamField([("teaser", Teaser())])

        class Meta:
            app_label = "test_site"

    monkeypatch.setattr(checks.apps, "get_models", lambda: [Teasers])
    assert ids(checks.check_forms_have_ids(None)) == ["E020"]


@isolate_apps("tests.site")
def test_form_in_inline_child_is_named(monkeypatch):
    class Slide(models.Model):  # noqa: DJ008
        page = ParentalKey(LandingPage, on_delete=models.CASCADE, related_name="+")
        body = StreamField([("lead_form", LeadFormBlock())])

        class Meta:
            app_label = "test_site"

    monkeypatch.setattr(checks.apps, "get_models", lambda: [Slide])
    assert ids(checks.check_forms_are_in_published_models(None)) == ["E021"]


@isolate_apps("tests.site")
def test_classic_form_that_inherits_too_late_is_named(monkeypatch):
    class Late(AbstractForm, SalesforceFormMixin):
        class Meta:
            app_label = "test_site"

    monkeypatch.setattr(checks.apps, "get_models", lambda: [Late])
    assert ids(checks.check_classic_forms_inherit_in_order(None)) == ["E023"]
