"""Read which marks were acknowledged and are not here: what tablets told after an older state of the database was put back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from competition.audit.models import AuditEntry
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.database import session
from competition.rules.numbers import as_decimal
from competition.scoring.facts import MarksLacking
from competition.scoring.models import Mark, Sheet
from competition.scoring.queries.answers import value_of
from competition.scoring.queries.items import Item, items_of
from competition.scoring.queries.sheets import marks_by_sheet, sheets_of

Cell = tuple[UUID, str, str]
"""A sheet, an aspect and the kind under which the value is kept."""


class Since(StrEnum):
    """What became of a mark that was acknowledged and was not here."""

    GONE = "gone"
    BACK = "back"
    CHANGED = "changed"


@dataclass(frozen=True)
class LackingMark:
    """A mark that a tablet was told is recorded, and what became of it here.

    `value` None with a `state` is what was recorded instead of a number; `device_time` is the tablet's own clock, "" where it does not
    know it any more. `now` is the mark that stands in its place.
    """

    sheet: Sheet
    item: Item
    kind: str
    value: str | None
    state: str
    device: str
    device_time: str
    told_at: datetime
    now: Mark | None

    @property
    def since(self) -> Since:
        if is_there(self.now, self.value, self.state):
            return Since.BACK
        if self.now is not None and self.now.marked_at > self.told_at:
            return Since.CHANGED
        return Since.GONE


@dataclass(frozen=True)
class LackingEntries:
    """Entries of a tablet that were acknowledged and are not here, and that it could not send again: nobody knows what they said."""

    device: str
    judge: str
    told_at: datetime
    acknowledged: int
    again: int


def is_there(mark: Mark | None, value: str | None, state: str) -> bool:
    """Whether the mark that stands now is the one spoken of; a cell that was cleared is there as long as nothing stands in it."""
    if mark is None:
        return state == "blank"
    kept = None if value is None else as_decimal(value_of(value))
    return (mark.state, mark.value) == (state, kept)


def told_before(event_id: UUID) -> dict[Cell, int]:
    """The version of every cell of which a tablet has told already."""
    found: dict[Cell, int] = {}
    for fact, _entry in _told(event_id):
        for sheet, aspect, kind, _value, _state, version, _time in fact.marks:
            cell = UUID(sheet), aspect, kind
            found[cell] = max(found.get(cell, 0), version)
    return found


def lacking_marks(event: Event) -> list[LackingMark]:
    """What tablets told of every cell last, in the order of modules, codes and seats, with what became of it here."""
    told = list(_told(event.id))
    if not told:
        return []
    last: dict[Cell, tuple[int, LackingMark]] = {}
    sheets = {sheet.id: sheet for sheet in sheets_of(event)}
    marks = marks_by_sheet(event.id, {UUID(row[0]) for fact, _entry in told for row in fact.marks})
    rule_set = rule_set_of(event)
    for fact, entry in told:
        for row in fact.marks:
            cell = UUID(row[0]), row[1], row[2]
            sheet = sheets.get(cell[0])
            if sheet is None or last.get(cell, (0, None))[0] >= row[5]:
                continue
            items = items_of(rule_set, sheet.module, sheet.seat_label)
            item = next((one for one in items if one.aspect.id == cell[1] and one.holds(cell[2])), None)
            if item is not None:
                now = marks.get(sheet.id, {}).get(cell[1:])
                last[cell] = row[5], _lacking(sheet, item, row, fact, entry, now)
    places = {sheet: number for number, sheet in enumerate(sheets)}
    found = [one for _version, one in last.values()]
    return sorted(found, key=lambda one: (places[one.sheet.id], one.item.aspect.id, one.kind))


def _lacking(
    sheet: Sheet,
    item: Item,
    row: list[Any],
    fact: MarksLacking,
    entry: AuditEntry,
    now: Mark | None,
) -> LackingMark:
    _sheet, _aspect, kind, value, state, _version, device_time = row
    return LackingMark(
        sheet=sheet,
        item=item,
        kind=kind,
        value=value,
        state=state,
        device=fact.device,
        device_time=device_time,
        told_at=entry.at,
        now=now,
    )


def lacking_entries(event: Event) -> list[LackingEntries]:
    """The tablets that were told of more entries than are here and than they could send again, the latest first."""
    found = [
        LackingEntries(fact.device, entry.by_name, entry.at, fact.acknowledged, fact.again)
        for fact, entry in _told(event.id)
        if fact.acknowledged > fact.again
    ]
    return found[::-1]


def times_told(event: Event) -> int:
    """How often a tablet has told of something: it only grows."""
    query = select(func.count()).where(
        AuditEntry.chain == str(event.id), AuditEntry.kind == MarksLacking.kind
    )
    return session.scalar(query) or 0


def _told(event_id: UUID) -> Iterator[tuple[MarksLacking, AuditEntry]]:
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.chain == str(event_id), AuditEntry.kind == MarksLacking.kind)
        .order_by(AuditEntry.number)
    )
    for entry in entries:
        yield MarksLacking(event_id, entry.subject_id, **entry.payload), entry
