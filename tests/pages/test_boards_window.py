"""The window before the boards: the same answer as the application gives, for nobody who has a session, and not for long."""

from collections.abc import Callable
from contextvars import Context
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from competition.boards.window import MOST_ANSWERS, Window
from competition.competitions.queries import event_by_id
from competition.database import db
from competition.rules.access import Role
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import boards as a
from tests.builders import results
from tests.pages.test_boards_pages import PAGES, live

STANDING_STILL = 0.0
"""A clock on which every answer is good for ever."""


class Visitors:
    """People before the window, and how often the application was asked."""

    def __init__(self, app: Flask, clock: Callable[[], float] = lambda: STANDING_STILL) -> None:
        self.asked = 0
        self._app = app
        self._window = Window(self._inside, clock)

    def _inside(self, environ, start_response):
        """A request sees only what is committed, and nothing of the test's own context."""
        self.asked += 1
        db.session.remove()
        return Context().run(self._app.wsgi_app, environ, start_response)

    def get(self, path: str, **headers: str) -> TestResponse:
        return Client(self._window, use_cookies=False).get(
            path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )


@pytest.mark.parametrize("page", PAGES)
def test_the_window_answers_as_the_application_did(app: Flask, page: str) -> None:
    visitors, path = Visitors(app), f"/events/{live()}/{page}"
    first, second = visitors.get(path), visitors.get(path)
    assert (first.data, list(first.headers)) == (second.data, list(second.headers))
    assert visitors.asked == 1 and second.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", PAGES)
def test_who_has_the_page_is_told_so_with_every_header_but_those_of_the_body(app: Flask, page: str) -> None:
    visitors, path = Visitors(app), f"/events/{live()}/{page}"
    full = visitors.get(path)
    again = visitors.get(path, If_None_Match=full.headers["ETag"])
    assert (again.status_code, again.data, visitors.asked) == (304, b"", 1)
    assert set(full.headers.keys()) - set(again.headers.keys()) == {"Content-Type", "Content-Length"}


def test_a_tag_of_the_first_question_finds_its_304_too(app: Flask) -> None:
    path = f"/events/{live()}/board"
    tag = Visitors(app).get(path).headers["ETag"]
    assert Visitors(app).get(path, If_None_Match=tag).status_code == 304


def test_each_language_and_each_page_is_an_answer_of_its_own(app: Flask) -> None:
    visitors, path = Visitors(app), f"/events/{live()}/board"
    chinese, english = visitors.get(path), visitors.get(path, Cookie="language=en")
    assert '<html lang="zh-CN"' in chinese.text and '<html lang="en"' in english.text
    assert visitors.get(f"{path}?page=9").status_code == 404
    assert visitors.asked == 3


def test_whoever_carries_a_session_asks_the_application(app: Flask, browser: Browser) -> None:
    event = live()
    with transaction():
        account = results.person("卫主持", Role.ANNOUNCER, event_by_id(event))
    browser.sign_in(account, results.PASSWORD)
    cookie = browser.client.get_cookie("session")
    visitors, path = Visitors(app), f"/events/{event}/board"
    visitors.get(path)
    own = visitors.get(path, Cookie=f"language=zh; session={cookie.value}")
    assert "卫主持" in own.text and "卫主持" not in visitors.get(path).text
    assert visitors.asked == 2


def test_an_answer_that_is_too_old_is_asked_for_again(app: Flask) -> None:
    event = live()
    visitors, path = Visitors(app, clock=lambda: float("inf")), f"/events/{event}/board"
    visitors.get(path)
    with transaction():
        a.confirm(event_by_id(event), 1, "87.25")
    assert "87.25" in visitors.get(path).text


def test_what_does_not_exist_is_never_kept(app: Flask) -> None:
    visitors, path = Visitors(app), f"/events/{UUID(int=7)}/board"
    assert [visitors.get(path).status_code for _ in range(2)] == [404, 404]
    assert visitors.asked == 2


def test_strange_questions_cannot_fill_the_memory(app: Flask) -> None:
    visitors, path = Visitors(app), f"/events/{live()}/board.json"
    for number in range(MOST_ANSWERS + 5):
        visitors.get(path, Cookie=f"strange={number}")
    assert len(visitors._window._answers) <= MOST_ANSWERS
