"""Why an org cannot be asked just now, and what becomes of its leads meanwhile."""

from __future__ import annotations

from wagtail_salesforce_leads.exceptions import SalesforceLeadsError
from wagtail_salesforce_leads.models import Delivery, OrgLane

Health = OrgLane.Health
Hold = Delivery.Hold


class OrgUnavailable(SalesforceLeadsError):
    """The root. ``code`` has words in ``orgs.health_words``."""

    #: What the org's card says; empty where nothing is wrong with the connection.
    health: str = ""
    #: A ``Delivery.Hold``: leads are held until the org comes back. Empty: just try again later.
    hold_reason: str = ""
    code = "unavailable"

    def __init__(self, code: str = "") -> None:
        self.code = (code or self.code)[:80]
        super().__init__(self.code)


class NotConnected(OrgUnavailable):
    """Nobody has connected it, or somebody disconnected it."""

    hold_reason = Hold.RECONNECT
    code = "not_connected"


class GrantDead(OrgUnavailable):
    """Salesforce ended the authorisation: only reconnecting helps."""

    health = Health.RECONNECT
    hold_reason = Hold.RECONNECT
    code = "expired"


class SecretUnreadable(OrgUnavailable):
    """No encryption key of this site opens a stored secret. A local fault: the grant lives."""

    health = Health.RECONNECT
    hold_reason = Hold.RECONNECT
    code = "secret_unreadable"


class CopiedDatabase(OrgUnavailable):
    """The grant was made in another installation: it is not ours to use, nor to burn."""

    health = Health.COPY
    hold_reason = Hold.COPY
    code = "copy"


class AppRefused(OrgUnavailable):
    """Salesforce refuses the app: its key, its secret or its policies have to be repaired."""

    health = Health.RECONNECT
    hold_reason = Hold.MISCONFIGURED
    code = "invalid_client"


class StaleSession(OrgUnavailable):
    """A new session is needed, but the caller is inside a transaction, whose rollback could cost
    the grant. Use what is cached; a worker has been asked to sign in.
    """

    code = "stale_session"


class OrgSilent(OrgUnavailable):
    """It did not answer a question, or refused it. ``code`` is Salesforce's, where it gave one."""

    code = "no_answer"


class TokenOutage(OrgUnavailable):
    """Signing in does not work just now, and nothing says that the grant is dead."""

    health = Health.UNREACHABLE
    code = "outage"


class SessionRefused(TokenOutage):
    """A session that was made a moment ago is refused: a policy of the org, not the grant."""

    health = Health.PERMISSION
    code = "session_refused"


class BudgetSpent(TokenOutage):
    """The time that an editor's request has for Salesforce is used up."""

    health = ""
    code = "budget_spent"
