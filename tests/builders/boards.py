"""Events with boards for tests, made by the services."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from competition.accounts.queries import actor_of
from competition.accounts.services import system_actor
from competition.boards import services
from competition.boards.models import RevealOrder
from competition.boards.queries import Shown, board_of
from competition.clock import now
from competition.competitions.models import Event
from competition.draws.queries import code_of
from competition.registration.services import name_team
from competition.rules.access import Actor, Role
from competition.scoring import queries as scoring
from tests.builders import results
from tests.builders.once import built_once
from tests.conftest import NOON

LIVE = {"publication": {"live": "board"}}


def announcer(event: Event) -> Actor:
    return actor_of(results.person("卫主持", Role.ANNOUNCER, event))


@built_once
def live_event(number: int = 3, *, on: bool = True, **parts: Any) -> Event:
    """An event whose marking is open and whose rules allow a live board."""
    event = results.marking_event(number, rules=results.one_mark_rules(**LIVE, **parts))
    if on:
        services.switch_board(event, on=True, by=announcer(event), at=NOON)
    return event


def confirm(event: Event, entry: int, value: str) -> None:
    """Mark, sign and confirm the sheet of one entrant."""
    sheet = sheet_of(event, entry)
    results.fill(event, sheet, lambda _aspect, _seat: value)
    results.sign_and_confirm(event, sheet)


def sheet_of(event: Event, entry: int) -> Any:
    code = code_of(results.entrant(event, entry))
    return next(sheet for sheet in scoring.sheets_of(event) if sheet.code == code)


def totals(event: Event, live: Any = None) -> list[tuple[int, str | None]]:
    """(place, total) of what the board shows."""
    return [(line.place, line.total) for line in shown(event, live).lines]


def shown(event: Event, live: Any = None) -> Shown:
    if live is not None:
        live.refresh(event)
    return board_of(event, live)


def ceremony(event: Event, order: RevealOrder = RevealOrder.PLACES, *, at: datetime | None = None) -> Actor:
    """A ceremony that was opened just now; who works it."""
    by = announcer(event)
    services.open_ceremony(event, order=order, by=by, at=at or now())
    return by


def reveal(event: Event, by: Actor, *numbers: int) -> None:
    for number in numbers:
        services.reveal_next(event, number=number, by=by, at=NOON)


TWO_TEAMS = ("甲队", "甲队", "乙队", "乙队")


def teams_in_marking(
    teams: Sequence[str] = TWO_TEAMS, *, rule: Mapping[str, Any] = MappingProxyType({}), **parts: Any
) -> Event:
    """An event that ranks teams, whose marking is open; the team of each entrant by entry number."""
    ranked = {"by": "team", "value": {"combine": "sum"}, **rule}
    event = results.marking_event(len(teams), rules=results.one_mark_rules(teams=ranked, **parts))
    for number, team in enumerate(teams, start=1):
        name_team(results.entrant(event, number), team=team, order=None, by=system_actor(), at=NOON)
    return event


def teams_scored(totals: Sequence[str], teams: Sequence[str] = TWO_TEAMS, **parts: Any) -> Event:
    """Such an event after its marking."""
    event = teams_in_marking(teams, **parts)
    results.mark(event, lambda entry, _aspect, _seat: totals[entry - 1])
    results.close(event)
    return event


def teams_published(totals: Sequence[str], teams: Sequence[str] = TWO_TEAMS, **parts: Any) -> Event:
    """Such an event with a published result."""
    event = teams_scored(totals, teams, **parts)
    results.published(event)
    return event


def teams_shown(event: Event) -> list[tuple[int, str, str | None]]:
    """(place, team, total) of what the board shows."""
    return [(line.place, line.name, line.total) for line in shown(event).teams]
