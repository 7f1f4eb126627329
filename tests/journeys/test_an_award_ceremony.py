"""An award ceremony: the announcer presses a key, the projector shows one more line; the cable is pulled, and it says so."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from competition.app import create_app
from competition.competitions.models import Competition, Event
from competition.database import db
from competition.demonstration.cast import PASSWORD
from tests.demonstration import copy_of, settings_for
from tests.house import one
from tests.journeys.telling import PATIENCE
from tests.live import chromium, served


class Hall:
    """The hall of the Jiangsu welders: a projector, and the announcer's desk."""

    def __init__(self, home: str, browser: Browser, event: str) -> None:
        self.board = f"{home}/events/{event}/board"
        self.desk = browser.new_context(locale="zh-CN").new_page()
        self.desk.set_default_timeout(PATIENCE)
        self.desk.goto(f"{home}/sign-in")
        self.desk.fill("[name=username]", "organiser")
        self.desk.fill("[name=password]", PASSWORD)
        self.desk.click("main button[type=submit]")
        self.desk.wait_for_url(f"{home}/")
        self.projector = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        self.projector.set_default_timeout(PATIENCE)
        self.projector.goto(f"{self.board}/screen")


@pytest.fixture(scope="module")
def hall(demonstration_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("hall")
    database, keys = copy_of(demonstration_database, folder), folder / "keys.json"
    keys.write_text(json.dumps(settings_for(folder, database).keyring.as_json()), "utf-8")
    with create_app(settings_for(folder, database)).app_context():
        event = one(
            select(Event).join(Competition).where(Competition.code == "JS-2026", Event.code == "W")
        ).id
        db.session.remove()
        db.engine.dispose()
    with ExitStack() as stack:
        home = stack.enter_context(served(folder, database=database, keys=keys))
        yield Hall(home, stack.enter_context(chromium()), str(event))


def lines(projector: Page) -> list[str]:
    return projector.locator(
        "[data-page]:not([hidden]) tbody tr:not(.qualification) > :first-child"
    ).all_inner_texts()


def test_rows_can_be_read_from_ten_metres(hall: Hall) -> None:
    sizes = hall.projector.evaluate(
        "[...document.querySelectorAll('.screen-table tbody :is(th, td)')].map(cell => parseFloat(getComputedStyle(cell).fontSize))"
    )
    assert 0 < len(lines(hall.projector)) <= 12
    assert min(size for size in sizes if size > 30) >= 40
    assert hall.projector.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_each_press_of_a_key_shows_one_more_line(hall: Hall) -> None:
    hall.desk.goto(f"{hall.board}/controls")
    hall.desk.check("input[value=places]")
    hall.desk.click("form[action$=ceremony] button")
    expect(hall.projector.locator(".ribbon-ceremony")).to_be_visible()
    assert lines(hall.projector) == []
    for count, key in enumerate((" ", "ArrowRight"), start=1):
        expect(hall.desk.locator("form[data-listens] input[name=number]")).to_have_value(str(count))
        hall.desk.keyboard.press(key)
        rows = hall.projector.locator("[data-page] tbody tr:not(.qualification)")
        expect(rows).to_have_count(count)
    expect(hall.projector.locator("[data-newest] .tag-new")).to_be_visible()


def test_a_pulled_cable_is_told_and_so_is_its_return(hall: Hall) -> None:
    """After how many seconds: static/src/board/connection.test.ts."""
    hall.projector.context.set_offline(True)
    expect(hall.projector.locator("[data-connection]")).to_contain_text("连接中断，显示")
    hall.projector.context.set_offline(False)
    expect(hall.projector.locator("[data-connection]")).to_have_text("")
