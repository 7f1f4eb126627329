"""The pages of boards with teams: the same bytes for everybody, nothing early, twelve rows on a projector."""

import json
import re

import pytest
from flask import Flask

from competition.boards import services
from competition.boards.models import Announced
from competition.competitions.queries import event_by_id
from competition.rules.access import Role
from competition.transactions import transaction
from tests.browser import Browser
from tests.builders import boards as a
from tests.builders import results
from tests.conftest import NOON

PAGES = ("board", "board/teams", "board/screen", "board.json")
TOTALS = ("80", "90", "70", "95")


def body(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


@pytest.mark.parametrize("page", PAGES)
def test_a_revealed_team_is_new_bytes_and_an_unrevealed_one_is_in_none(browser: Browser, page: str) -> None:
    with transaction():
        event = a.teams_published(TOTALS)
        by, event_id = a.ceremony(event), event.id
    before = browser.get(f"/events/{event_id}/{page}")
    assert "甲队" not in before.get_data(as_text=True) and "乙队" not in before.get_data(as_text=True)
    tag = before.headers["ETag"]
    assert browser.get(f"/events/{event_id}/{page}", headers={"If-None-Match": tag}, expect=304).data == b""
    with transaction():
        services.reveal_next(event_by_id(event_id), number=1, of=Announced.TEAM, by=by, at=NOON)
    after = browser.get(f"/events/{event_id}/{page}", headers={"If-None-Match": tag})
    assert "乙队" in after.get_data(as_text=True) and "甲队" not in after.get_data(as_text=True)


@pytest.mark.parametrize("page", PAGES)
def test_teams_of_a_prepared_result_change_no_byte(browser: Browser, page: str) -> None:
    with transaction():
        event_id = a.teams_scored(TOTALS).id
    before = browser.get(f"/events/{event_id}/{page}")
    with transaction():
        results.prepared(event_by_id(event_id))
    after = browser.get(f"/events/{event_id}/{page}")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


@pytest.mark.parametrize("page", PAGES)
def test_teams_that_change_after_a_freeze_change_no_byte(browser: Browser, page: str) -> None:
    with transaction():
        event = a.teams_in_marking(**a.LIVE)
        services.switch_board(event, on=True, by=a.announcer(event), at=NOON)
        for entry in (1, 2):
            a.confirm(event, entry, TOTALS[entry - 1])
        services.freeze_board(event, by=a.announcer(event), at=NOON)
        event_id = event.id
    before = browser.get(f"/events/{event_id}/{page}")
    with transaction():
        for entry in (3, 4):
            a.confirm(event_by_id(event_id), entry, TOTALS[entry - 1])
    after = browser.get(f"/events/{event_id}/{page}")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_a_projector_turns_the_teams_after_the_entrants(browser: Browser) -> None:
    with transaction():
        teams = [f"第{number}队" for number in range(1, 14)]
        event = a.teams_published([str(60 + number) for number in range(13)], teams).id
    first = body(browser, f"/events/{event}/board/screen")
    pages = re.findall(r"<div data-page( hidden)?>(.*?)</div>", first, re.S)
    assert [rows.count('<th scope="row">') for _, rows in pages] == [12, 1, 12, 1]
    assert [rows.count("screen-heading") for _, rows in pages] == [0, 0, 1, 1]
    assert f'content="8; url=/events/{event}/board/screen?page=2"' in first
    assert f"/events/{event}/board/screen?page=1" in body(browser, f"/events/{event}/board/screen?page=4")


def test_the_first_pages_of_many_teams_are_small(browser: Browser) -> None:
    with transaction():
        event = a.teams_published(["80"] * 60, [f"第{number}队" for number in range(60)]).id
    for page in ("board", "board/teams"):
        assert len(browser.get(f"/events/{event}/{page}").data) < 60_000
    assert body(browser, f"/events/{event}/board").count('<th scope="row">') == 50 + 12
    assert body(browser, f"/events/{event}/board/teams?page=2").count('<th scope="row">') == 10
    browser.get(f"/events/{event}/board/teams?page=3", expect=404)


def test_programs_read_the_teams(browser: Browser) -> None:
    with transaction():
        event = a.teams_published(TOTALS).id
    board = json.loads(browser.get(f"/events/{event}/board.json").data)
    assert (board["team_title"]["zh"], board["teams_shown"]) == ("团体总分", 2)
    assert [(line["place"], line["name"], line["total"]) for line in board["teams"]] == [
        (1, "甲队", "170"),
        (2, "乙队", "165"),
    ]


def test_the_announcer_calls_up_entrants_and_teams_from_the_controls(browser: Browser, app: Flask) -> None:
    with transaction():
        event = a.teams_published(TOTALS)
        event_id, account = event.id, results.person("卫主持", Role.ANNOUNCER, event)
    browser.sign_in(account, results.PASSWORD)
    controls = f"/events/{event_id}/board/controls"
    browser.get(controls)
    browser.post(f"/events/{event_id}/board/ceremony", {"order": "places"}, expect=303)
    assert "揭晓下一个团体" in body(browser, controls)
    steps = f"/events/{event_id}/board/ceremony/steps"
    browser.post(steps, {"number": 1, "of": "team"}, expect=303)
    assert "刚刚揭晓" in body(Browser(app), f"/events/{event_id}/board/screen")
    browser.get(controls)
    browser.post(steps, {"number": 2, "of": "entrant"}, expect=303)
    browser.get(controls)
    assert browser.post(steps, {"number": 3, "of": "nobody"}, expect=422)
    assert "乙队" in body(browser, controls)


def test_events_without_teams_say_so(browser: Browser) -> None:
    with transaction():
        event = results.published_event(["80"]).id
    assert "此处暂无团体成绩" in body(browser, f"/events/{event}/board/teams")
    assert "board/teams" not in body(browser, f"/events/{event}/board")
