"""How far judges agree: Krippendorff's alpha, intraclass correlations, Kendall's W.

Source: docs/sources.md, judging §5.2 (formulas, and two published tables of marks with the results they must give). All
figures are exact fractions of the marks; None where a figure does not exist (nobody differs, too few marks).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product

from competition.rules.numbers import mean_of

_ZERO = Fraction(0)

Table = Mapping[str, Mapping[str, Fraction]]
"""Marks by what was marked (unit, performance), then by judge; who did not mark it is not in it."""


class Metric(StrEnum):
    """How far apart two marks are: as names, as ranks, as distances, as distances in proportion to their size."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def krippendorff_alpha(table: Table, metric: Metric = Metric.INTERVAL) -> Fraction | None:
    """α = 1 − (n − 1) Σ o(c,k) δ² ÷ Σ n(c) n(k) δ²: 1 is full agreement, 0 is what chance gives.

    Missing marks are allowed; a unit with a single mark is left out. None if fewer than two marks can be paired, or
    if all marks are equal, so that nothing tells agreement from chance.
    """
    units = [list(marks.values()) for marks in table.values() if len(marks) > 1]
    frequencies = Counter(mark for unit in units for mark in unit)
    total = sum(frequencies.values())
    distance = _distances(frequencies, metric)
    expected = sum(
        (
            frequencies[one] * frequencies[other] * distance[one, other]
            for one, other in product(frequencies, repeat=2)
        ),
        _ZERO,
    )
    if not expected:
        return None
    observed = sum((_disagreement(unit, distance) for unit in units), _ZERO)
    return 1 - (total - 1) * observed / expected


def _disagreement(
    unit: Sequence[Fraction], distance: Mapping[tuple[Fraction, Fraction], Fraction]
) -> Fraction:
    counted = Counter(unit)
    pairs = (
        counted[one] * (counted[other] - (one == other)) * distance[one, other]
        for one, other in product(counted, repeat=2)
    )
    return sum(pairs, _ZERO) / (len(unit) - 1)


def _distances(
    frequencies: Mapping[Fraction, int], metric: Metric
) -> dict[tuple[Fraction, Fraction], Fraction]:
    """δ² of every two marks that occur."""
    values = sorted(frequencies)
    if metric is Metric.ORDINAL:
        return _rank_distances(values, frequencies)
    return {(one, other): _distance(one, other, metric) for one, other in product(values, repeat=2)}


def _distance(one: Fraction, other: Fraction, metric: Metric) -> Fraction:
    if metric is Metric.NOMINAL:
        return Fraction(one != other)
    difference = (one - other) ** 2
    if metric is Metric.INTERVAL or not difference:
        return difference
    return difference / (one + other) ** 2 if one + other else Fraction(1)


def _rank_distances(
    values: Sequence[Fraction], frequencies: Mapping[Fraction, int]
) -> dict[tuple[Fraction, Fraction], Fraction]:
    upto: dict[Fraction, int] = {}
    running = 0
    for value in values:
        running += frequencies[value]
        upto[value] = running
    distances = {}
    for one, other in product(values, repeat=2):
        low, high = min(one, other), max(one, other)
        between = upto[high] - upto[low] + frequencies[low]
        distances[one, other] = (between - Fraction(frequencies[low] + frequencies[high], 2)) ** 2
    return distances


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """ICC of one judge and of the mean of all: (2,·) counts severity as disagreement, (3,·) does not."""

    single: Fraction | None
    mean: Fraction | None
    single_consistency: Fraction | None
    mean_consistency: Fraction | None


def intraclass_correlation(rows: Sequence[Sequence[Fraction]]) -> IntraclassCorrelation | None:
    """Shrout and Fleiss: ICC(2,1), ICC(2,k), ICC(3,1), ICC(3,k) of a complete table of n performances × k judges.

    None unless there are at least two of each. A correlation whose denominator is 0 is None.
    """
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < 2 or k < 2:
        return None
    overall = mean_of([mark for row in rows for mark in row])
    row_means = [mean_of(row) for row in rows]
    column_means = [mean_of([row[judge] for row in rows]) for judge in range(k)]
    between_rows = k * _squares(row_means, overall) / (n - 1)
    between_columns = n * _squares(column_means, overall) / (k - 1)
    everything = _squares([mark for row in rows for mark in row], overall)
    rest = (everything - between_rows * (n - 1) - between_columns * (k - 1)) / ((n - 1) * (k - 1))
    severity = (between_columns - rest) / n
    return IntraclassCorrelation(
        _ratio(between_rows - rest, between_rows + (k - 1) * rest + k * severity),
        _ratio(between_rows - rest, between_rows + severity),
        _ratio(between_rows - rest, between_rows + (k - 1) * rest),
        _ratio(between_rows - rest, between_rows),
    )


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W (1: all judges order alike) with the chi-square of n − 1 degrees of freedom."""

    w: Fraction
    chi_square: Fraction


def kendall_w(rows: Sequence[Sequence[Fraction]]) -> Concordance | None:
    """W = 12 S ÷ (m² (n³ − n) − m Σ (t³ − t)) of n performances × m judges, tied marks at the mean of their ranks.

    None unless there are at least two of each, or if no judge tells any two performances apart.
    """
    n, m = len(rows), len(rows[0]) if rows else 0
    if n < 2 or m < 2:
        return None
    columns = [[row[judge] for row in rows] for judge in range(m)]
    ranks = [mid_ranks(column) for column in columns]
    sums = [sum((rank[row] for rank in ranks), _ZERO) for row in range(n)]
    ties = sum(count**3 - count for column in columns for count in Counter(column).values())
    possible = m * m * (n**3 - n) - m * ties
    if not possible:
        return None
    w = 12 * _squares(sums, mean_of(sums)) / possible
    return Concordance(w, m * (n - 1) * w)


def mid_ranks(values: Sequence[Fraction]) -> list[Fraction]:
    """The rank of each value, 1 for the lowest; equal values share the mean of their ranks."""
    places: dict[Fraction, list[int]] = defaultdict(list)
    for rank, value in enumerate(sorted(values), start=1):
        places[value].append(rank)
    return [Fraction(sum(places[value]), len(places[value])) for value in values]


def complete_rows(table: Table) -> tuple[tuple[str, ...], list[list[Fraction]]]:
    """The judges who marked everything of the largest common part, and the rows that all of them marked.

    Judges who marked fewer than half of the units are left out first; then only rows with all remaining judges count.
    """
    marked = Counter(judge for marks in table.values() for judge in marks)
    judges = tuple(sorted(judge for judge, count in marked.items() if 2 * count >= len(table)))
    rows = [[marks[judge] for judge in judges] for marks in table.values() if marks.keys() >= set(judges)]
    return judges, rows


def _squares(values: Iterable[Fraction], around: Fraction) -> Fraction:
    return sum(((value - around) ** 2 for value in values), _ZERO)


def _ratio(numerator: Fraction, denominator: Fraction) -> Fraction | None:
    return numerator / denominator if denominator else None
