"""Sheets on paper for tests: clerks, and what they read."""

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.paper import services
from competition.paper.models import PaperEntry
from competition.paper.readings import Line, Reading, Typed, lines_of, numbered, read_line
from competition.rules.access import Role, ScopeKind
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet
from tests.builders import accounts
from tests.conftest import NOON


def clerk(event: Event, username: str = "clerk1", name: str = "王录分") -> Account:
    """Somebody who types the paper of the event."""
    return accounts.holder_in(Role.CLERK, ScopeKind.EVENT, event.id, username, name)


def lines(sheet: Sheet) -> list[Line]:
    rule_set = rule_set_of(scoring.event_of(sheet))
    return lines_of(scoring.items_of(rule_set, sheet.module, sheet.seat_label))


def reading(sheet: Sheet, refused: str = "", **texts: str | tuple[str, str]) -> Reading:
    """What is typed by aspect: a text, or a text and its reason for the first entry of a list."""
    marks = []
    for line in lines(sheet):
        typed = texts.get(line.item.aspect.id)
        if typed is None or not line.is_first or line.item.is_list != isinstance(typed, tuple):
            continue
        text, why = typed if isinstance(typed, tuple) else (typed, "")
        marks.append(read_line(line, Typed(text, reason=why)))
    return Reading(numbered([mark for mark in marks if mark]), refused)


def typed(sheet: Sheet, by: Account, refused: str = "", **texts: str | tuple[str, str]) -> PaperEntry:
    return services.take_reading(sheet, reading(sheet, refused, **texts), by=actor_of(by), at=NOON)


def sheet_of(event: Event, module: str = "practice", seat: str = "J1", number: int = 0) -> Sheet:
    found = [one for one in scoring.sheets_of(event, module) if one.seat_label == seat]
    return found[number]
