"""Finished board pages, kept in this process until what they show is old: built once per change, sent thousands of times.

The version of a board is one indexed read, asked at most ten times a second, so a freeze, a ceremony or a switch is
seen within a tenth of a second, and what is sent until then is older than it. A live board may lag a little more: while
it is being read anew, and for three times as long as that took, visitors get what was there a moment ago.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask, current_app

from competition.boards import queries
from competition.boards.queries import CompetitionBoard, LiveTable, Shown
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.settings import Mode

EXTENSION = "boards"
MOST_PAGES = 200
"""Pages kept of one board; beyond that the oldest one goes."""
MOST_BOARDS = 100
LOOK_AGAIN = 30.0
"""Seconds after which a live board is read again though no sheet moved: somebody may have withdrawn."""
CHECK_EVERY = 0.1
"""Seconds for which the version that was read last is taken for the present one."""
REST = 3.0
"""A live board rests so many times as long as reading it took, so that reading never takes more than a quarter of a core."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer; the tag is made of the content, so it tells nothing that the content does not tell."""

    body: bytes
    tag: str


@dataclass
class Leaf:
    """One board, at one version, with the pages that were made of it."""

    version: tuple[Any, ...]
    shown: Shown
    live: LiveTable | None
    built_at: float
    took: float
    checked_at: float
    thorough_at: float
    pages: dict[Hashable, Kept] = field(default_factory=dict)

    def is_current(self, version: tuple[Any, ...], now: float, rest: float) -> bool:
        if self.version[:-1] != version[:-1]:
            return False
        if not self.shown.shows_live:
            return True
        if now - self.thorough_at > LOOK_AGAIN:
            return False
        return self.version == version or now - self.built_at < rest * self.took


@dataclass
class CompetitionLeaf:
    """The board of one competition, at one version."""

    version: tuple[Any, ...]
    board: CompetitionBoard
    pages: dict[Hashable, Kept] = field(default_factory=dict)


class Shelf:
    """The boards of one process. Not `patient`, it asks for every request and reads a live board for every sheet."""

    def __init__(self, *, patient: bool = True) -> None:
        self._check_every = CHECK_EVERY if patient else 0.0
        self._rest = REST if patient else 0.0
        self._look_again = LOOK_AGAIN if patient else 0.0
        self._leaves: dict[UUID, Leaf] = {}
        self._competitions: dict[UUID, CompetitionLeaf] = {}
        self._building: dict[UUID, threading.Lock] = {}

    def leaf(self, event_id: UUID) -> Leaf:
        """The board of an event as it stands now. NotFound where the public knows of no such event."""
        known, now = self._leaves.get(event_id), time.monotonic()
        if known is not None and now - known.checked_at < self._check_every:
            return known
        version = queries.version_of(event_id)
        if known is not None and known.is_current(version, now, self._rest):
            known.checked_at = now
            return known
        building = self._building.setdefault(event_id, threading.Lock())
        lags = known is not None and known.version[:-1] == version[:-1]
        if not building.acquire(blocking=not lags):
            assert known is not None
            return known
        try:
            return self._build(event_id, version)
        finally:
            building.release()

    def good_until(self, leaf: Leaf) -> float:
        """Until when, on the monotonic clock, nobody needs to ask whether this is the present version."""
        return leaf.checked_at + self._check_every

    def _build(self, event_id: UUID, version: tuple[Any, ...]) -> Leaf:
        known, began = self._leaves.get(event_id), time.monotonic()
        if known is not None and known.version == version and known.is_current(version, began, self._rest):
            return known
        event = event_by_id(event_id)
        live = self._live(known, event, began)
        shown = queries.board_of(event, live)
        ended = time.monotonic()
        thorough_at = began if known is None or known.live is not live else known.thorough_at
        leaf = Leaf(version, shown, live, ended, ended - began, began, thorough_at)
        if known is not None and known.shown == shown and known.version[:-1] == version[:-1]:
            leaf.pages = known.pages
        self._make_room()
        self._leaves[event_id] = leaf
        return leaf

    def _live(self, known: Leaf | None, event: Event, now: float) -> LiveTable | None:
        """The live standings, brought up to date; None where the board is not live."""
        if not queries.is_live(event):
            return None
        if known is None or known.live is None:
            return LiveTable(event)
        is_due = now - known.thorough_at > self._look_again
        known.live.refresh(event, thorough=is_due)
        if is_due:
            known.thorough_at = now
        return known.live

    def competition(self, competition_id: UUID) -> CompetitionLeaf:
        """The board of a competition as it stands now. NotFound where the public knows of none of its events."""
        version = queries.version_of_competition(competition_id)
        known = self._competitions.get(competition_id)
        if known is not None and known.version == version:
            return known
        leaf = CompetitionLeaf(version, queries.competition_board(competition_id))
        self._make_room()
        self._competitions[competition_id] = leaf
        return leaf

    def _make_room(self) -> None:
        for leaves in (self._leaves, self._competitions):
            while len(leaves) >= MOST_BOARDS:
                leaves.pop(next(iter(leaves)), None)


def kept(pages: dict[Hashable, Kept], part: Hashable, build: Callable[[], bytes]) -> Kept:
    """The finished page of this part of a board; built when nobody has asked for it before."""
    found = pages.get(part)
    if found is None:
        body = build()
        found = Kept(body, hashlib.sha256(body).hexdigest()[:32])
        while len(pages) >= MOST_PAGES:
            pages.pop(next(iter(pages)), None)
        pages[part] = found
    return found


def shelf() -> Shelf:
    """The shelf of this application."""
    app: Flask = current_app
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = Shelf(patient=app.config["SETTINGS"].mode is not Mode.TEST)
    found: Shelf = app.extensions[EXTENSION]
    return found
