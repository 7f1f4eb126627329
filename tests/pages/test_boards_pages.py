"""The pages of boards: the same bytes for everybody, nothing early in body, size or tag, and the acts of who works them."""

import json
import re
from collections.abc import Hashable
from uuid import UUID

import pytest
from flask import Flask

from competition.boards import services, shelf
from competition.boards.models import RevealOrder
from competition.boards.shelf import EXTENSION, Kept, kept
from competition.competitions.queries import event_by_id
from competition.rules.access import Role
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import boards as a
from tests.builders import competitions, organisations, results
from tests.conftest import NOON

PAGES = ("board", "board/screen", "board.json")


def body(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def live(number: int = 2, **parts) -> UUID:
    with transaction():
        return a.live_event(number, **parts).id


def act(event_id: UUID, what) -> None:
    with transaction():
        what(event_by_id(event_id))


def announcer(browser: Browser, event_id: UUID) -> None:
    with transaction():
        account = results.person("卫主持", Role.ANNOUNCER, event_by_id(event_id))
    browser.sign_in(account, results.PASSWORD)


@pytest.mark.parametrize("page", PAGES)
def test_an_unchanged_board_is_a_304_and_a_confirmed_sheet_makes_it_new(browser: Browser, page: str) -> None:
    event = live()
    first = browser.get(f"/events/{event}/{page}")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=1, stale-while-revalidate=5"
    again = browser.get(f"/events/{event}/{page}", headers={"If-None-Match": tag}, expect=304)
    assert again.data == b"" and again.headers["ETag"] == tag
    act(event, lambda made: a.confirm(made, 1, "87.25"))
    fresh = browser.get(f"/events/{event}/{page}", headers={"If-None-Match": tag})
    assert "87.25" in fresh.get_data(as_text=True) and fresh.headers["ETag"] != tag


@pytest.mark.parametrize("page", PAGES)
def test_what_comes_after_a_freeze_changes_no_byte_and_no_tag(browser: Browser, page: str) -> None:
    event = live()
    act(event, lambda made: a.confirm(made, 1, "80"))
    act(event, lambda made: services.freeze_board(made, by=a.announcer(made), at=NOON))
    before = browser.get(f"/events/{event}/{page}")
    act(event, lambda made: a.confirm(made, 2, "97.31"))
    after = browser.get(f"/events/{event}/{page}")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


@pytest.mark.parametrize("page", PAGES)
def test_marks_of_an_event_without_live_board_change_no_byte(browser: Browser, page: str) -> None:
    with transaction():
        event = results.marking_event(1).id
    before = browser.get(f"/events/{event}/{page}")
    act(event, lambda made: a.confirm(made, 1, "97.31"))
    after = browser.get(f"/events/{event}/{page}")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


@pytest.mark.parametrize("page", PAGES)
def test_a_prepared_result_and_a_curtain_change_no_byte(browser: Browser, page: str) -> None:
    with transaction():
        event = results.scored_event(["97.31", "90"])
        a.ceremony(event)
        event_id = event.id
    before = browser.get(f"/events/{event_id}/{page}")
    act(event_id, results.prepared)
    after = browser.get(f"/events/{event_id}/{page}")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_a_draft_has_no_board_for_anybody(browser: Browser) -> None:
    with transaction():
        event = competitions.event().id
    for page in PAGES:
        browser.get(f"/events/{event}/{page}", expect=404)


def test_a_projector_shows_twelve_rows_a_page_and_turns_them_without_scripts(browser: Browser) -> None:
    with transaction():
        event = results.published_event([str(number) for number in range(60, 85)]).id
    first = body(browser, f"/events/{event}/board/screen")
    pages = re.findall(r"<div data-page( hidden)?>(.*?)</div>", first, re.S)
    assert [rows.count('<th scope="row">') for _, rows in pages] == [12, 12, 1]
    assert [bool(hidden) for hidden, _ in pages] == [False, True, True]
    assert f'content="8; url=/events/{event}/board/screen?page=2"' in first
    third = body(browser, f"/events/{event}/board/screen?page=3")
    assert f'content="8; url=/events/{event}/board/screen?page=1"' in third


def test_the_first_page_of_five_hundred_is_small(browser: Browser) -> None:
    with transaction():
        event = results.published_event(["80"] * 60).id
    assert len(browser.get(f"/events/{event}/board").data) < 60_000
    assert body(browser, f"/events/{event}/board?page=2").count('<th scope="row">') == 10


def test_the_board_speaks_both_languages(browser: Browser) -> None:
    event = live(1)
    assert "实时" in body(browser, f"/events/{event}/board")
    browser.client.set_cookie("language", "en")
    assert "The confirmed sheets so far." in body(browser, f"/events/{event}/board")


def test_programs_read_state_lines_and_the_qualification_line(browser: Browser) -> None:
    with transaction():
        event = results.published_event(["80", "95"]).id
    board = json.loads(browser.get(f"/events/{event}/board.json").data)
    assert (board["format"], board["shown"], board["pages"]) == ("skillsladder.board/1", 2, 1)
    assert [line["total"] for line in board["lines"]] == ["95.00", "80.00"]
    assert board["qualification_line_after"] is None


def test_a_board_is_worked_from_its_controls(browser: Browser) -> None:
    event = live(
        2,
    )
    act(event, lambda made: a.confirm(made, 1, "80"))
    announcer(browser, event)
    controls = f"/events/{event}/board/controls"
    assert "封盘" in body(browser, controls)
    browser.post(f"/events/{event}/board/freeze", expect=303)
    assert "解除封盘" in body(browser, controls)
    browser.post(f"/events/{event}/board/freeze/end", expect=303)
    browser.get(controls)
    browser.post(f"/events/{event}/board", {"on": "no"}, expect=303)
    assert "暂无内容" in body(browser, f"/events/{event}/board")
    again = browser.post(f"/events/{event}/board", {"on": "no"}, expect=422)
    assert "实时看板已经关闭" in again.get_data(as_text=True)


def test_a_result_is_revealed_line_by_line_from_the_controls(browser: Browser, app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "95"]).id
    announcer(browser, event)
    controls = f"/events/{event}/board/controls"
    browser.get(controls)
    browser.post(f"/events/{event}/board/ceremony", {"order": RevealOrder.PLACES.value}, expect=303)
    assert "李秀英" not in body(Browser(app), f"/events/{event}/board")
    assert "下一行" in body(browser, controls)
    browser.post(f"/events/{event}/board/ceremony/steps", {"number": 1}, expect=303)
    assert "刚刚揭晓" in body(Browser(app), f"/events/{event}/board/screen")
    browser.get(controls)
    refused = browser.post(f"/events/{event}/board/ceremony/steps/latest", {"note": ""}, expect=422)
    assert "请写明收回的原因" in refused.get_data(as_text=True)
    browser.post(f"/events/{event}/board/ceremony/steps/latest", {"note": "念错了"}, expect=303)
    assert "念错了" in body(browser, controls)
    browser.post(f"/events/{event}/board/ceremony/end", expect=303)
    assert body(Browser(app), f"/events/{event}/board").count('<th scope="row">') == 2


