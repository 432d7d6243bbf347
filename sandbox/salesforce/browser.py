"""A browser as small as a login needs: it fills in the forms and follows Salesforce's redirects."""

from __future__ import annotations

import re
import ssl
import urllib.request
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin

from .users import PASSWORD

FORM = re.compile(r'<form method="post" action="(/\w+)".*?name="login" value="([\w-]+)"', re.S)


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


class Browser:
    """One person's browser; it stays signed in from one visit to the next."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.opener = urllib.request.build_opener(
            _StayHere,
            urllib.request.HTTPCookieProcessor(CookieJar()),
            urllib.request.HTTPSHandler(context=tls),
        )

    def authorize(
        self, url: str, username: str, password: str = PASSWORD, decision: str = "allow"
    ) -> str:
        """Log in and decide. The address the browser is sent to in the end.

        That is the site's callback, or Salesforce's own error page. Raises ValueError if the page
        shows the login form again.
        """
        address, text = self._open(url)
        if 'name="password"' in text:
            answers = {"username": username, "password": password}
            address, text = self._submit(address, text, answers)
            if 'name="password"' in text:
                raise ValueError("Salesforce did not accept the username and password")
        if 'name="decision"' in text:
            address, text = self._submit(address, text, {"decision": decision})
        return address

    def _submit(self, address: str, text: str, answers: dict[str, str]) -> tuple[str, str]:
        action, login = FORM.search(text).groups()
        return self._open(urljoin(address, action), {"login": login, **answers})

    def _open(self, url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Where it leads and what it shows; a redirect is not followed but returned."""
        data = None if form is None else urlencode(form).encode()
        try:
            with self.opener.open(url, data, timeout=30) as answer:
                return url, answer.read().decode()
        except HTTPError as answer:
            with answer:
                if answer.code in {301, 302, 303}:
                    return urljoin(url, answer.headers["Location"]), ""
                return url, answer.read().decode()
