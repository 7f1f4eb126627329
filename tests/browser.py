"""A visitor without scripts: Werkzeug's test client that reads every page as a strict reader would."""

import re
from contextvars import Context
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from competition.accounts.models import Account
from competition.database import db


class Browser:
    """Gets pages and sends forms, with the token that the last page carried."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.token = ""

    def sign_in(self, account: Account | str, password: str = "correct horse battery") -> TestResponse:
        username = account if isinstance(account, str) else account.username
        self.get("/sign-in")
        return self.post("/sign-in", {"username": username, "password": password})

    def get(self, path: str, *, expect: int | None = 200, **kwargs: Any) -> TestResponse:
        before = _writes()
        response = self._outside(lambda: self.client.get(path, **kwargs))
        assert _writes() == before, f"GET {path} wrote to the database"
        return self._read(response, path, expect)

    def post(
        self,
        path: str,
        fields: dict[str, Any] | None = None,
        *,
        expect: int | None = None,
        **kwargs: Any,
    ) -> TestResponse:
        data = {"csrf_token": self.token, **(fields or {})}
        response = self._outside(lambda: self.client.post(path, data=data, **kwargs))
        return self._read(response, path, expect)

    def post_json(self, path: str, body: Any, *, expect: int | None = None) -> TestResponse:
        response = self._outside(
            lambda: self.client.post(path, json=body, headers={"X-CSRFToken": self.token})
        )
        if expect is not None:
            assert response.status_code == expect, response.get_data(as_text=True)[:500]
        return response

    def _outside(self, send: Any) -> TestResponse:
        """A request sees only what is committed, and leaves the test's session to the test."""
        db.session.remove()
        response: TestResponse = Context().run(send)
        db.session.remove()
        return response

    def _read(self, response: TestResponse, path: str, expect: int | None) -> TestResponse:
        if expect is not None:
            assert response.status_code == expect, (
                f"{path}: {response.status_code}\n{response.get_data(as_text=True)[:2000]}"
            )
        if response.mimetype == "text/html" and response.status_code not in (
            301,
            302,
            303,
            304,
        ):
            body = response.get_data(as_text=True)
            check_page(body, path)
            if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', body):
                self.token = found.group(1)
        return response


def _writes() -> object:
    """What changes with every kept write: SQLite's data version, seen from a connection of its own."""
    engine = db.engine
    if engine.dialect.name != "sqlite":
        return None
    if not hasattr(engine, "_watcher"):
        engine._watcher = engine.connect()  # type: ignore[attr-defined]
    with engine._watcher.begin():  # type: ignore[attr-defined]
        return engine._watcher.execute(text("PRAGMA data_version")).scalar()  # type: ignore[attr-defined]


def close_watcher(engine: Engine) -> None:
    """Let go of the connection that watched."""
    if watcher := engine.__dict__.pop("_watcher", None):
        watcher.close()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings = 0
        self.title = ""
        self.language = ""
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.problems: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self._open.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"] or "")
        if tag == "html":
            self.language = attributes.get("lang") or ""
        if tag == "h1":
            self.headings += 1
        if tag == "label" and attributes.get("for"):
            self.labelled.add(attributes["for"] or "")
        if tag in ("input", "select", "textarea") and attributes.get("type") not in (
            "hidden",
            "submit",
            "button",
        ):
            self.controls.append({**attributes, "wrapped": "label" if "label" in self._open else None})
        if tag == "script" and not attributes.get("src") and attributes.get("type") != "application/json":
            self.problems.append("an inline script")
        if tag == "style" or "style" in attributes:
            self.problems.append("an inline style")
        if any(name.startswith("on") for name in attributes):
            self.problems.append("an inline event handler")
        if tag == "img" and "alt" not in attributes:
            self.problems.append("an image without alternative text")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data


def check_page(body: str, path: str) -> None:
    """One h1, a title, a language, labels for every control, unique ids, nothing inline."""
    page = _Page()
    page.feed(body)
    problems = list(page.problems)
    if page.headings != 1:
        problems.append(f"{page.headings} first-level headings")
    if not page.title.strip():
        problems.append("no title")
    if page.language not in ("zh-CN", "en"):
        problems.append(f"the language {page.language!r}")
    if twice := sorted({name for name in page.ids if page.ids.count(name) > 1}):
        problems.append(f"ids used twice: {twice}")
    for control in page.controls:
        named = (
            control.get("id") in page.labelled or control.get("aria-label") or control.get("aria-labelledby")
        )
        if not named and not control["wrapped"]:
            problems.append(f"a control without a label: {control.get('name')}")
    assert not problems, f"{path}: {problems}"