def test_the_competition_board_names_every_event_and_counts_awards(browser: Browser) -> None:
    with transaction():
        event = results.published_event(["80", "95"])
        competition, name = event.competition_id, event.name
    shown = body(browser, f"/competitions/{competition}/board")
    assert name in shown and "一等次奖项" in shown
    tag = browser.get(f"/competitions/{competition}/board").headers["ETag"]
    browser.get(f"/competitions/{competition}/board", headers={"If-None-Match": tag}, expect=304)
    assert "data-page" in body(browser, f"/competitions/{competition}/board/screen")


def test_a_page_beyond_the_last_is_nowhere_and_a_projector_stays_on_its_last(browser: Browser) -> None:
    with transaction():
        event = results.published_event(["80", "95"]).id
    for page in ("board", "board.json"):
        browser.get(f"/events/{event}/{page}?page=2", expect=404)
    last = browser.get(f"/events/{event}/board/screen?page=7")
    assert last.data == browser.get(f"/events/{event}/board/screen").data


def test_made_up_appearances_and_pages_fill_no_shelf(browser: Browser, app: Flask) -> None:
    with transaction():
        event = results.published_event(["80", "95"]).id
    for number in range(5):
        browser.client.set_cookie("theme", f"made-up-{number}")
        browser.get(f"/events/{event}/board")
        browser.get(f"/events/{event}/board/screen?page={number}")
    assert len(app.extensions[EXTENSION].leaf(event).pages) == 2


def test_the_oldest_page_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_PAGES", 2)
    pages: dict[Hashable, Kept] = {}
    for part in ("one", "two", "three"):
        kept(pages, part, part.encode)
    assert list(pages) == ["two", "three"]


def test_a_new_name_of_the_event_is_on_the_board_at_once(browser: Browser) -> None:
    with transaction():
        event = results.published_event(["80", "95"]).id
    before = browser.get(f"/events/{event}/board").headers["ETag"]
    act(event, lambda made: setattr(made, "name", "机器人焊接"))
    assert "机器人焊接" in body(browser, f"/events/{event}/board")
    assert browser.get(f"/events/{event}/board").headers["ETag"] != before


def test_a_competition_links_to_its_board_once_there_is_something_to_show(browser: Browser) -> None:
    with transaction():
        entering, published = competitions.open_event(), results.published_event(["80"])
        without, with_board = entering.competition_id, published.competition_id
    assert f"/competitions/{without}/board" not in body(browser, f"/competitions/{without}")
    assert f"/competitions/{with_board}/board" in body(browser, f"/competitions/{with_board}")


def test_the_announcer_is_told_until_when_the_result_is_held_back(browser: Browser, app: Flask) -> None:
    with transaction():
        event = results.scored_event(["80", "95"])
        a.ceremony(event)
        results.published(event)
        event_id = event.id
    announcer(browser, event_id)
    assert "最迟于" in body(browser, f"/events/{event_id}/board/controls")
    for page in ("results", "results.pdf", "results/bundle.json", "awards.pdf"):
        Browser(app).get(f"/events/{event_id}/{page}", expect=404)


def test_the_competition_board_shows_the_totals_of_the_delegations(browser: Browser) -> None:
    teams = {"by": "delegation", "value": {"points_by_place": [8, 4, 2, 1]}}
    with transaction():
        event = results.published_event(["80", "95"], rules=results.one_mark_rules(teams=teams))
        competition = event.competition_id
    for page in ("board", "board/screen"):
        assert "团体总分" in body(browser, f"/competitions/{competition}/{page}")


def test_a_live_board_says_in_words_who_goes_on_for_certain(browser: Browser) -> None:
    with transaction():
        city = organisations.city(organisations.province(organisations.nation()))
        above = competitions.open_event(competitions.competition(city))
        of = competitions.competition(organisations.enterprise(city, name="第一机床厂"))
        rules = results.one_mark_rules(**a.LIVE)
        event = results.marking_event(1, rules=rules, of=of, parent=above, parent_quota=1)
        services.switch_board(event, on=True, by=a.announcer(event), at=NOON)
        a.confirm(event, 1, "80")
        event_id = event.id
    assert "已锁定晋级" in body(browser, f"/events/{event_id}/board")
    board = json.loads(browser.get(f"/events/{event_id}/board.json").data)
    assert board["lines"][0]["qualifying"] == "clinched"
