"""Columns: one exact number for every entrant, as whole numerators over one common denominator.

Every operation asks beforehand whether the largest numerator still fits; if not, the column is reduced, and if that
does not help, Unsuited says that the exact engine has to do it. A value that is not known is 0 with `known` false.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from competition.rules.numbers import Rounding, RoundingMode

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

LARGEST = 2**62
"""Numerators stay below: two of them may be added, and the sign may change."""


class Unsuited(Exception):
    """Columns cannot hold this exactly; `rules.contest` can."""


@dataclass(frozen=True, slots=True)
class Column:
    """The value of one node for every entrant: numerators ÷ denominator, where `known`."""

    numerators: Whole
    denominator: int
    known: Flags

    def at(self, row: int) -> Fraction | None:
        """The exact value of one entrant, None where it is not known."""
        return Fraction(int(self.numerators[row]), self.denominator) if self.known[row] else None

    def copied(self) -> "Column":
        """The same in arrays of its own: columns share theirs wherever nothing changed."""
        return Column(self.numerators.copy(), self.denominator, self.known.copy())

    def over(self, denominator: int) -> "Column":
        """The same values over a denominator that is a multiple of their own."""
        factor = denominator // self.denominator
        if factor == 1:
            return self
        if largest(self.numerators) * factor >= LARGEST or factor >= LARGEST:
            raise Unsuited
        return Column(self.numerators * factor, denominator, self.known)

    def times(self, factor: Fraction) -> "Column":
        if factor == 1:
            return self
        column = self if self._bears(factor) else self.reduced()
        if not column._bears(factor):
            raise Unsuited
        return Column(
            column.numerators * factor.numerator, column.denominator * factor.denominator, self.known
        )

    def _bears(self, factor: Fraction) -> bool:
        numerator, denominator = abs(factor.numerator), self.denominator * factor.denominator
        return max(largest(self.numerators) * numerator, numerator, denominator) < LARGEST

    def reduced(self) -> "Column":
        """The same values over the smallest denominator that all of them share."""
        shared = gcd(self.denominator, int(np.gcd.reduce(self.numerators, initial=0)))
        if shared <= 1:
            return self
        return Column(self.numerators // shared, self.denominator // shared, self.known)

    def plus(self, other: "Column") -> "Column":
        """The sum, where this column is known; what the other does not know adds nothing."""
        one, two = level((self, other))
        return Column(fitting(one.numerators, two.numerators), one.denominator, self.known)

    def at_most(self, cap: Fraction) -> "Column":
        column, bound = self._beside(cap)
        return Column(np.minimum(column.numerators, bound), column.denominator, self.known)

    def at_least(self, floor: Fraction) -> "Column":
        column, bound = self._beside(floor)
        return Column(np.maximum(column.numerators, bound), column.denominator, self.known)

    def _beside(self, bound: Fraction) -> tuple["Column", int]:
        column = level((self,), bound.denominator)[0]
        numerator = bound.numerator * (column.denominator // bound.denominator)
        if abs(numerator) >= LARGEST:
            raise Unsuited
        return column, numerator

    def rounded(self, rounding: Rounding) -> "Column":
        """The values with so many decimal places, cut in the declared mode, as `rules.numbers.rounded` does it."""
        scale, denominator = 10**rounding.digits, self.denominator
        if (
            2 * scale * denominator >= LARGEST
            or largest(self.numerators) // denominator * scale >= LARGEST // 2
        ):
            small = self.reduced()
            if small.denominator == denominator:
                raise Unsuited
            return small.rounded(rounding)
        integral, rest = np.divmod(np.abs(self.numerators), denominator)
        whole, rest = np.divmod(rest * scale, denominator)
        whole += integral * scale
        whole += _goes_up(whole, rest, denominator, rounding.mode)
        return Column(np.where(self.numerators < 0, -whole, whole), scale, self.known)


def _goes_up(whole: Whole, rest: Whole, denominator: int, mode: RoundingMode) -> Flags:
    if mode is RoundingMode.DOWN:
        return np.zeros(len(whole), dtype=bool)
    if mode is RoundingMode.UP:
        return rest > 0
    beyond = 2 * rest - denominator
    from_half = beyond >= 0 if mode is RoundingMode.HALF_UP else beyond > 0
    up: Flags = from_half | ((beyond == 0) & (whole % 2 == 1))
    return up


def largest(numbers: Whole) -> int:
    """The largest absolute value, 0 of none."""
    if not numbers.size:
        return 0
    return max(int(numbers.max()), -int(numbers.min()))


def fitting(one: Whole, two: Whole) -> Whole:
    if largest(one) + largest(two) >= LARGEST:
        raise Unsuited
    return one + two


def level(columns: Sequence[Column], denominator: int = 1) -> list[Column]:
    """The columns over one common denominator, a multiple of the one given."""
    try:
        return _level(columns, denominator)
    except Unsuited:
        return _level([column.reduced() for column in columns], denominator)


def _level(columns: Sequence[Column], denominator: int) -> list[Column]:
    common = lcm(denominator, *(column.denominator for column in columns))
    if common >= LARGEST:
        raise Unsuited
    return [column.over(common) for column in columns]


def total(columns: Sequence[Column], weights: Sequence[Fraction] | None = None) -> Column:
    """The sum, each times its weight; known where every column is."""
    if weights is not None:
        columns = [column.times(weight) for column, weight in zip(columns, weights, strict=True)]
    levelled = level(columns)
    numerators = levelled[0].numerators
    for column in levelled[1:]:
        numerators = fitting(numerators, column.numerators)
    return Column(numerators, levelled[0].denominator, everywhere(columns))


def best(columns: Sequence[Column], count: int) -> Column:
    """The sum of the highest so many; known where every column is."""
    levelled = level(columns)
    ordered = np.sort(np.stack([column.numerators for column in levelled]), axis=0)[len(columns) - count :]
    if largest(ordered) * count >= LARGEST:
        raise Unsuited
    return Column(ordered.sum(axis=0), levelled[0].denominator, everywhere(columns))


def everywhere(columns: Sequence[Column]) -> Flags:
    known: Flags = np.logical_and.reduce([column.known for column in columns])
    return known


def of_fractions(values: Sequence[Fraction | None]) -> Column:
    """A column of values that came from elsewhere."""
    common = lcm(*{value.denominator for value in values if value is not None})
    if common >= LARGEST:
        raise Unsuited
    numerators = [0 if value is None else value.numerator * (common // value.denominator) for value in values]
    if any(abs(numerator) >= LARGEST for numerator in numerators):
        raise Unsuited
    known = np.fromiter((value is not None for value in values), dtype=bool, count=len(values))
    return Column(np.array(numerators, dtype=np.int64), common, known)
