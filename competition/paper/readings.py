"""What somebody reads from the paper of a sheet: the lines of a sheet, how a typed text becomes a value, how two readings differ.

Numbers may be typed in any width; "/" says that nothing was attempted, and DNF, DNS and DSQ are what they are in every results list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from competition.rules.marking import ADJUSTMENTS, MarkKind, MarkState, mark_refusal, state_refusal
from competition.rules.numbers import NumberRefused, as_decimal, as_typed
from competition.rules.sentences import Sentence, sentence
from competition.scoring.queries import CellKey, Item
from competition.scoring.queries.answers import value_of
from competition.scoring.queries.levels import VALUE
from competition.scoring.queries.paper import PaperMark

ABSENT = "/"
ROWS = 6
"""How many entries of a list can be typed for one item; the paper has room for three."""
ROWS_ON_PAPER = 3

CONTESTANT: CellKey = ("", "contestant")
"""Stands among the differences for the contestant's signature."""

_WORDS = {
    ABSENT: MarkState.NOT_ATTEMPTED,
    "DNF": MarkState.DNF,
    "DNS": MarkState.DNS,
    "DSQ": MarkState.DSQ,
}
_TYPED = {state.value: word for word, state in _WORDS.items()}


class LineRefused(Exception):
    """What was typed in a line cannot stand there; `sentence` says why."""

    def __init__(self, because: Sentence) -> None:
        super().__init__(str(because))
        self.sentence = because


@dataclass(frozen=True)
class Line:
    """A place of a sheet for one value; `row` numbers the entries of a list and is 0 elsewhere."""

    item: Item
    row: int = 0

    @property
    def is_first(self) -> bool:
        return self.row <= 1


@dataclass(frozen=True)
class Typed:
    """What was typed in a line: the value, and for the entry of a list what it is and why."""

    text: str = ""
    kind: str = ""
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.reason.strip()


@dataclass(frozen=True)
class Reading:
    """What one person read: every value that stands on the paper. `contestant_refused` is why the contestant did not sign, if so."""

    marks: tuple[PaperMark, ...]
    contestant_refused: str = ""
    reasons: Mapping[str, str] | None = None
    """In a third look: why, for each cell that was different ("aspect kind" → reason)."""

    @property
    def cells(self) -> dict[CellKey, PaperMark]:
        return {mark.cell: mark for mark in self.marks}

    def document(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "marks": [[one.aspect, one.kind, one.value, one.state, one.reason] for one in self.marks],
            "contestant_refused": self.contestant_refused,
            "reasons": dict(self.reasons or {}),
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Reading":
        """As it was kept."""
        marks = tuple(PaperMark(*row) for row in document["marks"])
        return cls(marks, document["contestant_refused"], document["reasons"])


def lines_of(items: Sequence[Item], rows: int = ROWS) -> list[Line]:
    """The lines of a sheet in order: one for each item, several for a list of entries."""
    return [
        line
        for item in items
        for line in ([Line(item, row) for row in range(1, rows + 1)] if item.is_list else [Line(item)])
    ]


def read_line(line: Line, typed: Typed) -> PaperMark | None:
    """The value of a line, None where nothing stands. Raises LineRefused for what the scale or the rules do not know."""
    text = as_typed(typed.text).replace("、", ".")
    if not text:
        if typed.reason.strip():
            raise LineRefused(sentence("There is a reason here and no number."))
        return None
    item = line.item
    state = _WORDS.get(text.upper())
    if state is not None:
        if item.kind is not MarkKind.MARK or state_refusal(item.aspect, state, attempt=item.attempt):
            raise LineRefused(sentence("“%(text)s” cannot stand here; type the number.", text=text))
        return PaperMark(item.aspect.id, item.cell, None, state.value)
    kind, base = item.cell, item.kind
    if item.is_list:
        base = _kind_of_entry(item, typed)
        kind = f"{base.value}:{line.row}"
        if not typed.reason.strip():
            raise LineRefused(sentence("An entry needs the reason that stands on the paper."))
    try:
        value = value_of(text)
        if refusal := mark_refusal(item.aspect, base, value):
            raise LineRefused(refusal)
    except NumberRefused as refused:
        raise LineRefused(refused.sentence) from None
    return PaperMark(
        item.aspect.id, kind, format(as_decimal(value), "f"), VALUE, " ".join(typed.reason.split())[:200]
    )


def _kind_of_entry(item: Item, typed: Typed) -> MarkKind:
    if item.kind is MarkKind.ENTRY:
        return MarkKind.ENTRY
    found = next((kind for kind in ADJUSTMENTS if kind.value == typed.kind), None)
    if found is None:
        raise LineRefused(sentence("Say whether this is a pause, a penalty or a bonus."))
    return found


def numbered(marks: Sequence[PaperMark]) -> tuple[PaperMark, ...]:
    """The entries of every list numbered from 1 without gaps, so that an empty line between two is no difference."""
    counts: dict[str, int] = {}
    found = []
    for mark in marks:
        base, colon, _number = mark.kind.partition(":")
        if colon and base != MarkKind.MARK:
            counts[mark.aspect] = counts.get(mark.aspect, 0) + 1
            mark = replace(mark, kind=f"{base}:{counts[mark.aspect]}")
        found.append(mark)
    return tuple(found)


def differences(one: Reading, other: Reading) -> list[CellKey]:
    """The cells in which two readings say something else, in the order of the sheet. The wording of a reason is no difference."""
    mine, theirs = one.cells, other.cells
    cells = [cell for cell in dict.fromkeys([*mine, *theirs]) if not _same(mine.get(cell), theirs.get(cell))]
    if bool(one.contestant_refused) != bool(other.contestant_refused):
        cells.append(CONTESTANT)
    return cells


def _same(one: PaperMark | None, other: PaperMark | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.number, one.state) == (other.number, other.state)


def as_written(mark: PaperMark | None) -> str:
    """A value as one would type it; "" for none."""
    if mark is None:
        return ""
    return mark.value if mark.value is not None else _TYPED.get(mark.state, mark.state)
