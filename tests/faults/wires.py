"""How a simulated tablet reaches the server: in this process, or over a real connection. A lost answer raises `Lost`."""

import http.client
import json
import re
import ssl
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from flask import Flask

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Lost(Exception):
    """Nothing came back, or not all of it: the sender knows nothing about what became of the request."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    kind: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def document(self) -> Any:
        """The JSON of the answer, or None: a page of a captive portal is no answer."""
        if not self.kind.startswith(JSON):
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


class Wire(Protocol):
    """Carries a request and its answer, with the cookies of one browser."""

    def ask(self, ask: Ask) -> Reply:
        """Raises Lost where nothing complete comes back."""


class InProcess:
    """Straight into the application."""

    def __init__(self, app: Flask) -> None:
        self.browser = app.test_client()

    def ask(self, ask: Ask) -> Reply:
        answer = self.browser.open(
            ask.path, method=ask.method, data=ask.body, content_type=ask.kind, headers=ask.headers
        )
        return Reply(answer.status_code, answer.content_type or "", answer.get_data(), dict(answer.headers))


class OverHttp:
    """Over a connection of its own; each request opens one, as a tablet does that was away."""

    def __init__(self, address: str, *, seconds: float = 60, trusts: ssl.SSLContext | None = None) -> None:
        self.address, self.seconds, self.trusts = address, seconds, trusts
        self.cookies: dict[str, str] = {}

    def ask(self, ask: Ask) -> Reply:
        where = urlsplit(self.address)
        host, port = where.hostname or "", where.port
        connection = (
            http.client.HTTPSConnection(host, port, timeout=self.seconds, context=self.trusts)
            if where.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=self.seconds)
        )
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Content-Type": ask.kind, "Cookie": cookie, **ask.headers}
        try:
            connection.request(ask.method, ask.path, body=ask.body or None, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            raise Lost(str(problem)) from problem
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        kind = answer.headers.get("Content-Type", "")
        return Reply(answer.status, kind, body, dict(answer.headers.items()))


def token_of(reply: Reply) -> str:
    """The token against forgery of a page with a form."""
    found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', reply.body)
    if found is None:
        raise Lost(f"a page without a token (status {reply.status})")
    return found[1].decode()


def sign_in(wire: Wire, username: str, password: str) -> str:
    """Sign in like anybody; the token for what follows."""
    token = token_of(wire.ask(Ask("GET", "/sign-in")))
    typed = {"username": username, "password": password, "csrf_token": token}
    reply = wire.ask(Ask("POST", "/sign-in", urlencode(typed).encode(), FORM))
    if reply.status != 303:
        raise Lost(f"could not sign in (status {reply.status})")
    return token_of(wire.ask(Ask("GET", "/password")))
