"""What is recorded at one aspect for all entrants, in columns; read from a contest or given as arrays.

Which judge gave which mark is not kept: no method that is reckoned in columns asks for it. A mark that is not there is
not a zero: every array of numbers has one of flags beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from competition.rules.marking import Entry, Given, MarkState
from competition.rules.numbers import DECIMAL_PLACES
from competition.standings.columns import Column, Flags, Unsuited, Whole, of_fractions

SCALE = 10**DECIMAL_PLACES
"""Every number that can be recorded is a whole number of these parts."""

_NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Scores:
    """The marks of the judges: a row for every entrant, filled from the left; `counts` says how far.

    `refused` counts the judges who recorded "not attempted" instead of a mark; None where nobody did.
    """

    numerators: Whole
    denominator: int
    counts: Whole
    refused: Whole | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything recorded at one aspect. None stands for: nothing of this kind for anybody.

    `entries` is the sum of the entries of a deduction; `not_attempted` is said of the entrant, not by one judge.
    """

    scores: Scores | None = None
    measured: Column | None = None
    declared: Column | None = None
    agreed: Column | None = None
    entries: Column | None = None
    not_attempted: Flags | None = None

    def given(self, row: int) -> Given:
        """What is recorded for one entrant, as the exact engine takes it; judges are named by their position."""
        given = Given()
        if self.scores is not None:
            count, numerators = int(self.scores.counts[row]), self.scores.numerators[row]
            given.scores = {
                f"seat-{seat}": Fraction(int(numerators[seat]), self.scores.denominator)
                for seat in range(count)
            }
            refused = 0 if self.scores.refused is None else int(self.scores.refused[row])
            given.scores |= {f"seat-{count + seat}": None for seat in range(refused)}
        given.measured = None if self.measured is None else self.measured.at(row)
        given.declared = None if self.declared is None else self.declared.at(row)
        given.agreed = None if self.agreed is None else self.agreed.at(row)
        taken = None if self.entries is None else self.entries.at(row)
        given.entries = [] if not taken else [Entry(None, taken)]
        if self.not_attempted is not None and self.not_attempted[row]:
            given.state = MarkState.NOT_ATTEMPTED
        return given


def scored(
    scores: Whole, *, denominator: int = 1, counts: Whole | None = None, refused: Whole | None = None
) -> Marks:
    """The marks of a panel as an array of entrants × seats, over one denominator (marks in steps of 0.1: 10).

    Where seats may be empty, `counts` says for every entrant how many marks there are; they stand on the left.
    """
    if counts is None:
        counts = np.full(len(scores), scores.shape[1], dtype=np.int64)
    return Marks(scores=Scores(scores, denominator, counts, refused))


def measured(values: Whole, *, denominator: int = 1, known: Flags | None = None) -> Marks:
    """One number for every entrant, over one denominator."""
    return Marks(measured=_column(values, denominator, known))


def deducted(entries: Whole, *, denominator: int = 1) -> Marks:
    """The sum of the entries of a deduction for every entrant, over one denominator."""
    return Marks(entries=_column(entries, denominator, None))


def _column(values: Whole, denominator: int, known: Flags | None) -> Column:
    return Column(values, denominator, np.ones(len(values), dtype=bool) if known is None else known)


@dataclass(slots=True)
class _Read:
    """The numbers of one aspect while they are gathered from the entrants."""

    flat: list[Fraction | None] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    measured: list[Fraction | None] = field(default_factory=list)
    declared: list[Fraction | None] = field(default_factory=list)
    agreed: list[Fraction | None] = field(default_factory=list)
    entries: list[Fraction | None] = field(default_factory=list)
    not_attempted: list[bool] = field(default_factory=list)


def of_givens(givens: Sequence[Given | None]) -> Marks:
    """The columns of what is recorded at one aspect, entrant by entrant. Raises Unsuited for what has no column."""
    read = _Read()
    for given in givens:
        _gather(read, _NOTHING if given is None else given)
    return Marks(
        _scores(read),
        _optional(read.measured),
        _optional(read.declared),
        _optional(read.agreed),
        _optional(read.entries),
        np.array(read.not_attempted, dtype=bool) if any(read.not_attempted) else None,
    )


def _gather(read: _Read, given: Given) -> None:
    scores = given.standing
    read.flat.extend(scores.values())
    read.counts.append(len(scores))
    read.measured.append(given.measured)
    read.declared.append(given.declared)
    read.agreed.append(given.agreed)
    read.entries.append(sum((entry.value for entry in given.entries), Fraction(0)) if given.entries else None)
    read.not_attempted.append(given.state is not None)
    if given.attempts or given.adjustments or given.state not in _STATES:
        raise Unsuited
    if given.rounds is not None and scores.keys() != given.scores.keys():
        raise Unsuited


_STATES = (None, MarkState.NOT_ATTEMPTED)


def _optional(values: list[Fraction | None]) -> Column | None:
    if all(value is None for value in values):
        return None
    return of_fractions(values)


def _scores(read: _Read) -> Scores | None:
    if not read.flat:
        return None
    counts = np.array(read.counts, dtype=np.int64)
    marks = [mark for mark in read.flat if mark is not None]
    refused = None
    if len(marks) < len(read.flat):
        refused = _refused(read.flat, counts)
        counts = counts - refused
    return packed(_scaled(marks), SCALE, counts, refused)


def _refused(flat: Iterable[Fraction | None], counts: Whole) -> Whole:
    owner = np.repeat(np.arange(len(counts)), counts)
    without = np.fromiter((mark is None for mark in flat), dtype=bool, count=len(owner))
    return np.bincount(owner[without], minlength=len(counts)).astype(np.int64)


def _scaled(marks: Sequence[Fraction]) -> Whole:
    numerators = np.array([mark.numerator for mark in marks], dtype=np.int64)
    denominators = np.array([mark.denominator for mark in marks], dtype=np.int64)
    if (SCALE % denominators).any():
        raise Unsuited
    scaled: Whole = numerators * (SCALE // denominators)
    return scaled


def packed(marks: Whole, denominator: int, counts: Whole, refused: Whole | None = None) -> Scores:
    """Marks that stand one behind the other, entrant by entrant, as rows filled from the left."""
    shared = int(np.gcd(np.gcd.reduce(marks, initial=0), denominator)) or 1
    widest = int(counts.max(initial=0))
    if (counts == widest).all():
        rows = (marks // shared).reshape(len(counts), widest)
    else:
        rows = np.zeros((len(counts), widest), dtype=np.int64)
        rows[np.arange(widest) < counts[:, None]] = marks // shared
    return Scores(rows, denominator // shared, counts, refused)


def givens_of(marks: Mapping[str, Marks], row: int) -> Mapping[str, Given]:
    """Everything recorded for one entrant, as the exact engine takes it."""
    return {aspect: recorded.given(row) for aspect, recorded in marks.items()}
