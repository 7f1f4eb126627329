"""The log itself: what an entry is about, and the one way in which it is written.

The event is locked while an entry is written, so of two people at once the second is told what the first did.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import Conflict, RuleBroken, given_reason
from competition.floor import facts, queries
from competition.floor.models import FloorEntry
from competition.floor.queries import OPEN, Floor, Station
from competition.rules import floor as rules
from competition.rules.access import Actor
from competition.rules.floor import (
    WANTS_CAUSE,
    Entry,
    Kind,
    Ruling,
)
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Sheet

MOST_CAUSE = 500


@dataclass(frozen=True)
class Ticket:
    """The number under which a page sends an entry, so that sending twice makes one, and what the device's clock said."""

    id: UUID
    device_time: str = ""


@dataclass(frozen=True)
class On:
    """What an entry is about: one station of a part where a code is given, else a whole batch."""

    part: str
    batch: int | None = None
    code: str = ""


@dataclass(frozen=True)
class Penalty:
    """What a violation is proposed or ruled to cost; `aspect` and `points` (what the aspect records) belong to a deduction."""

    ruling: Ruling
    aspect: str = ""
    points: Decimal | None = None


GONE = sentence("This entry does not wait for that any more: it was answered or withdrawn a moment ago.")


def closed_reasons(event: Event) -> list[Sentence]:
    if event.state in OPEN:
        return []
    return [
        sentence(
            "The floor log is written from the draw until the marking is closed. Have the marking reopened to add to it."
        )
    ]


def open_floor(event: Event) -> Floor:
    """The floor as nobody else changes it until this transaction ends."""
    lock(event)
    if reasons := closed_reasons(event):
        raise RuleBroken(*reasons)
    return queries.floor_of(event)


def station_on(floor: Floor, on: On) -> Station:
    found = next((one for one in floor.stations(on.part) if one.code == on.code), None)
    if found is None:
        raise RuleBroken(sentence("This code is not in the draw that counts."))
    return found


def is_on(row: FloorEntry, on: On) -> bool:
    return row.part == on.part and row.code == on.code


def refuse_answered(floor: Floor, row: FloorEntry, kind: Kind, ticket: Ticket) -> None:
    """Refuse what was answered or withdrawn meanwhile; the same answer sent again is none of that."""
    if ticket.id in floor.by_id:
        return
    is_answered = floor.answer_to(row) is not None
    if row.kind != kind or not floor.is_standing(row) or is_answered:
        raise RuleBroken(GONE)


def ticket_after(row: FloorEntry) -> Ticket:
    """A ticket for what the house adds to an entry by itself."""
    return Ticket(tokens.new_id(), row.device_time)


def write(
    floor: Floor,
    on: On,
    *,
    kind: Kind,
    ticket: Ticket,
    by: Actor,
    at: datetime,
    cause: str = "",
    minutes: int = 0,
    batch: int | None = None,
    verdict: str = "",
    penalty: Penalty | None = None,
    refers: FloorEntry | None = None,
    sheet: Sheet | None = None,
) -> FloorEntry:
    if known := floor.by_id.get(ticket.id):
        return _same(known, on, kind)
    if kind in WANTS_CAUSE:
        cause = given_reason(cause)
    number = max((row.number for row in floor.rows), default=0) + 1
    batch = batch if on.code else on.batch
    new = Entry(str(ticket.id), number, kind, at, on.part, batch, on.code, minutes)
    if refers is None and sheet is None:
        _refuse_nowhere(floor, on)
    if kind in rules.CLOCK_KINDS:
        plan = floor.plan(on.part)
        home = floor.homes(on.part).get(on.code, 0)
        if problem := rules.clock_problem(floor.standing, new, home, minutes=plan.minutes):
            raise RuleBroken(problem)
    made = FloorEntry(
        event_id=floor.event.id,
        id=ticket.id,
        number=number,
        kind=kind,
        part=on.part,
        batch=batch,
        code=on.code,
        at=at,
        device_time=ticket.device_time[:40],
        minutes=minutes,
        cause=cause.strip()[:MOST_CAUSE],
        verdict=penalty.ruling.value if penalty else verdict,
        aspect=penalty.aspect if penalty else "",
        points=penalty.points if penalty else None,
        sheet_id=sheet.id if sheet else None,
        refers_to=refers.id if refers else None,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(made)
    session.flush()
    said = f"#{refers.number}" if kind is Kind.WITHDRAWN and refers else made.cause
    fact = facts.FloorLogged(
        event_id=floor.event.id,
        subject_id=made.id,
        entry=kind.value,
        place=f"{on.part} · {on.code or f'#{on.batch}'}",
        minutes=minutes,
        cause=said,
    )
    record(fact, by=by, at=at)
    return made


def _same(known: FloorEntry, on: On, kind: Kind) -> FloorEntry:
    if (known.kind, known.part, known.code) != (kind, on.part, on.code):
        raise Conflict(
            sentence("Another entry was written under the number of this one."),
            next_step=sentence("Load the page again and write it once more."),
        )
    return known


def _refuse_nowhere(floor: Floor, on: On) -> None:
    """An entry is about a station or a batch that there is."""
    if on.part not in floor.plans:
        raise RuleBroken(
            sentence("This part of the event is not planned. Say first how many stations work how long.")
        )
    if on.code:
        station_on(floor, on)
    elif on.batch not in _numbers(floor, on.part):
        raise RuleBroken(sentence("There is no such batch."))


def _numbers(floor: Floor, part: str) -> Collection[int]:
    return floor.batches(part).keys()
