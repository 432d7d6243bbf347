"""Why a connection was not made and what to do, in words, for each way it can end.

Capitals and dots as Salesforce spells its codes (contract: OAuth error codes of the callback and of
the token endpoint); the lower-case ones at the end are our own.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

CODE = re.compile(r"[A-Za-z_]{1,60}", re.ASCII)

APP_NOT_INSTALLED = (
    _("The app is not installed in this Salesforce org."),
    _(
        "Create the External Client App in the org you sign in to, or ask its administrator to "
        "approve it under Setup → Connected Apps OAuth Usage. Then connect again."
    ),
)
WRONG_APP = (
    _("Salesforce does not know the consumer key, or the secret does not belong to it."),
    _(
        "Copy both again from the app's settings in Salesforce. An app whose distribution state is "
        "Local works only in its own org: sign in at that org's My Domain address."
    ),
)
WORDS = {
    "access_denied": (
        _("Access was denied at Salesforce, so nothing was connected."),
        _("Connect again and choose Allow, or ask a person who may allow it."),
    ),
    "OAUTH_APPROVAL_ERROR_GENERIC": (
        _("Salesforce did not approve the app for this user."),
        _(
            "Check three things in Salesforce: the app is installed and its policy lets this user "
            "in; the scopes api, refresh_token and id are all selected on the app; and the user "
            "may sign in with a browser, which an API-only or integration user cannot."
        ),
    ),
    "OAUTH_EC_APP_NOT_FOUND": APP_NOT_INSTALLED,
    "app_not_found": APP_NOT_INSTALLED,
    "invalid_app_access": (
        _("This user is not approved for the app."),
        _(
            "The app admits only users approved by an administrator: give the user's profile or "
            "permission set access in the app's policies, then connect again."
        ),
    ),
    "redirect_uri_mismatch": (
        _("The callback address is not the one registered in the Salesforce app."),
        _(
            "Copy the callback URL from the set-up guide below into the app's OAuth settings, "
            "letter for letter. Salesforce may take ten minutes to take note."
        ),
    ),
    "invalid_scope": (
        _("The app may not give a permission that is needed."),
        _("Select the scopes api, refresh_token and id in the app's OAuth settings."),
    ),
    "invalid_client_id": WRONG_APP,
    "invalid_client": WRONG_APP,
    "signature": (
        _("The answer is not signed with this app's secret, so it was not believed."),
        _("Copy the consumer secret again from Salesforce: it may have been rotated."),
    ),
    "invalid_grant": (
        _("Salesforce did not accept its own authorisation code."),
        _("It was used already, or is older than a few minutes. Connect again."),
    ),
    "invalid_request": (
        _("Salesforce refused the request."),
        _("Check that Require PKCE is on and the Web Server Flow is enabled for the app."),
    ),
    "host": (
        _("The org's address is not one of Salesforce's, so nothing was connected."),
        _("Nothing was sent there. Ask your administrator who set up the login address."),
    ),
    "no_refresh_token": (
        _("Salesforce gave an authorisation that would end within hours, so it was not kept."),
        _(
            "Select the scope refresh_token (Perform requests at any time) in the app's OAuth "
            "settings, then connect again."
        ),
    ),
    "outage": (
        _("Salesforce did not answer as expected, so nothing was connected."),
        _("Its login may be busy or under maintenance. Try again in a few minutes."),
    ),
    "no_app": (
        _("There is no Salesforce app to connect with yet."),
        _("Follow the set-up guide and enter the app's consumer key and secret."),
    ),
    "no_callback": (
        _("This site does not know its own address."),
        _("Ask your developer to set WAGTAILADMIN_BASE_URL or REDIRECT_URI."),
    ),
    "secret_unreadable": (
        _("The saved consumer secret cannot be read with this site's encryption keys."),
        _("Enter the consumer key and secret again under Another login address or another app."),
    ),
    "used": (
        _("This reply from Salesforce was used already, or was never asked for."),
        _("If the account is not connected below, connect it again."),
    ),
    "late": (
        _("Signing in took longer than ten minutes, so the reply is no longer valid."),
        _("Connect again."),
    ),
    "other_user": (
        _("This connection was started by another person."),
        _("Connect again as yourself."),
    ),
    "other_browser": (
        _("This connection was started in another browser, or you have signed out since."),
        _("Connect again, and stay in this browser until you are back."),
    ),
    "not_allowed": (
        _("You may no longer connect Salesforce accounts for this site."),
        _("Ask an administrator for the permission."),
    ),
    "meanwhile": (
        _("%(org)s was reconnected or disconnected while you were signing in."),
        _("Nothing was changed. Look at its state below; reconnect only if it still needs it."),
    ),
    "other_org": (
        _("You signed in to %(other)s, but %(org)s is the account being reconnected."),
        _(
            "Nothing was changed. Reconnect and sign in as a user of %(org)s, or use Continue with "
            "Salesforce to add %(other)s as a further account."
        ),
    ),
}
#: What Salesforce may show on a page of its own instead of sending the person back.
SHOWN_BY_SALESFORCE = (
    "redirect_uri_mismatch",
    "invalid_client_id",
    "OAUTH_APPROVAL_ERROR_GENERIC",
    "OAUTH_EC_APP_NOT_FOUND",
)
UNKNOWN = (
    _("Salesforce ended the sign-in with the error %(code)s."),
    _("Check the app against the set-up guide below, then connect again."),
)


def shown_by_salesforce() -> list[tuple[str, str, str]]:
    """(code, sentence, repair) of the errors that never reach the callback."""
    return [(code, *WORDS[code]) for code in SHOWN_BY_SALESFORCE]


def sentence_and_repair(code: str, names: dict[str, str]) -> tuple[str, str]:
    """What happened and what to do. A code that is not known is shown if it looks like one."""
    shown = code if CODE.fullmatch(code) else "?"
    sentence, repair = WORDS.get(code, UNKNOWN)
    values = {"code": shown, **names}
    return str(sentence) % values, str(repair) % values
