"""One mail to the administrators when leads can no longer go to an org."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from wagtail.admin.mail import send_mail
from wagtail.admin.utils import get_admin_base_url
from wagtail.models import Site
from wagtail.permission_policies.sites import SitePermissionPolicy
from wagtail.users.models import UserProfile

from wagtail_salesforce_leads.conf import settings
from wagtail_salesforce_leads.models import OrgLane, SalesforceOrg, SalesforceSettings
from wagtail_salesforce_leads.models.leases import DatabaseNow
from wagtail_salesforce_leads.numerals import grouped

from .cards import waiting_leads
from .health_words import words_of
from .places import settings_url
from .visible import may_connect

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipient:
    address: str
    language: str


def recipients(site: Site | None) -> list[Recipient]:
    """Whom the site's settings name, else the setting, else those who may connect its orgs.

    For what belongs to a site that is gone: superusers.
    """
    named = SalesforceSettings.for_site(site).addresses if site else []
    if addresses := named or list(settings.DIGEST_RECIPIENTS):
        return [Recipient(address, _language_of(address)) for address in addresses]
    users = SitePermissionPolicy(SalesforceOrg).users_with_any_permission(["connect"])
    return [
        Recipient(user.email, UserProfile.get_for_user(user).get_preferred_language())
        for user in users.exclude(email="").distinct()
        if (user.is_superuser if site is None else may_connect(user, site))
    ]


def _language_of(address: str) -> str:
    """That of the user who has the address, if any."""
    user = get_user_model().objects.filter(email__iexact=address).first()
    if user is None:
        return django_settings.LANGUAGE_CODE
    return UserProfile.get_for_user(user).get_preferred_language()


def tell_once() -> None:
    """Mail about each org that stopped taking leads since the last time."""
    for lane in OrgLane.objects.untold().select_related("org__site"):
        news = OrgLane.objects.untold().filter(
            pk=lane.pk, health=lane.health, health_code=lane.health_code
        )
        if news.update(told_at=DatabaseNow()):
            _tell(lane)


def _tell(lane: OrgLane) -> None:
    for recipient in recipients(lane.org.site):
        try:
            with override(recipient.language):
                send_mail(_subject(lane), _message(lane), [recipient.address])
        except Exception as error:
            # Its text may hold the address.
            logger.error(
                "A notice about org %s was not sent: %s", lane.org_id, type(error).__name__
            )


def _subject(lane: OrgLane) -> str:
    return _("Salesforce: %(org)s – %(health)s") % {
        "org": lane.org,
        "health": lane.get_health_display(),
    }


def _message(lane: OrgLane) -> str:
    words = words_of(lane.health, lane.health_code)
    count = waiting_leads(lane.org)
    waiting = ngettext(
        "%(count)s lead is waiting. It is not lost: it goes out once this is repaired.",
        "%(count)s leads are waiting. None is lost: they go out once this is repaired.",
        count,
    )
    return "\n\n".join(
        [
            str(words.sentence),
            str(words.repair),
            waiting % {"count": grouped(count)},
            (get_admin_base_url() or "") + settings_url(lane.org.site, lane.org),
        ]
    )
