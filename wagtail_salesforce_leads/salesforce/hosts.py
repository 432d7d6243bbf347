"""Which addresses count as Salesforce. Tokens and leads go nowhere else.

Every URL is matched as a whole and rebuilt from the part that matched, so there is no parser to
disagree with: userinfo, ports, dots at the end, line breaks and other scripts have no place.
Host forms: forcedotcom/sfdx-core, "official test cases from domains team". Those of other clouds
(``my.salesforce.mil``, ``my.sfcrmproducts.cn``) are for a site to name, one by one, in EXTRA_HOSTS.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from .errors import SalesforceProblem
from .ids import id18

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
MY_DOMAIN = rf"(?:{LABEL}\.){{1,5}}my\.salesforce\.com"
LEGACY_INSTANCE = r"[a-z]{2,6}[0-9]{1,4}[a-z]?\.salesforce\.com"
LOGIN_HOST = re.compile(rf"(?:login|test)\.salesforce\.com|{MY_DOMAIN}", re.ASCII)
INSTANCE_HOST = re.compile(rf"{MY_DOMAIN}|{LEGACY_INSTANCE}", re.ASCII)

NEXT_RECORDS = re.compile(
    r"/services/data/v[0-9]{2,3}\.[0-9]/query(?:All)?/[a-zA-Z0-9-]+", re.ASCII
)
IDENTITY = re.compile(
    r"https?://[^/?#\s]+/id/(00D[a-zA-Z0-9]{12,15})/(005[a-zA-Z0-9]{12,15})", re.ASCII
)


class HostRefused(SalesforceProblem, ValueError):
    """An address is not Salesforce's: nothing was sent there. Correct it, or ask who changed it."""


def login_origin(url: str, extra: Collection[str] = ()) -> str:
    """``https://host`` of a login address: production, sandbox or the org's My Domain.

    ``extra`` names further origins that are taken exactly as written (the setting EXTRA_HOSTS).
    """
    return _origin(url, LOGIN_HOST, extra)


def instance_origin(url: str, extra: Collection[str] = ()) -> str:
    """``https://host`` of an org's API address, which is never a login host."""
    return _origin(url, INSTANCE_HOST, extra)


def _origin(url: str, host_form: re.Pattern[str], extra: Collection[str]) -> str:
    origin = url[:-1] if url.endswith("/") else url
    if origin in extra:
        return origin
    host = origin.lower().removeprefix("https://") if origin.isascii() else ""
    if len(host) == len(origin) - len("https://") and host_form.fullmatch(host):
        return f"https://{host}"
    raise HostRefused("The address is not one of Salesforce's.")


def query_path(next_records_url: str) -> str:
    """The path of a query's next page, once it is known to be nothing else."""
    if not NEXT_RECORDS.fullmatch(next_records_url):
        raise HostRefused("The address of the next page is not a query's.")
    return next_records_url


def record_url(instance_url: str, record_id: str, extra: Collection[str] = ()) -> str:
    """Where a person sees a record. Raises HostRefused, or RecordIdRefused for what is no id."""
    return f"{instance_origin(instance_url, extra)}/{id18(record_id)}"


def ids_from_identity(identity_url: str) -> tuple[str, str]:
    """Org id and user id, 18 characters each, of a token answer's ``id``. It is never fetched."""
    match = IDENTITY.fullmatch(identity_url)
    if match is None:
        raise HostRefused("The identity in the token answer is not an identity URL.")
    return id18(match[1]), id18(match[2])
