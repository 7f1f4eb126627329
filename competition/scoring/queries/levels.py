"""Judgement in groups: levels are hidden until all are in; too wide a spread opens a discussion.

Source: docs/sources.md, domain §5.3.1–5.3.2 (three judges give 0–3 alone; the spread must be at most 1, otherwise they state reasons and
adjust; both rounds are kept).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from competition.panels.queries import seat_number
from competition.rules.marking import MarkKind, MarkState
from competition.rules.scheme import Aspect, Judgement, Panel
from competition.scoring.models import Mark, Sheet, SheetState
from competition.scoring.queries.items import Item
from competition.scoring.queries.sheets import CellKey, MarkRow, SheetRow

BLANK = "blank"
VALUE = "value"
ENDING = frozenset({MarkState.DNS, MarkState.DSQ, MarkState.NOT_ATTEMPTED})


def is_given(mark: Mark | None) -> bool:
    """Whether something is recorded: a value, or that nothing was attempted. A cleared cell is blank again."""
    return mark is not None and mark.state != BLANK


@dataclass(frozen=True)
class Levels:
    """The levels of one judgement for one code, by seat; None where a judge has not given one."""

    aspect: Aspect
    by_seat: Mapping[str, Mark | None]
    is_agreed: bool

    @property
    def are_shown(self) -> bool:
        """Whether the judges see each other's levels: once all are in, and from then on."""
        complete = all(is_given(mark) for mark in self.by_seat.values())
        return complete or any(mark is not None and mark.round > 1 for mark in self.by_seat.values())

    @property
    def in_discussion(self) -> bool:
        """Whether all are in, lie too far apart, and no agreed level stands for them."""
        marks = [mark for mark in self.by_seat.values() if mark is not None and is_given(mark)]
        if self.is_agreed or len(marks) < len(self.by_seat) or not marks:
            return False
        levels = [mark.value for mark in marks if mark.value is not None]
        if len(levels) < len(marks):
            return bool(levels)
        assert isinstance(self.aspect.method, Judgement)
        return max(levels) - min(levels) > self.aspect.method.max_spread


def levels_of(
    aspect: Aspect,
    siblings: Sequence[Sheet | SheetRow],
    marks: Mapping[UUID, Mapping[CellKey, Mark | MarkRow]],
) -> Levels:
    """The levels of a judgement out of the sheets of one code in one module."""
    assert isinstance(aspect.method, Judgement)
    cell = (aspect.id, MarkKind.MARK.value)
    by_seat = {
        sheet.seat_label: marks[sheet.id].get(cell) if sheet.id in marks else None
        for sheet in siblings
        if sheet.state != SheetState.VOID and seat_number(sheet.seat_label) <= aspect.method.judges
    }
    return Levels(aspect, by_seat, has_agreed(aspect, siblings, marks))


def has_agreed(
    aspect: Aspect,
    siblings: Sequence[Sheet | SheetRow],
    marks: Mapping[UUID, Mapping[CellKey, Mark | MarkRow]],
) -> bool:
    """Whether the lead recorded one agreed value that stands for the marks of the judges."""
    cell = (aspect.id, MarkKind.AGREED.value)
    return any(is_given(marks[sheet.id].get(cell)) for sheet in siblings if sheet.lead and sheet.id in marks)


def blanks_of(
    items: Sequence[Item],
    sheet: Sheet,
    siblings: Sequence[Sheet],
    marks: Mapping[UUID, Mapping[CellKey, Mark]],
) -> list[Item]:
    """The items of a sheet without which it cannot be signed."""
    own: Mapping[CellKey, Mark] = marks.get(sheet.id, {})
    return [
        item
        for item in items
        if item.needed
        and not is_given(own.get(item.key))
        and not _is_over(item, own)
        and not (
            item.kind is MarkKind.MARK
            and isinstance(item.aspect.method, Judgement | Panel)
            and has_agreed(item.aspect, siblings, marks)
        )
    ]


def _is_over(item: Item, own: Mapping[CellKey, Mark]) -> bool:
    """Whether a try before it ended them: the entrant did not start, was disqualified or attempted nothing."""
    before = (own.get((item.aspect.id, f"mark:{number}")) for number in range((item.attempt or 1) - 1, 0, -1))
    last = next((mark for mark in before if is_given(mark)), None)
    return last is not None and last.state in ENDING


def discussions_of(
    items: Sequence[Item], siblings: Sequence[Sheet], marks: Mapping[UUID, Mapping[CellKey, Mark]]
) -> list[Levels]:
    """The judgements of these items that the judges must discuss."""
    found = (levels_of(item.aspect, siblings, marks) for item in items if item.is_level)
    return [levels for levels in found if levels.in_discussion]
