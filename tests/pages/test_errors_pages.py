"""Whatever goes wrong, one page says what it was and what to do next."""

import sqlite3

import pytest
from sqlalchemy.engine import make_url

from competition.errors import RuleBroken, given_reason
from competition.transactions import transaction
from tests.builders import accounts


@pytest.fixture(autouse=True)
def administrator(app) -> str:
    """Somebody who may open accounts; so the installation is no longer a new one."""
    with transaction():
        return accounts.administrator("boss").username


def words(response) -> str:
    return response.get_data(as_text=True)


def test_an_address_without_a_page_says_so_and_leads_home(browser):
    page = words(browser.get("/nothing/here", expect=404))
    assert "没有找到" in page and 'href="/"' in page


def test_a_stale_form_changes_nothing_and_says_to_reload(browser):
    browser.get("/sign-in")
    browser.token = "stale"
    assert "重新" in words(browser.post("/sign-in", {"username": "a", "password": "b"}, expect=400))


def test_what_a_role_does_not_allow_is_refused_with_the_next_step(browser, administrator):
    browser.sign_in(administrator)
    assert "管理员" in words(browser.get("/competitions/new", expect=403))


def test_a_method_that_is_not_offered_names_the_one_that_is(browser):
    answer = browser.get("/sign-out", expect=405)
    assert "POST" in answer.headers["Allow"]


def test_a_body_that_is_too_large_is_not_read(browser):
    browser.get("/sign-in")
    page = words(browser.post("/sign-in", {"username": "x" * 9_000_000, "password": "y"}, expect=413))
    assert "8" in page


def test_a_field_nobody_asked_for_is_refused(browser):
    browser.get("/sign-in")
    browser.post("/sign-in", {"username": "a", "password": "b", "role": "administrator"}, expect=400)


def test_a_program_gets_the_same_words_as_json(browser):
    answer = browser.client.get("/api/nothing")
    assert answer.status_code == 404 and answer.json["error"] and answer.json["next"]


def test_who_waits_too_long_for_the_writer_is_told_when_to_come_back(app, browser, administrator):
    browser.sign_in(administrator)
    browser.get("/my-account")
    path = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    answer = browser.post("/my-account/session-end", {}, expect=503)
    writer.execute("ROLLBACK")
    writer.close()
    assert answer.headers["Retry-After"] == "30" and "请半分钟后重试" in words(answer)


def test_our_own_mistake_gets_a_number_to_tell(app, browser, monkeypatch):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "insights.show_funnel", lambda: 1 / 0)
    app.view_functions["insights.show_funnel"].__access__ = "public"
    assert "技术" in words(browser.get("/funnel", expect=500))


def test_a_reason_is_kept_as_it_was_meant_and_asked_for_where_there_is_none():
    assert given_reason("  抄写错误\n") == "抄写错误"
    assert given_reason("长" * 600) == "长" * 500
    with pytest.raises(RuleBroken, match="kept for good"):
        given_reason(" \t")
