"""What stands in the way of counting a sheet as its paper says: the state of things, blanks, and what a tablet recorded meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from competition.competitions.queries import rule_set_of
from competition.database import session
from competition.rules.lifecycle import EventState
from competition.rules.numbers import as_decimal
from competition.rules.sentences import Sentence, sentence
from competition.scoring.models import Mark, MarkOperation, Sheet, SheetState
from competition.scoring.queries.answers import value_of
from competition.scoring.queries.items import Item, items_of
from competition.scoring.queries.levels import VALUE, blanks_of, discussions_of, is_given
from competition.scoring.queries.sheets import CellKey, event_of, marks_by_sheet, siblings_of
from competition.scoring.queries.taking_part import codes_left_out
from competition.tablets.models import Device, DeviceKind


@dataclass(frozen=True)
class PaperMark:
    """One value that stands on paper: its cell, and the number (as plain text) or why there is none."""

    aspect: str
    kind: str
    value: str | None
    state: str = VALUE
    reason: str = ""

    @property
    def cell(self) -> CellKey:
        return self.aspect, self.kind

    @property
    def number(self) -> Decimal | None:
        """The exact number, None where there is none."""
        return None if self.value is None else as_decimal(value_of(self.value))

    def says(self, mark: Mark) -> bool:
        """Whether a recorded mark is the same."""
        return (mark.state, mark.value) == (self.state, self.number)


def paper_refusal(sheet: Sheet) -> Sentence | None:
    """Why nothing can be taken from the paper of this sheet now, or None."""
    event = event_of(sheet)
    if event.state != EventState.SCORING:
        return sentence("The marking of this event is not open, so nothing is counted from paper.")
    if sheet.state == SheetState.VOID:
        return sentence("The sheet was declared void, so its paper does not count either.")
    if sheet.state != SheetState.OPEN:
        return sentence("The sheet is signed already, so nothing is counted from paper.")
    if sheet.code in codes_left_out(event):
        return sentence("This entrant does not compete any more, so nothing is counted from paper.")
    return None


def blank_on_paper(sheet: Sheet, marks: Iterable[PaperMark]) -> list[Item]:
    """The items that must be given and are not, were the sheet as the paper says."""
    items, siblings, supposed = _supposed(sheet, marks)
    return blanks_of(items, sheet, siblings, supposed)


def paper_blockers(sheet: Sheet, marks: Sequence[PaperMark]) -> tuple[Sentence, ...]:
    """Everything that keeps these values from being counted and signed for now; () when nothing does.

    What a tablet recorded otherwise is none of it: `marked_otherwise` names that.
    """
    if refusal := paper_refusal(sheet):
        return (refusal,)
    items, siblings, supposed = _supposed(sheet, marks)
    blanks = [
        sentence("%(aspect)s is blank.", aspect=item.aspect.title)
        for item in blanks_of(items, sheet, siblings, supposed)
    ]
    discussed = [
        sentence("%(aspect)s is under discussion: the levels lie too far apart.", aspect=levels.aspect.title)
        for levels in discussions_of(items, siblings, supposed)
    ]
    return (*blanks, *discussed)


def marked_otherwise(sheet: Sheet, marks: Iterable[PaperMark]) -> list[Mark]:
    """The marks that a tablet gave this sheet and that the paper says otherwise, or not at all."""
    on_paper = {mark.cell: mark for mark in marks}
    return [
        mark
        for cell, mark in tablet_marks(sheet).items()
        if (said := on_paper.get(cell)) is None or not said.says(mark)
    ]


def tablet_marks(sheet: Sheet) -> dict[CellKey, Mark]:
    """The marks on the sheet that came from tablets, cell by cell."""
    rows = session.scalars(
        select(Mark)
        .join(MarkOperation, (MarkOperation.event_id == Mark.event_id) & (MarkOperation.op_id == Mark.op_id))
        .join(Device, (Device.event_id == Mark.event_id) & (Device.id == MarkOperation.device_id))
        .where(Mark.event_id == sheet.event_id, Mark.sheet_id == sheet.id, Device.kind == DeviceKind.TABLET)
        .order_by(Mark.aspect, Mark.kind)
    )
    return {(mark.aspect, mark.kind): mark for mark in rows if is_given(mark)}


def _supposed(
    sheet: Sheet, marks: Iterable[PaperMark]
) -> tuple[tuple[Item, ...], list[Sheet], Mapping[UUID, Mapping[CellKey, Mark]]]:
    """The sheet's items, the sheets beside it, and all their marks with this sheet as the paper says."""
    siblings = siblings_of(sheet)
    found = marks_by_sheet(sheet.event_id, [one.id for one in siblings if one.id != sheet.id])
    said = {
        mark.cell: Mark(aspect=mark.aspect, kind=mark.kind, value=mark.number, state=mark.state, round=1)
        for mark in marks
    }
    items = items_of(rule_set_of(event_of(sheet)), sheet.module, sheet.seat_label)
    return items, siblings, {**found, sheet.id: said}
