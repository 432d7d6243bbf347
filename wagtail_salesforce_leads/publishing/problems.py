"""Everything that is wrong with a form at this moment: its structure, and its org's schema.

For editors' screens: may ask Salesforce, within the editor's budget. The gate does not come here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from wagtail_salesforce_leads.models import LeadForm, SalesforceOrg
from wagtail_salesforce_leads.orgs import access, schema
from wagtail_salesforce_leads.orgs.visible import may_use

from .checks import schema_problems, structure_problems
from .definition import FormContent, content_of
from .editing import current_request, edited_site, is_edited, seconds_left
from .problem import ACCOUNT, Problem


def problems_of(value: Mapping[str, Any], site: Site | None = None) -> list[Problem]:
    """The problems of a LeadFormBlock's value. Never raises because of Salesforce.

    ``site`` is that of the object that holds the form; by default, of the page being edited.
    """
    return problems_in(content_of(value), site or edited_site(), value.get("form_key"))


def problems_in(content: FormContent, site: Site | None, key: str | None = None) -> list[Problem]:
    """``key`` is the form's, where it has one: what is published with it may stay."""
    problems = structure_problems(content)
    if not content.integration.sync or not content.integration.account:
        return problems
    org = SalesforceOrg.objects.named_by(content.integration.account)
    if org and _is_hidden(org, site, key):
        org = None
    if problem := _org_problem(org, site):
        return [*problems, problem]
    return [*problems, *schema_problems(content, _schema(org, content.integration.campaign_id))]


def _org_problem(org: SalesforceOrg | None, site: Site | None) -> Problem | None:
    if org is None:
        return Problem(
            "account_gone", ACCOUNT, _("This account no longer exists. Choose another one.")
        )
    if not org.is_connected:
        return Problem(
            "account_disconnected",
            ACCOUNT,
            _("%(account)s was disconnected. Connect it again, or choose another account."),
            {"account": org},
        )
    if site is not None and org.site_id != site.pk:
        return Problem(
            "account_other_site",
            ACCOUNT,
            _("%(account)s belongs to another site. Choose an account of %(site)s."),
            {"account": org, "site": site},
        )
    return None


def _is_hidden(org: SalesforceOrg, site: Site | None, key: str | None) -> bool:
    """Whether this editor must not use nor learn of it, as in the account list.

    A snippet belongs to no site; what somebody who may has published with it stays.
    """
    user = getattr(current_request(), "user", None)
    if user is None or (site is not None and org.site_id == site.pk):
        return False
    if org.site is not None and may_use(user, org.site):
        return False
    return site is not None or not _is_published_with(key, org)


def _is_published_with(key: str | None, org: SalesforceOrg) -> bool:
    form = LeadForm.objects.by_key(key) if key else None
    version = form.current_version if form and is_edited(form) else None
    return version is not None and version.org_id == org.pk


def _schema(org: SalesforceOrg, campaign_id: str) -> schema.Schema:
    """The org's schema, read anew if the org answers in time; else as it was last read."""
    with access.budget(seconds_left()):
        if campaign_id:
            schema.campaign(org, campaign_id)
        return schema.fresh(org)
