"""Every page of the full house in a real browser: nobody is shut out, nothing leaves the host, nothing is too small to touch."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from competition.accounts.models import Account
from competition.accounts.services import open_account, system_actor
from competition.app import create_app
from competition.competitions.models import Event
from competition.database import db
from competition.demonstration.cast import PASSWORD
from competition.drills.models import Attempt, Drill, DrillState
from competition.floor.models import FloorEntry
from competition.panels.services import register_judge
from competition.paper.models import PaperEntry, Verdict
from competition.promotions.models import PromotionCase
from competition.registration.services import read_import
from competition.results.models import Publication
from competition.rules.floor import Kind
from competition.rules.lifecycle import EventState
from competition.transactions import transaction
from competition.workers.models import Worker
from tests.architecture.access_table import TABLE
from tests.builders.registration import row, workbook
from tests.demonstration import TODAY, copy_of, settings_for
from tests.house import CAST, address, examples, one, routes
from tests.journeys.inspection import (
    PHONE,
    TABLET,
    Witness,
    focus_is_visible,
    too_low,
    too_wide,
    violations_in_both_themes,
)
from tests.journeys.telling import PATIENCE
from tests.live import chromium, served

PEOPLE = (*(who for who in CAST if who != "elsewhere"), "beginner")
"""Who is asked: the first who may see a page looks at it. The beginner has a drill to take."""

NOT_KEPT_ALIVE = {"connection": "close"}
"""An idle connection may be closed by the server at the moment it is used again."""

NOT_IN_A_FULL_HOUSE = {"accounts.set_up"}
"""Only a new installation shows it; the story from drill to grade starts there."""


def _application(folder: Path, database: Path) -> Flask:
    return create_app(settings_for(folder, database))


def _endpoints() -> list[str]:
    """What answers a GET, from the route inventory itself."""
    app = _application(Path("/nowhere"), Path("nothing.sqlite3"))
    named = {rule.endpoint for method, rule in routes(app) if method == "GET"}
    return sorted(named - NOT_IN_A_FULL_HOUSE)


class House:
    """The demonstration, served, with one signed-in browser context for each person."""

    def __init__(self, home: str, browser: Browser, paths: dict[str, str]) -> None:
        self.home, self.browser, self.paths = home, browser, paths
        self._people: dict[str, tuple[BrowserContext, Witness, Page]] = {}
        self._seen: dict[str, tuple[str, str]] = {}

    def person(self, who: str) -> tuple[BrowserContext, Witness, Page]:
        if who not in self._people:
            context = self.browser.new_context(
                base_url=self.home, viewport=PHONE, locale="zh-CN", reduced_motion="reduce"
            )
            context.set_default_timeout(PATIENCE)
            witness, page = Witness(context, self.home), context.new_page()
            if who != "stranger":
                page.goto("/sign-in")
                page.fill("[name=username]", who)
                page.fill("[name=password]", PASSWORD)
                page.click("main button[type=submit]")
                page.wait_for_url(self.home + "/")
            witness.take()
            self._people[who] = (context, witness, page)
        return self._people[who]

    def first_who_may_see(self, endpoint: str) -> tuple[str, str]:
        """The person, and what kind of thing is there; "another page" when everybody who may is sent on."""
        if endpoint not in self._seen:
            self._seen[endpoint] = self._ask_for_one(endpoint, self.paths[endpoint])
        return self._seen[endpoint]

    def _ask_for_one(self, endpoint: str, path: str) -> tuple[str, str]:
        sent_on = ""
        for who in _most_likely(endpoint):
            answer = self.person(who)[0].request.get(path, max_redirects=0, headers=NOT_KEPT_ALIVE)
            if answer.status == 200:
                return who, answer.headers["content-type"].split(";")[0]
            if answer.status == 303 and not answer.headers["location"].startswith("/sign-in"):
                sent_on = who
        assert sent_on, f"nobody of the cast may see {path}"
        return sent_on, "another page"


def _most_likely(endpoint: str) -> list[str]:
    """Everybody, those first who may according to the table."""
    may = dict(zip(CAST, TABLE[f"GET {endpoint}"], strict=True))
    return sorted(PEOPLE, key=lambda who: may.get(who) != "A")


@pytest.fixture(scope="module")
def house(demonstration_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("served")
    database, keys = copy_of(demonstration_database, folder), folder / "keys.json"
    keys.write_text(json.dumps(settings_for(folder, database).keyring.as_json()), "utf-8")
    paths = _paths(_application(folder, database))
    with ExitStack() as stack:
        home = stack.enter_context(served(folder, database=database, keys=keys))
        yield House(home, stack.enter_context(chromium()), paths)


def _paths(app: Flask) -> dict[str, str]:
    """An address for every endpoint, with examples of the demonstration."""
    with app.app_context():
        known: dict[str, Any] = examples()
        special = _what_few_have()
        found = {
            rule.endpoint: address(app, rule, known, **special.get(rule.endpoint, {}))
            for method, rule in routes(app)
            if method == "GET" and rule.endpoint not in NOT_IN_A_FULL_HOUSE
        }
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    return found


def _what_few_have() -> dict[str, dict[str, Any]]:
    """Examples for pages that ask for more than the first thing of its kind."""
    own = one(select(Worker).join(Account).where(Account.username == "worker"))
    return {
        "appeals.file_objection": {"event_id": _an_event_in_notice()},
        "drills.export_ranking": {"drill_id": one(select(Drill).where(Drill.state == DrillState.CLOSED)).id},
        "drills.show_attempt": {"attempt_id": one(select(Attempt).where(Attempt.worker_id == own.id)).id},
        "paper.decide_differences": _typed_differently(),
        **dict.fromkeys(FLOOR, _an_open_floor()),
        "panels.change_judge": {"judge_id": _a_neutral_judge()},
        "promotions.show_case_of_certificate": {"certificate_id": one(select(PromotionCase)).certificate_id},
        "registration.show_import": {"import_id": _an_uploaded_list()},
        "workers.show_first_password": {"worker_id": own.id},
    }


def _an_event_in_notice() -> UUID:
    """An event whose result is in public notice, so that anybody who signs in may object."""
    notice = select(Publication).where(Publication.notice_until > Publication.at)
    return one(notice.order_by(Publication.at.desc())).event_id


def _typed_differently() -> dict[str, Any]:
    """A sheet on paper that two clerks read differently."""
    second = one(select(PaperEntry).where(PaperEntry.verdict == Verdict.DIFFERENT))
    return {"event_id": second.event_id, "sheet_id": second.sheet_id}


FLOOR = ("floor.show_batch", "floor.show_entry", "floor.show_floor", "floor.show_station")


def _an_open_floor() -> dict[str, Any]:
    """A violation in an event whose floor log is still written."""
    open_events = select(Event.id).where(Event.state == EventState.SCORING)
    found = one(
        select(FloorEntry).where(FloorEntry.kind == Kind.VIOLATION, FloorEntry.event_id.in_(open_events))
    )
    return {"event_id": found.event_id, "entry_id": found.id, "code": found.code}


def _a_neutral_judge() -> UUID:
    """A judge who belongs nowhere; those of the demonstration belong to an association that nobody of the cast reaches."""
    with transaction():
        account = open_account(
            username="neutral", name="孔中立", password="nobody's delegation", by=system_actor(), at=TODAY
        )
        return register_judge(account, by=system_actor(), at=TODAY).id


def _an_uploaded_list() -> UUID:
    """A list with a mistake in it, uploaded for an event that takes entries."""
    with transaction():
        event = one(select(Event).where(Event.state == EventState.REGISTRATION))
        content = workbook([row("王建国", "11010119900307004X", "江海重工集团"), row("", "", "")])
        return read_import(event, content=content, filename="名单.xlsx", by=system_actor(), at=TODAY).id


def what_is_wrong(page: Page, witness: Witness) -> list[str]:
    """Everything the browser can say against the page that it shows."""
    if page.locator("[data-marking]").count():
        page.locator("[data-marking] .item").first.wait_for()
    found = [*violations_in_both_themes(page), *too_low(page), *too_wide(page)]
    page.set_viewport_size(PHONE)
    return found + witness.take()


@pytest.mark.parametrize("endpoint", _endpoints())
def test_a_page_shuts_nobody_out(house: House, endpoint: str) -> None:
    path = house.paths[endpoint]
    who, kind = house.first_who_may_see(endpoint)
    if kind != "text/html":
        return
    _context, witness, page = house.person(who)
    witness.take()
    page.goto(path)
    found = what_is_wrong(page, witness)
    assert not found, f"{path} as {who}:\n" + "\n".join(found)


def test_english_pages_fit_a_narrow_phone_too(house: House) -> None:
    """English words are longer; whatever fits in Chinese must fit in English."""
    found = []
    for endpoint, path in house.paths.items():
        who, kind = house.first_who_may_see(endpoint)
        if kind != "text/html":
            continue
        context, _witness, page = house.person(who)
        context.add_cookies([{"name": "language", "value": "en", "url": house.home}])
        page.goto(path)
        found += [f"{path} as {who}: {words}" for words in too_wide(page)]
        context.clear_cookies(name="language")
        page.set_viewport_size(PHONE)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", ["/nowhere", "/c/unknown", "/accounts"])
def test_a_page_that_refuses_shuts_nobody_out_either(house: House, path: str) -> None:
    _context, witness, page = house.person("worker")
    page.goto(path)
    found = [words for words in what_is_wrong(page, witness) if "Failed to load resource" not in words]
    assert not found, "\n".join(found)


def test_signing_in_needs_no_mouse(house: House) -> None:
    page = house.browser.new_context(base_url=house.home, viewport=TABLET, reduced_motion="reduce").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/sign-in")
    for wanted, typed in (("username", "organiser"), ("password", PASSWORD)):
        _tab_to(page, f"[name={wanted}]")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url(house.home + "/")
    page.context.close()


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the wanted control has the focus; everything on the way must show that it has it."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if not page.evaluate("() => document.activeElement === document.body"):
            assert focus_is_visible(page), page.evaluate(
                "() => document.activeElement.outerHTML.slice(0, 200)"
            )
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"60 times Tab did not reach {wanted}")


def test_marking_needs_no_mouse(house: House) -> None:
    """From the judge's home to a mark that has arrived, and on to the foot of the sheet, by the keyboard alone."""
    _context, witness, page = house.person("judge")
    page.set_viewport_size(TABLET)
    page.goto("/judging")
    _tab_to(page, "a.button[href*='/sheets/']")
    page.keyboard.press("Enter")
    blanks = page.locator("[data-blanks]")
    expect(blanks).not_to_have_attribute("data-blanks", "0")
    before = int(str(blanks.get_attribute("data-blanks")))
    is_number = page.locator("[data-focus=number]").is_visible()
    page.keyboard.type("7" if is_number else "1")
    page.keyboard.press("Enter")
    if page.locator("[data-odd]").is_visible():
        _tab_to(page, "[data-anyway]")
        page.keyboard.press("Enter")
    expect(blanks).to_have_attribute("data-blanks", str(before - 1))
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "server")
    _tab_to(page, "[data-foot] [data-focus=sign], [data-foot] [data-focus=blanks]")
    page.set_viewport_size(PHONE)
    assert not witness.take()
