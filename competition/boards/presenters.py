"""What the pages of boards show: frozen, cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from competition.boards.queries import (
    BoardLine,
    BoardState,
    CompetitionBoard,
    EventOnBoard,
    MedalRow,
    PointsRow,
    Shown,
    line_after,
)
from competition.boards.words import QUALIFYING, RIBBONS
from competition.competitions.models import Event
from competition.rules.sentences import Sentence
from competition.rules.titles import Title
from competition.web.paging import Page

Cut = TypeVar("Cut")

PAGE_SIZE = 50
SCREEN_ROWS = 12
"""Rows of one page of a projector: what can be read from ten metres."""
SCREEN_PAGES = 10
"""Pages that a projector turns; who stands further down is on the public page."""


@dataclass(frozen=True)
class Ribbon:
    """The state of a board in a word, what it means, and its drawing."""

    word: Sentence
    meaning: Sentence
    icon: str


@dataclass(frozen=True)
class Row:
    """One row. `line_below` draws the qualification line under it, `is_newest` marks what was just announced."""

    line: BoardLine
    line_below: bool
    is_newest: bool

    @property
    def qualifying(self) -> tuple[Sentence, str] | None:
        """How the line stands towards going on, in words, with a drawing."""
        return None if self.line.qualifying is None else QUALIFYING[self.line.qualifying]


@dataclass(frozen=True)
class Columns:
    """Which columns lines need beside the place, the name and the total."""

    awards: bool
    delegations: bool


@dataclass(frozen=True)
class TeamsOnPage:
    """Some of the teams of a board; `more` are not among them. `title` is what their ranking is called."""

    title: Title | None
    rows: tuple[Row, ...]
    columns: Columns
    more: int


@dataclass(frozen=True)
class BoardPage:
    """One page of an event's board: of the entrants, or of the teams."""

    event: Event
    shown: Shown
    ribbon: Ribbon
    page: Page[Row]
    columns: Columns

    @property
    def to_come(self) -> int:
        return max(0, self.shown.expected - len(self.shown.lines))

    @property
    def teams_to_come(self) -> int:
        return max(0, self.shown.teams_expected - len(self.shown.teams))

    @property
    def teams(self) -> TeamsOnPage:
        """The first teams, for the first page of the entrants."""
        return _teams(self.shown, 0, SCREEN_ROWS)


@dataclass(frozen=True)
class Screen:
    """All pages of a projector at once; a browser with scripts turns them."""

    event: Event
    shown: Shown
    ribbon: Ribbon
    pages: tuple[tuple[Row, ...], ...]
    teams: tuple[tuple[Row, ...], ...]
    number: int
    columns: Columns
    team_columns: Columns
    to_come: int
    more: int

    @property
    def count(self) -> int:
        """How many pages there are, those of the teams last."""
        return len(self.pages) + len(self.teams)

    @property
    def next_number(self) -> int:
        return self.number % max(1, self.count) + 1


def ribbon_of(state: BoardState) -> Ribbon:
    return Ribbon(*RIBBONS[state])


def board_page(event: Event, shown: Shown, *, number: int) -> BoardPage:
    """Fifty lines of a board."""
    first = (number - 1) * PAGE_SIZE
    rows = _rows(shown, first, PAGE_SIZE)
    page = Page(rows, number, PAGE_SIZE, len(shown.lines))
    return BoardPage(event, shown, ribbon_of(shown.state), page, _columns(shown.lines))


