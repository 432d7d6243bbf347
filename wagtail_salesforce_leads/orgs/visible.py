"""Who may see an org and who may connect one. Both follow the org's site."""

from __future__ import annotations

from django.http import Http404
from wagtail.models import Site
from wagtail.permission_policies.sites import SitePermissionPolicy
from wagtail.permissions import page_permission_policy

from wagtail_salesforce_leads.models import SalesforceOrg, SalesforceSettings
from wagtail_salesforce_leads.models.orgs import SalesforceOrgQuerySet

PAGE_ACTIONS = {"add", "change", "publish"}


def may_connect(user, site: Site | None) -> bool:
    """Whether ``user`` may connect, change and disconnect the orgs of ``site``.

    Takes both permissions for that site: ``change_salesforcesettings``, which Wagtail's group
    screen gives site by site, and ``connect_salesforceorg``.
    """
    return (
        site is not None
        and may_change_settings(user, site)
        and SitePermissionPolicy(SalesforceOrg).user_has_permission_for_instance(
            user, "connect", site
        )
    )


def may_change_settings(user, site: Site) -> bool:
    policy = SalesforceSettings.get_permission_policy()
    return policy.user_has_permission_for_instance(user, "change", site)


def sites_with_settings(user):
    """The sites whose Salesforce settings ``user`` may change."""
    policy = SalesforceSettings.get_permission_policy()
    return policy.sites_user_has_permission_for(user, "change")


def may_use(user, site: Site) -> bool:
    """Whether ``user`` may send forms to the orgs of ``site``: editors of its pages may."""
    if may_change_settings(user, site):
        return True
    pages = page_permission_policy.instances_user_has_any_permission_for(user, PAGE_ACTIONS)
    own = pages.filter(path__startswith=site.root_page.path)
    for path in _roots_within(site):
        own = own.exclude(path__startswith=path)
    return own.exists()


def _roots_within(site: Site):
    """Paths of other sites' roots below this site's: their pages are no pages of this site."""
    root = site.root_page.path
    others = Site.objects.filter(root_page__path__startswith=root).exclude(root_page__path=root)
    return others.values_list("root_page__path", flat=True)


def orgs_of(user, site: Site | None) -> SalesforceOrgQuerySet:
    """The connected orgs that ``user`` may choose in a form of ``site``.

    Without a site, as in a snippet: those of all sites whose settings the user may change.
    """
    orgs = SalesforceOrg.objects.connected().order_by("name", "pk")
    if site is None:
        return orgs.filter(site__in=sites_with_settings(user))
    return orgs.for_site(site) if may_use(user, site) else orgs.none()


def org_or_404(user, pk) -> SalesforceOrg:
    """The org, where ``user`` may use it; Http404 for any other, existing or not."""
    org = _org(pk)
    if org is None or org.site is None or not may_use(user, org.site):
        raise Http404
    return org


def connectable_org_or_404(user, pk) -> SalesforceOrg:
    """The org, where ``user`` may connect and disconnect it; Http404 for any other."""
    org = _org(pk)
    if org is None or not may_connect(user, org.site):
        raise Http404
    return org


def _org(pk) -> SalesforceOrg | None:
    return SalesforceOrg.objects.select_related("site__root_page").named_by(str(pk))
