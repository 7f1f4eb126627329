"""A venue: an event whose marking is open, its server on a port of its own, and tablets that keep what they store.

A tablet is a real browser with a folder of its own, so that it can be closed and opened again like one that lost its battery.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, ViewportSize, expect, sync_playwright
from sqlalchemy import create_engine, text

from competition.accounts.services import system_actor
from competition.app import create_app
from competition.clock import now
from competition.database import db
from competition.gate.browser import browser_executable, launch_arguments
from competition.migrations.schema import migrate
from competition.scoring import queries as scoring
from competition.settings import Mode, Settings
from competition.tablets.queries import judges_of
from competition.tablets.services import issue_cards
from competition.transactions import transaction
from competition.vault import Keyring
from tests.builders import panels, paper, results
from tests.faults.servers import Born, free_port, nursery_here
from tests.live import _wait_for

PASSWORD = panels.PASSWORD
TABLET: ViewportSize = {"width": 1024, "height": 768}
PATIENCE = 60_000
"""Milliseconds a step may take: for a busy machine, not as a measure of speed."""

ANOTHER_BUILD = (
    "-c",
    "from competition import assets; made = assets.judges_worker; "
    'assets.judges_worker = lambda prefix: made(prefix).replace(\'"version": "\', \'"version": "next-\'); '
    "from competition.cli import main; main()",
)

_IS_KEPT = """
async path => Boolean(await caches.match(path)) && navigator.serviceWorker.controller?.state === "activated"
"""

MARK_UNIT = 10**8
"""SQLite keeps a mark as a whole number of hundred-millionths."""

Cell = tuple[str, str]
"""A code and an item."""


def rules(items: int) -> dict[str, Any]:
    """So many items of ten points, each given by three judges."""
    document = results.one_mark_rules()
    document["scheme"]["children"] = [
        {
            "kind": "aspect",
            "id": f"i{number}",
            "title": {"zh": f"项目{number}", "en": f"Item {number}"},
            "type": "panel",
            "range": {"low": 0, "high": 10},
            "judges": 3,
            "combine": "mean",
        }
        for number in range(1, items + 1)
    ]
    return document


@dataclass
class Venue:
    """An installation with one event; the server can be stopped and started at the same address."""

    folder: Path
    entrants: int
    items: int
    document: dict[str, Any] | None = None
    """The rules, where they are not simply so many items of ten points."""
    port: int = field(default_factory=free_port)
    event: str = ""
    sheets: dict[str, dict[str, str]] = field(default_factory=dict)
    """For every judge: code → id of the sheet."""
    names: list[str] = field(default_factory=list)
    cards: dict[str, tuple[str, str]] = field(default_factory=dict)
    """For every judge: the token and the PIN of the login card."""
    organiser: str = ""
    clerks: list[str] = field(default_factory=list)
    """Three people who type what was marked on paper."""
    process: "Born | subprocess.Popen[bytes] | None" = None

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "venue.sqlite3"

    @property
    def judges(self) -> list[str]:
        return sorted(self.sheets)

    def build(self) -> None:
        keyring = Keyring(
            *(bytes((start + index * 13) % 256 for index in range(32)) for start in (9, 8, 7, 6))
        )
        (self.folder / "keys.json").write_text(json.dumps(keyring.as_json()), "utf-8")
        app = create_app(
            Settings(
                mode=Mode.TEST, instance=self.folder, database_url=f"sqlite:///{self.database}", base_url=self.home,
                keyring=keyring, embedded_runner=False,
            )
        )  # fmt: skip
        with app.app_context():
            migrate(db.engine)
            with transaction():
                event = results.marking_event(self.entrants, rules=self.document or rules(self.items))
                self.event = str(event.id)
                for sheet in scoring.sheets_of(event):
                    self.sheets.setdefault(sheet.judge.account.username, {})[sheet.code] = str(sheet.id)
                    self.names.append(sheet.judge.account.name)
                judges = judges_of(event)
                for made in issue_cards(event, judges, by=system_actor(), at=now()):
                    self.cards[made.card.judge.account.username] = made.token, made.pin
                self.organiser = results.organiser(event).username
                names = ("王录分", "李录分", "赵录分")
                self.clerks = [
                    paper.clerk(event, f"clerk{number}", name).username
                    for number, name in enumerate(names, 1)
                ]
            db.session.remove()
            db.engine.dispose()

    def start(self, *, another_build: bool = False) -> None:
        """Serve; `another_build` is one whose pages and marks are the same and whose service worker is not."""
        environment = {
            **os.environ,
            "COMPETITION_INSTANCE": str(self.folder),
            "COMPETITION_KEYS_FILE": str(self.folder / "keys.json"),
            "COMPETITION_BASE_URL": self.home,
            "COMPETITION_MODE": "development",
            "DATABASE_URL": f"sqlite:///{self.database}",
        }
        log, serve = self.folder / "server.log", ("serve", "--port", str(self.port))
        if another_build:
            with log.open("a") as output:
                self.process = subprocess.Popen(
                    [sys.executable, *ANOTHER_BUILD, *serve],
                    env=environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        else:
            self.process = nursery_here().command(*serve, environment=environment, log=log)
        _wait_for(f"{self.home}/healthz", self.process, log)

    def stop(self) -> None:
        if self.process is None:
            return
        if isinstance(self.process, Born):
            self.process.end()
        else:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(120)
        self.process = None

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """What the database holds, asked from outside."""
        engine = create_engine(f"sqlite:///{self.database}")
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query), values)]
        finally:
            engine.dispose()

    def execute(self, statement: str, **values: Any) -> None:
        engine = create_engine(f"sqlite:///{self.database}")
        with engine.begin() as connection:
            connection.execute(text(statement), values)
        engine.dispose()

    def marks_of(self, judge: str) -> dict[Cell, str]:
        """The marks that count for a judge: (code, item) → value."""
        codes = {sheet.replace("-", ""): code for code, sheet in self.sheets[judge].items()}
        found = self.rows("SELECT sheet_id, aspect, value FROM mark WHERE state = 'value'")
        return {
            (codes[str(sheet)], str(aspect)): f"{Decimal(value) / MARK_UNIT:f}"
            for sheet, aspect, value in found
            if str(sheet) in codes
        }

    def waits_for(self, judge: str, cell: Cell) -> None:
        """Until the server has a mark of the judge in this cell."""
        for _ in range(PATIENCE // 100):
            if cell in self.marks_of(judge):
                return
            time.sleep(0.1)
        raise AssertionError(f"no mark for {cell}")


def sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation(url="**/"):
        page.click("main button[type=submit]")


class Tablet:
    """A browser with its own folder, in the hands of a judge."""

    def __init__(self, playwright: Playwright, venue: Venue, name: str) -> None:
        self.playwright, self.venue = playwright, venue
        self.folder = venue.folder / name
        self.context: BrowserContext
        self.page: Page
        self.complaints: list[str] = []
        self.judge = ""
        self.start()

    def start(self) -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder, executable_path=browser_executable(), args=launch_arguments(), base_url=self.venue.home, viewport=TABLET,
            locale="zh-CN", reduced_motion="reduce", accept_downloads=True,
            timeout=2 * PATIENCE,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))

    def restart(self, *, offline: bool) -> None:
        """Switched off and on again."""
        self.context.close()
        self.start()
        self.context.set_offline(offline)

    def close(self) -> None:
        self.context.close()
        assert not self.complaints, self.complaints

    # --- the judge ------------------------------------------------------------------------------------

    def signs_in(self, judge: str) -> None:
        self.judge = judge
        sign_in(self.page, judge)

    def signs_in_again(self, judge: str, password: str = PASSWORD) -> None:
        """In the dialog over the sheet, with the Enter key."""
        dialog = self.page.locator("dialog[data-sign-in-again]")
        expect(dialog).to_be_visible(timeout=PATIENCE)
        dialog.locator("[name=username]").fill(judge)
        dialog.locator("[name=password]").fill(password)
        dialog.locator("[name=password]").press("Enter")

    def opens_desk(self, code: str = "") -> None:
        sheet = f"#{self.venue.sheets[self.judge][code]}" if code else ""
        self.page.goto(f"/judging/{self.venue.event}/desk{sheet}")
        self.is_ready()

    def reloads(self) -> None:
        self.page.reload()
        self.is_ready()

    def is_ready(self) -> None:
        expect(self.page.locator(".item").first).to_be_visible(timeout=PATIENCE)

    def is_known(self) -> None:
        """The server has given this tablet its number."""
        self.comes(
            lambda: any(scope.get("device") for scope in self.stored("scopes")), "the tablet has a number"
        )

    def has_its_shell(self) -> None:
        """The service worker is there and keeps the page."""
        self.until(_IS_KEPT, f"/judging/{self.venue.event}/desk")

    def until(self, question: str, about: str = "") -> None:
        """Ask the page until it answers yes. (wait_for_function takes the promise of an answer for the answer.)"""
        self.comes(lambda: bool(self.page.evaluate(question, about)), question)

    def comes(self, is_there: Callable[[], bool], what: str) -> None:
        """Look until it is there."""
        for _ in range(PATIENCE // 50):
            if is_there():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not within {PATIENCE} ms: {what}")

    @property
    def code(self) -> str:
        return self.page.locator("[data-code]").inner_text().removeprefix("加密号").strip()

    def types(self, value: str) -> None:
        """On the keyboard, and on to the next item."""
        self.page.keyboard.type(value)
        self.page.keyboard.press("Enter")

    def marks(self, *values: str) -> None:
        """The open sheet, from its first blank item, until all of them lie on this device."""
        blanks = self.page.locator("[data-blanks]")
        before = int(blanks.get_attribute("data-blanks") or 0)
        for value in values:
            self.types(value)
        expect(blanks).to_have_attribute("data-blanks", str(before - len(values)), timeout=3 * PATIENCE)
        expect(self.page.locator("[data-save-state]")).to_have_attribute("aria-busy", "false")

    def marks_sheets(self, number: int) -> dict[Cell, str]:
        """So many sheets one after the other, every item of them; what was typed."""
        typed: dict[Cell, str] = {}
        for count in range(number):
            code = self.code
            values = [f"{7 + (count * 7 + item * 3) % 9 / 4:g}" for item in range(self.venue.items)]
            self.marks(*values)
            typed |= {(code, f"i{item}"): value for item, value in enumerate(values, 1)}
            if count + 1 < number:
                self.goes_on()
        return typed

    def goes_on(self) -> None:
        code = self.code
        self.page.locator("[data-foot] [data-way=next_code]").click()
        expect(self.page.locator("[data-code]")).not_to_have_text(f"加密号{code}", timeout=PATIENCE)

    @property
    def state(self) -> str:
        return self.page.locator("[data-save-state]").get_attribute("data-state") or ""

    @property
    def state_words(self) -> str:
        return self.page.locator("[data-save-state] [data-words]").inner_text()

    def uploads(self) -> None:
        """Nothing waits any more, and the screen says so: it still says it of the marks before for a moment."""
        self.comes(lambda: not self.stored("operations"), "the queue is empty")
        self.shows("server")

    def shows(self, state: str, words: str = "", patience: int = PATIENCE) -> None:
        indicator = self.page.locator("[data-save-state]")
        expect(indicator).to_have_attribute("data-state", state, timeout=patience)
        if words:
            expect(indicator.locator("[data-words]")).to_contain_text(words, timeout=patience)

    def values(self) -> list[str]:
        """What the screen says for every item of the open sheet."""
        return [one.strip() for one in self.page.locator(".item .item-value").all_inner_texts()]

    def all_values(self) -> dict[Cell, str]:
        """Every value of every sheet, as the screen shows it."""
        found: dict[Cell, str] = {}
        self.page.evaluate("id => { location.hash = id }", next(iter(self.venue.sheets[self.judge].values())))
        expect(self.page.locator("[data-foot] [data-way=previous]")).to_have_count(0)
        while True:
            code = self.code
            found |= {
                (code, f"i{index}"): value
                for index, value in enumerate(self.values(), 1)
                if value[:1].isdigit()
            }
            if not self.page.locator("[data-foot] [data-way=next_code]").count():
                return found
            self.goes_on()

    def stored(self, store: str) -> list[Any]:
        """The rows of a store of the browser's database, as they lie there."""
        rows: list[Any] = self.page.evaluate(
            """store => new Promise((done, failed) => {
              const open = indexedDB.open("skillsladder-scoring");
              open.onerror = () => failed(open.error);
              open.onsuccess = () => {
                const all = open.result.transaction(store).objectStore(store).getAll();
                all.onsuccess = () => { open.result.close(); done(all.result.map(row => JSON.parse(JSON.stringify(row)))); };
              };
            })""",
            store,
        )
        return rows


NewTablet = Callable[[], Tablet]


@contextmanager
def a_venue(
    folder: Path, *, entrants: int = 3, items: int = 3, document: dict[str, Any] | None = None
) -> Iterator[Venue]:
    folder.mkdir(parents=True, exist_ok=True)
    venue = Venue(folder, entrants, items, document)
    venue.build()
    venue.start()
    try:
        yield venue
    finally:
        venue.stop()


@contextmanager
def browsers() -> Iterator[Playwright]:
    """Where tablets come from. The program is looked for before Playwright runs, because looking starts one."""
    browser_executable()
    with sync_playwright() as playwright:
        yield playwright
