"""Note which marks a tablet was told are recorded and the server does not have: an older state of the database was put back.

Source: docs/sources.md, reliability §6 fault 14. What a tablet says here changes no mark: it is a claim of the judge's own tablet about
the judge's own sheets, kept on the record, so that the organiser can ask for what is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from competition.audit.services import record
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.panels.queries import judge_of
from competition.rules.access import Actor
from competition.scoring import facts, queries
from competition.scoring.queries.answers import value_of
from competition.scoring.queries.lacking import Cell, is_there, told_before
from competition.tablets.models import Device


@dataclass(frozen=True)
class ToldMark:
    """A mark on the sheet of a tablet, with the version of its cell that the server had acknowledged."""

    sheet: UUID
    aspect: str
    kind: str
    value: str | None
    state: str
    version: int
    device_time: str = ""

    @property
    def cell(self) -> Cell:
        return self.sheet, self.aspect, self.kind


def note_lacking(
    event: Event,
    device: Device,
    *,
    marks: Sequence[ToldMark],
    acknowledged: int = 0,
    again: int = 0,
    by: Actor,
    at: datetime,
) -> int:
    """Put down what a judge's own tablet holds of the judge's own sheets and the server does not; how many marks that is.

    What is recorded here as the tablet has it, what was told before, and what stands on no sheet of the judge is left out; where nothing
    is left and no entry is unaccounted for, nothing is put down.
    """
    lacking = _lacking(event, marks, by)
    if not lacking and acknowledged <= again:
        return 0
    told = [
        [str(one.sheet), one.aspect, one.kind, one.value, one.state, one.version, one.device_time]
        for one in lacking
    ]
    fact = facts.MarksLacking(
        event_id=event.id,
        subject_id=device.id,
        device=device.label,
        acknowledged=acknowledged,
        again=again,
        marks=told,
    )
    record(fact, by=by, at=at)
    return len(lacking)


def _lacking(event: Event, marks: Sequence[ToldMark], by: Actor) -> list[ToldMark]:
    judge = judge_of(by)
    own = {sheet.id: sheet for sheet in queries.sheets_for_judge(judge, event)} if judge else {}
    here, before = queries.marks_by_sheet(event.id, own), told_before(event.id)
    rule_set, found = rule_set_of(event), {}
    for one in marks:
        sheet = own.get(one.sheet)
        if sheet is None or before.get(one.cell, 0) >= one.version or not _is_sound(one):
            continue
        items = queries.items_of(rule_set, sheet.module, sheet.seat_label)
        is_on_sheet = any(item.aspect.id == one.aspect and item.holds(one.kind) for item in items)
        mark = here.get(sheet.id, {}).get((one.aspect, one.kind))
        is_older = mark is None or mark.version < one.version
        if is_on_sheet and is_older and not is_there(mark, one.value, one.state):
            found[one.cell] = one
    return list(found.values())


def _is_sound(told: ToldMark) -> bool:
    """Whether there is a number where one is spoken of."""
    if told.state != "value":
        return told.value is None
    try:
        value_of(told.value or "")
    except ValueError:
        return False
    return True
