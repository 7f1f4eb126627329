"""A marking scheme over columns: the value of every node for all entrants at once.

The order of the steps is that of `rules.marking`: the panel's value, its rounding, the declared value, × factor, floor
and cap, rounding; at a group the parts combined, deductions, × factor, floor and cap, rounding. A node that has no
columns (tries, formulas, majorities, percentages taken off …) is reckoned by `rules.marking`, entrant by entrant.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Protocol

import numpy as np

from competition.rules.marking import Given, Reckoning
from competition.rules.ruleset import RuleSet
from competition.rules.scheme import (
    LEVELS,
    Aspect,
    Binary,
    Branch,
    Combine,
    Count,
    Declared,
    Deduction,
    Effect,
    Group,
    Judgement,
    Missing,
    Panel,
    PanelCombine,
    Part,
    Parts,
    Time,
    Tolerance,
    Value,
    walk,
)
from competition.standings.columns import (
    LARGEST,
    Column,
    Flags,
    Unsuited,
    Whole,
    best,
    largest,
    level,
    of_fractions,
    total,
)
from competition.standings.marks import Marks, Scores

_MEANS = (PanelCombine.MEAN, PanelCombine.TRIMMED_MEAN)
_PLAIN_PANELS = (*_MEANS, PanelCombine.MEDIAN, PanelCombine.SUM)


class Source(Protocol):
    """Where the marks are: in columns by aspect, and as the exact engine takes them, by entrant."""

    @property
    def size(self) -> int: ...

    def marks(self, aspect: str) -> Marks: ...

    def givens(self, row: int) -> Mapping[str, Given]: ...


class Columns:
    """The columns of the wanted nodes, and `blocked`: who is held up by something that is missing or unresolved."""

    def __init__(self, ruleset: RuleSet, source: Source, wanted: frozenset[str]) -> None:
        self.values: dict[str, Column] = {}
        self.blocked: Flags = np.zeros(source.size, dtype=bool)
        self._source = source
        self._required = ruleset.ranked_by
        self._wanted = wanted
        self._value(ruleset.scheme)

    def _value(self, branch: Branch) -> Column:
        try:
            column = self._group(branch) if isinstance(branch, Group) else self._aspect(branch)
        except Unsuited:
            column = self._one_by_one(branch)
        if branch.id in self._wanted:
            self.values[branch.id] = column
        return column

    def _one_by_one(self, branch: Branch) -> Column:
        """The node by the exact engine; what it says of the nodes below is taken over as well."""
        inner = [node.id for node in walk(branch) if node.id in self._wanted]
        found: dict[str, list[Fraction | None]] = {name: [] for name in {branch.id, *inner}}
        for row in range(self._source.size):
            reckoning = Reckoning("", self._source.givens(row), self._required)
            reckoning.value(branch)
            self.blocked[row] |= bool(reckoning.blockers)
            for name, values in found.items():
                values.append(reckoning.values.get(name))
        columns = {name: of_fractions(values) for name, values in found.items()}
        self.values |= {name: columns[name] for name in inner}
        return columns[branch.id]

    # Groups.

    def _group(self, group: Group) -> Column:
        if not _is_plain(group):
            raise Unsuited
        columns = {child.id: self._value(child) for child in group.children}
        parts = [columns[child.id] for child in group.marked]
        value = _combined(group, parts) if parts else self._nothing(known=True)
        for child in group.deductions:
            value = value.plus(columns[child.id])
        return _finished(group, value)

    def _nothing(self, *, known: bool) -> Column:
        size = self._source.size
        return Column(np.zeros(size, dtype=np.int64), 1, np.full(size, known))

    # Aspects.

    def _aspect(self, aspect: Aspect) -> Column:
        marks = self._source.marks(aspect.id)
        value, lacking = self._marked(aspect, marks)
        value = _finished(aspect, value)
        skipped = self._not_attempted(marks)
        if skipped is None:
            self.blocked |= lacking
            return value
        self.blocked |= lacking & ~skipped
        known = np.where(skipped, aspect.part is not Part.RECORD, value.known)
        return Column(np.where(skipped, 0, value.numerators), value.denominator, known)

    def _not_attempted(self, marks: Marks) -> Flags | None:
        """Who did not attempt this, said of the entrant or by every judge."""
        scores, said = marks.scores, marks.not_attempted
        if scores is None or scores.refused is None:
            return said
        by_judges: Flags = (scores.refused > 0) & (scores.counts == 0)
        return by_judges if said is None else said | by_judges

    def _marked(self, aspect: Aspect, marks: Marks) -> tuple[Column, Flags]:
        """The value before factor, bounds and rounding, and for whom something is missing."""
        match aspect.method:
            case Panel() as method:
                return self._panel(method, marks)
            case Judgement() as method:
                return self._judgement(method, marks)
            case Deduction(effect=Effect.POINTS):
                taken = marks.entries or self._nothing(known=False)
                return Column(-taken.numerators, taken.denominator, ~self._none()), self._none()
            case Time(cut_off=None):
                measured = marks.measured or self._nothing(known=False)
                return measured, ~measured.known if aspect.id in self._required else self._none()
            case Binary() | Value() | Tolerance() | Count() as method:
                measured = marks.measured or self._nothing(known=False)
                return _measured(method, measured), ~measured.known
            case _:
                raise Unsuited

    def _none(self) -> Flags:
        return np.zeros(self._source.size, dtype=bool)

    def _judgement(self, method: Judgement, marks: Marks) -> tuple[Column, Flags]:
        agreed = marks.agreed or self._nothing(known=False)
        scores = marks.scores or self._no_scores()
        enough = _enough(scores, method.judges, method.judges)
        if enough.any():
            levels = scores.numerators[:, : method.judges]
            wide = levels.max(axis=1) - levels.min(axis=1) > method.max_spread * scores.denominator
            enough &= ~wide
        sums = Column(_row_sums(scores.numerators[:, : method.judges]), scores.denominator, enough)
        value = _either(agreed.times(method.max / LEVELS), sums.times(method.max / (LEVELS * method.judges)))
        return value, ~value.known

    def _panel(self, method: Panel, marks: Marks) -> tuple[Column, Flags]:
        if (
            method.combine not in _PLAIN_PANELS
            or method.missing is not Missing.LEAVE_OUT
            or method.declared is Declared.MULTIPLY
        ):
            raise Unsuited
        agreed = marks.agreed or self._nothing(known=False)
        scores = marks.scores or self._no_scores()
        value = _either(agreed, _combined_scores(method, scores))
        lacking = ~value.known
        if method.rounding is not None:
            value = value.rounded(method.rounding)
        if method.declared is not None:
            declared = marks.declared or self._nothing(known=False)
            lacking = lacking | ~declared.known
            value = total([value, declared])
        return value, lacking

    def _no_scores(self) -> Scores:
        size = self._source.size
        return Scores(np.zeros((size, 0), dtype=np.int64), 1, np.zeros(size, dtype=np.int64))


def _is_plain(group: Group) -> bool:
    if group.part is Part.RECORD or group.parts is not Parts.ALL:
        return False
    if group.combine not in (Combine.SUM, Combine.WEIGHTED, Combine.MEAN, Combine.BEST):
        return False
    return not group.voids and not group.percents


def _combined(group: Group, parts: list[Column]) -> Column:
    match group.combine:
        case Combine.SUM:
            return total(parts)
        case Combine.WEIGHTED:
            return total(parts, [(child.weight or Fraction(0)) / 100 for child in group.marked])
        case Combine.MEAN:
            return total(parts).times(Fraction(1, len(parts)))
        case Combine.BEST:
            return best(parts, group.count)
        case _:
            raise Unsuited


def _finished(node: Branch, value: Column) -> Column:
    value = value.times(node.factor)
    if node.part is Part.DEDUCTION:
        value = value if node.cap is None else value.at_least(-node.cap)
    else:
        value = value if node.cap is None else value.at_most(node.cap)
        value = value if node.floor is None else value.at_least(node.floor)
    return value if node.rounding is None else value.rounded(node.rounding)


def _either(first: Column, second: Column) -> Column:
    """The first where it is known, the second elsewhere."""
    if not first.known.any():
        return second
    one, two = level((first, second))
    numerators = np.where(one.known, one.numerators, two.numerators)
    return Column(numerators, one.denominator, one.known | two.known)


def _enough(scores: Scores, least: int, most: int) -> Flags:
    """For whom there are as many marks as the panel needs, and no judge of another mind."""
    enough: Flags = (scores.counts >= least) & (scores.counts <= most)
    return enough if scores.refused is None else enough & (scores.refused == 0)


def _row_sums(numerators: Whole) -> Whole:
    if largest(numerators) * max(1, numerators.shape[1]) >= LARGEST:
        raise Unsuited
    sums: Whole = numerators.sum(axis=1, dtype=np.int64)
    return sums


def _combined_scores(method: Panel, scores: Scores) -> Column:
    """The marks of the panels combined; panels of different size are combined apart, because they are trimmed and
    divided by their own number."""
    enough = _enough(scores, method.minimum, method.judges)
    sizes = [int(size) for size in np.unique(scores.counts[enough])]
    trimmed = method.trim_low + method.trim_high
    divisors = {size: _divisor(method, size - trimmed) for size in sizes}
    common = lcm(*divisors.values())
    if largest(scores.numerators) * max((0, *sizes)) * common >= LARGEST:
        raise Unsuited
    if len(sizes) == 1 and bool(enough.all()):
        size = sizes[0]
        numerators = _summed(method, scores.numerators[:, :size]) * (common // divisors[size])
    else:
        numerators = np.zeros(len(enough), dtype=np.int64)
        for size in sizes:
            rows = np.flatnonzero(enough & (scores.counts == size))
            numerators[rows] = _summed(method, scores.numerators[rows, :size]) * (common // divisors[size])
    return Column(numerators, scores.denominator * common, enough)


def _divisor(method: Panel, kept: int) -> int:
    if kept < 1:
        raise Unsuited
    if method.combine is PanelCombine.MEDIAN:
        return 2 - kept % 2
    return kept if method.combine in _MEANS else 1


def _summed(method: Panel, marks: Whole) -> Whole:
    """What is divided: the sum of the marks that count, or of the one or two in the middle."""
    seats = marks.shape[1]
    low, high = method.trim_low, seats - method.trim_high
    if method.combine is PanelCombine.MEDIAN:
        kept = high - low
        low, high = low + (kept - 1) // 2, low + kept // 2 + 1
    if high - low < seats:
        marks = np.sort(marks, axis=1)[:, low:high]
    sums: Whole = marks.sum(axis=1, dtype=np.int64)
    return sums


def _measured(method: Binary | Value | Tolerance | Count, measured: Column) -> Column:
    match method:
        case Value():
            return measured
        case Count():
            return measured.times(method.max / method.possible)
        case Binary():
            reached = (measured.numerators != 0).astype(np.int64)
            return Column(reached, 1, measured.known).times(method.max)
        case Tolerance():
            return _in_bands(method, measured)


def _in_bands(method: Tolerance, measured: Column) -> Column:
    bounds = lcm(method.target.denominator, *(band.up_to.denominator for band in method.bands))
    column = level((measured,), bounds)[0]
    unit = column.denominator
    deviation = np.abs(column.numerators - _parts(method.target, unit))
    award_unit = lcm(*(band.award.denominator for band in method.bands))
    value = np.zeros(len(deviation), dtype=np.int64)
    for band in reversed(method.bands):
        value[deviation <= _parts(band.up_to, unit)] = _parts(band.award, award_unit)
    return Column(value, award_unit, measured.known)


def _parts(value: Fraction, unit: int) -> int:
    numerator = value.numerator * (unit // value.denominator)
    if abs(numerator) >= LARGEST:
        raise Unsuited
    return numerator
