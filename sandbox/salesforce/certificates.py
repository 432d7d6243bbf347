"""A certificate for this run, signed by an authority that exists only for it."""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path

import trustme


def make(names: list[str]) -> tuple[ssl.SSLContext, str]:
    """A server context, and the file with the authority that clients must trust."""
    authority = trustme.CA(organization_name="Salesforce simulator")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    ca_file = Path(tempfile.mkdtemp(prefix="salesforce-simulator-")) / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    return context, str(ca_file)
