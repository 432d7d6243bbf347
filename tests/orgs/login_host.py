"""A login host and an org of a few lines, real HTTP, for what has to be counted or provoked.

It rotates refresh tokens and, as Salesforce does, ends everything when an old one comes again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

ORG_ID = "00D000000000001EAA"
USER_ID = "005000000000001AAA"
CLIENT_SECRET = "test-secret"
FIRST_REFRESH_TOKEN = "planted-refresh-0"
FIRST_ACCESS_TOKEN = "planted-access-0"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """Quiet: clients are killed on purpose."""


class LoginHost:
    """``origin`` is its address. The attributes may be changed while it runs."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rotates = True
        #: What is good now, and what was given out last.
        self.refresh_tokens = {FIRST_REFRESH_TOKEN}
        self.sessions = {FIRST_ACCESS_TOKEN}
        self.refresh_token = FIRST_REFRESH_TOKEN
        self.access_token = FIRST_ACCESS_TOKEN
        #: A refresh token came a second time.
        self.is_revoked = False
        #: Refresh calls that were made, revoked tokens, REST calls.
        self.refreshes: list[str] = []
        self.revoked: list[str] = []
        self.rest_calls: list[str] = []
        #: Seconds a refresh takes, and what it answers instead: (status, body).
        self.delay = 0.0
        self.instead: tuple[int, object] | None = None
        self.org_id = ORG_ID
        self.client_secret = CLIENT_SECRET
        self.server = Server(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def expire(self) -> None:
        """End all sessions."""
        self.sessions.clear()

    def revoke(self) -> None:
        self.expire()
        self.refresh_tokens.clear()
        self.is_revoked = True

    def connect(self) -> tuple[str, str]:
        """Another authorisation beside the first: its access and refresh token."""
        self.access_token, self.refresh_token = "planted-new-access", "planted-new-refresh"
        self.sessions.add(self.access_token)
        self.refresh_tokens.add(self.refresh_token)
        return self.access_token, self.refresh_token

    def token(self, form: dict[str, str]) -> tuple[int, object]:
        with self.lock:
            self.refreshes.append(form["refresh_token"])
            instead = self.instead
        time.sleep(self.delay)
        if instead:
            return instead
        with self.lock:
            if form["refresh_token"] not in self.refresh_tokens:
                self.revoke()
                return 400, {
                    "error": "invalid_grant",
                    "error_description": "expired access/refresh token",
                }
            return 200, self._new_tokens(form["refresh_token"])

    def _new_tokens(self, used: str) -> dict[str, str]:
        number = len(self.refreshes)
        self.access_token = f"planted-access-{number}"
        self.sessions.add(self.access_token)
        answer = {
            "access_token": self.access_token,
            "instance_url": self.origin,
            "id": f"{self.origin}/id/{self.org_id}/{USER_ID}",
            "issued_at": str(int(time.time() * 1000)),
            "scope": "api refresh_token id",
            "token_type": "Bearer",
        }
        if self.rotates:
            self.refresh_token = answer["refresh_token"] = f"planted-refresh-{number}"
            self.refresh_tokens.remove(used)
            self.refresh_tokens.add(self.refresh_token)
        signed = (answer["id"] + answer["issued_at"]).encode()
        digest = hmac.new(self.client_secret.encode(), signed, hashlib.sha256).digest()
        return {**answer, "signature": base64.b64encode(digest).decode()}

    def rest(self, path: str, authorization: str) -> tuple[int, object]:
        self.rest_calls.append(path)
        if authorization.removeprefix("Bearer ") not in self.sessions:
            message = "Session expired or invalid"
            return 401, [{"message": message, "errorCode": "INVALID_SESSION_ID"}]
        return 200, {"DailyApiRequests": {"Max": 15000, "Remaining": 14000}}

    def _handler(host) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = parse_qs(self.rfile.read(length).decode())
                form = {name: values[0] for name, values in body.items()}
                if self.path.endswith("/token"):
                    self.answer(*host.token(form))
                else:
                    host.revoked.append(form["token"])
                    self.answer(200, {})

            def do_GET(self) -> None:
                self.answer(*host.rest(self.path, self.headers["Authorization"]))

            def answer(self, status: int, body: object) -> None:
                text = body if isinstance(body, str) else json.dumps(body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args) -> None:
                """Quiet."""

        return Handler