def team_page(event: Event, shown: Shown, *, number: int) -> BoardPage:
    """Fifty teams of a board."""
    teams = _teams(shown, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    page = Page(teams.rows, number, PAGE_SIZE, len(shown.teams))
    return BoardPage(event, shown, ribbon_of(shown.state), page, teams.columns)


def _teams(shown: Shown, first: int, count: int) -> TeamsOnPage:
    rows = tuple(Row(each, False, each.key == shown.newest) for each in shown.teams[first : first + count])
    return TeamsOnPage(shown.team_title, rows, _columns(shown.teams), len(shown.teams) - len(rows))


def _columns(lines: Sequence[BoardLine]) -> Columns:
    return Columns(
        awards=any(line.award is not None for line in lines),
        delegations=any(line.delegation for line in lines),
    )


def screen(event: Event, shown: Shown, *, number: int) -> Screen:
    """The first pages of a board for a projector; `number` is the page that a browser without scripts sees."""
    most = SCREEN_ROWS * SCREEN_PAGES
    rows, teams = _rows(shown, 0, most), _teams(shown, 0, most)
    return Screen(
        event=event,
        shown=shown,
        ribbon=ribbon_of(shown.state),
        pages=_cut(tuple(rows)),
        teams=_cut(teams.rows),
        number=min(max(1, number), screen_pages(shown)),
        columns=_columns([row.line for row in rows]),
        team_columns=teams.columns,
        to_come=max(0, shown.expected - len(shown.lines)) + max(0, shown.teams_expected - len(shown.teams)),
        more=len(shown.lines) - len(rows) + teams.more,
    )


def screen_pages(shown: Shown) -> int:
    """How many pages a projector turns, those of the teams among them."""
    return max(1, sum(min(SCREEN_PAGES, -(-len(each) // SCREEN_ROWS)) for each in (shown.lines, shown.teams)))


def _rows(shown: Shown, first: int, count: int) -> list[Row]:
    line = line_after(shown.lines)
    return [
        Row(each, index == line, each.key == shown.newest)
        for index, each in enumerate(shown.lines[first : first + count], first + 1)
    ]


def as_json(event: Event, shown: Shown, *, number: int, size: int) -> dict[str, object]:
    """The board for programs (format skillsladder.board/1); numbers are texts, so that nothing is lost."""
    first = (number - 1) * size
    return {
        "format": "skillsladder.board/1",
        "event": {"id": str(event.id), "code": event.code, "name": event.name, "name_en": event.name_en},
        "state": shown.state.value,
        "at": _moment(shown.at),
        "notice_until": _moment(shown.until),
        "revision": shown.revision,
        "corrected": shown.is_corrected,
        "shown": len(shown.lines),
        "expected": shown.expected,
        "qualification_line_after": line_after(shown.lines),
        "page": number,
        "pages": max(1, *(-(-len(each) // size) for each in (shown.lines, shown.teams))),
        "lines": [_line_json(line) for line in shown.lines[first : first + size]],
        "team_title": None if shown.team_title is None else dict(shown.team_title.as_json()),
        "teams_shown": len(shown.teams),
        "teams": [_line_json(line) for line in shown.teams[first : first + size]],
    }


def _line_json(line: BoardLine) -> dict[str, object]:
    return {**line.as_json(), "corrected": line.late is not None}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


@dataclass(frozen=True)
class CompetitionScreen:
    """The board of a competition for a projector: the events, the medal table, the totals, twelve rows at a time."""

    board: CompetitionBoard
    events: tuple[tuple[EventOnBoard, ...], ...]
    medals: tuple[tuple[MedalRow, ...], ...]
    points: tuple[tuple[PointsRow, ...], ...]
    number: int

    @property
    def pages(self) -> int:
        return max(1, len(self.events) + len(self.medals) + len(self.points))

    @property
    def next_number(self) -> int:
        return self.number % self.pages + 1


def competition_screen(board: CompetitionBoard, *, number: int) -> CompetitionScreen:
    """All pages of a competition's projector; `number` is the page that a browser without scripts sees."""
    medals = board.medals[: SCREEN_ROWS * SCREEN_PAGES]
    points = board.points[: SCREEN_ROWS * SCREEN_PAGES]
    shown = CompetitionScreen(board, _cut(board.events), _cut(medals), _cut(points), number)
    return replace(shown, number=min(max(1, number), shown.pages))


def _cut(rows: tuple[Cut, ...]) -> tuple[tuple[Cut, ...], ...]:
    return tuple(rows[first : first + SCREEN_ROWS] for first in range(0, len(rows), SCREEN_ROWS))
